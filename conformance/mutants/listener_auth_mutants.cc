#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/mutants/mutant.h"
#include "spec/clauses/listener.h"

namespace mp::conformance {
namespace {

// What is done to each key before anybody uses it.
void change_keys(Adapter& adapter, std::initializer_list<const char*> entries, Value (*change)(const Value& key)) {
  for (const char* const entry : entries) {
    adapter.override_entry(entry, [change](Call& call) {
      call.args["authkey"] = change(call.args["authkey"]);
      return call.original();
    });
  }
}

// A listener that met one client that it did not like is of no more use.
void close_after_error(Adapter& adapter) {
  adapter.override_entry("Listener.accept", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      ask(call, "close");
      throw;
    }
  });
}

// A client that has no key, and so says nothing, holds up accept for ever.
void wait_for_the_silent(Adapter& adapter) {
  adapter.override_entry("Client()", [](Call& call) {
    if (call.args["authkey"].is_none()) claim("silent");
    return call.original();
  });
  adapter.override_entry("Listener.accept", [](Call& call) {
    if (is_claimed("silent")) sleep_for_ever();
    return call.original();
  });
}

void wait_instead_of_raising(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

// A method of the connection that the first argument of a function is.
Value of_connection(Call& call, const std::string& method, const Values& args = {}) {
  return adapter().call_method(*call.args["connection"].as<Handle>(), method, args, {}, call.args.handles());
}

}  // namespace

MUTANT(listener_client_waits, GivesUpAtOnce, "a client with a key is refused when nobody accepts yet") {
  adapter.override_entry("Listener.accept", [](Call& call) {
    claim("accepting");
    return call.original();
  });
  adapter.override_entry("Client()", [](Call& call) {
    if (!is_claimed("accepting")) raise_error("AuthenticationError");
    return call.original();
  });
}

MUTANT(listener_auth_equal_keys, ClientAddsALine, "the client's key is taken with the end of a line behind it") {
  change_keys(adapter, {"Client()"},
              [](const Value& key) { return key.is_none() ? key : Value(Bytes(key.bytes() + "\n")); });
}

MUTANT(listener_auth_wrong_key_client, NeverLooks, "Client does not look whether its proof was accepted") {
  adapter.override_entry("Client()", [&adapter](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return adapter.make_object("Pipe", {}, {}, call.args.handles()).items()[0];
    }
  });
}

MUTANT(listener_auth_wrong_key_class, IsALookupError, "a wrong key raises an error of another family") {
  raise_another(adapter, "Client()", "KeyError");
}

MUTANT(listener_auth_wrong_key_client, RaisesEOFError, "Client sees nothing but a closed connection") {
  adapter.override_entry("Client()", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      raise_error("EOFError");
    }
  });
}

MUTANT(listener_auth_wrong_key_accept, WaitsForTheNext, "accept passes over whoever has a wrong key") {
  adapter.override_entry("Listener.accept", [](Call& call) -> Value {
    for (;;) {
      try {
        return call.original();
      } catch (const std::exception&) {
      }
    }
  });
}

MUTANT(listener_auth_wrong_key_goes_on, ClosesItself, "a listener is closed by a client with a wrong key") {
  close_after_error(adapter);
}

MUTANT(listener_auth_no_proof, NeverAsks, "a listener with a key accepts everybody") {
  change_keys(adapter, {"Listener()"}, [](const Value&) { return Value(); });
}

MUTANT(listener_auth_none, HasOneOfItsOwn, "a listener without a key takes one of its own") {
  change_keys(adapter, {"Listener()"}, [](const Value& key) { return key.is_none() ? Value(Bytes("its own")) : key; });
}

MUTANT(listener_auth_mutual, ClientBelieves, "Client gives its proof and asks for none") {
  adapter.override_entry("Client()", [&adapter](Call& call) {
    const Value key = std::exchange(call.args["authkey"], None);
    const Value connection = call.original();
    if (!key.is_none()) adapter.call_function("answer_challenge", {connection, key}, {}, call.args.handles());
    return connection;
  });
}

MUTANT(listener_auth_empty_key, IsNoneToTheListener, "a listener takes an empty key for none") {
  change_keys(adapter, {"Listener()"}, [](const Value& key) { return key == Value(Bytes("")) ? Value() : key; });
}

MUTANT(listener_auth_key_length, CutsLongOnes, "of a key the first 64 bytes count") {
  change_keys(adapter, {"Listener()", "Client()"},
              [](const Value& key) { return key.is_none() ? key : Value(Bytes(key.bytes().substr(0, 64))); });
}

MUTANT(listener_auth_key_length, RefusesLongOnes, "a key of more than 64 bytes is refused") {
  change_keys(adapter, {"Listener()"}, [](const Value& key) -> Value {
    if (!key.is_none() && key.bytes().size() > 64) raise_error("ValueError");
    return key;
  });
}

MUTANT(listener_auth_key_type, TakesTexts, "a text is taken for its bytes") {
  change_keys(adapter, {"Listener()", "Client()"},
              [](const Value& key) { return key.is<std::string>() ? Value(Bytes(key.text())) : key; });
}

MUTANT(listener_auth_key_stays_home, SendsIt, "answer_challenge sends the key for a proof") {
  adapter.override_entry("answer_challenge", [](Call& call) -> Value {
    of_connection(call, "recv_bytes");
    of_connection(call, "send_bytes", {call.args["authkey"]});
    of_connection(call, "recv_bytes");
    return None;
  });
}

MUTANT(listener_deliver_challenge_right, WelcomesNobody,
       "deliver_challenge is content with a right digest and says nothing") {
  adapter.override_entry("deliver_challenge", [](Call& call) -> Value {
    of_connection(call, "send_bytes", {Bytes("#CHALLENGE#twenty random bytes!")});
    of_connection(call, "recv_bytes");
    return None;
  });
}

MUTANT(listener_deliver_challenge_random, AlwaysTheSame, "deliver_challenge sends the same message each time") {
  adapter.override_entry("deliver_challenge", [](Call& call) -> Value {
    of_connection(call, "send_bytes", {Bytes("#CHALLENGE#twenty random bytes!")});
    of_connection(call, "recv_bytes");
    raise_error("AuthenticationError");
  });
}

MUTANT(listener_deliver_challenge_wrong, TakesAnything, "deliver_challenge returns whatever the reply is") {
  swallow_errors(adapter, "deliver_challenge");
}

MUTANT(listener_answer_challenge_not_welcome, TakesAnything, "answer_challenge does not look at what comes back") {
  swallow_errors(adapter, "answer_challenge");
}

MUTANT(listener_robust_silent_client, IsWaitedFor, "accept speaks with one client after another, and waits for each") {
  wait_for_the_silent(adapter);
}

MUTANT(listener_robust_silent_client_alone, IsWaitedFor, "accept waits for a silent client as long as that is there") {
  wait_for_the_silent(adapter);
}

MUTANT(listener_robust_garbage, ClosesItself, "a listener is closed by a client that sends something odd") {
  close_after_error(adapter);
}

MUTANT(listener_robust_dead_client, ClosesItself,
       "a listener is closed by a client that dies while it proves its key") {
  close_after_error(adapter);
}

MUTANT(listener_robust_dead_listener, WaitsOn, "Client does not see that the listener's process has died") {
  wait_instead_of_raising(adapter, "Client()");
}

MUTANT(listener_robust_key_on_client_only, WaitsOn, "Client waits for a challenge for ever") {
  wait_instead_of_raising(adapter, "Client()");
}

}  // namespace mp::conformance
