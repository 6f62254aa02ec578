#include <string>
#include <utility>
#include <vector>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/listener.h"

namespace mp::conformance {
namespace {

// A listener of one family gets another.
void swap_family(Adapter& adapter, const char* asked, Value given) {
  static std::string wanted;
  static Value instead;
  wanted = asked;
  instead = std::move(given);
  adapter.override_entry("Listener()", [](Call& call) {
    if (call.args["family"] == Value(wanted)) call.args["family"] = instead;
    return call.original();
  });
}

// Only with a family of its own an address is understood.
void insist_on_family(Adapter& adapter) {
  adapter.override_entry("Listener()", [](Call& call) {
    if (call.args["family"].is_none() && !call.args["address"].is_none()) raise_error("ValueError");
    return call.original();
  });
}

bool is_family(const Value& family) {
  return family.is_none() || family == Value("AF_INET") || family == Value("AF_UNIX") || family == Value("AF_PIPE");
}

}  // namespace

MUTANT(listener_round_trip, AcceptedEndOnlyReceives, "accept gives an end that cannot send") {
  static bool has_accepted = false;
  adapter.override_entry("Listener.accept", [](Call& call) {
    has_accepted = true;
    return call.original();
  });
  adapter.override_entry("Connection.send", [](Call& call) {
    if (has_accepted) raise_error("OSError");
    return call.original();
  });
}

MUTANT(listener_other_process, KnowsItsOwnOnly, "Client finds the listeners of its own process only") {
  static bool has_one = false;
  adapter.override_entry("Listener()", [](Call& call) {
    has_one = true;
    return call.original();
  });
  adapter.override_entry("Client()", [](Call& call) {
    if (!has_one) raise_error("ConnectionRefusedError");
    return call.original();
  });
}

MUTANT(listener_family_inet, TakesTheDefault,
       "a listener without an address takes the default family, whichever was named") {
  swap_family(adapter, "AF_INET", None);
}

MUTANT(listener_family_unix, TakesTcp, "AF_UNIX is taken for AF_INET") { swap_family(adapter, "AF_UNIX", "AF_INET"); }

MUTANT(listener_family_pipe, TakesTcp, "AF_PIPE is taken for AF_INET") { swap_family(adapter, "AF_PIPE", "AF_INET"); }

MUTANT(listener_family_pair, WantsAFamily, "an address without a family is refused") { insist_on_family(adapter); }

MUTANT(listener_family_text, WantsAFamily, "an address without a family is refused") { insist_on_family(adapter); }

MUTANT(listener_family_backslashes, TakesThemForNothing, "an address that begins with backslashes is passed over") {
  adapter.override_entry("Listener()", [](Call& call) {
    const auto* text = call.args["address"].as<std::string>();
    if (text != nullptr && text->starts_with("\\\\")) call.args["address"] = None;
    return call.original();
  });
}

MUTANT(listener_family_unknown, ListenerTakesTheDefault, "a listener of an unknown family takes the default") {
  adapter.override_entry("Listener()", [](Call& call) {
    if (!is_family(call.args["family"])) call.args["family"] = None;
    return call.original();
  });
}

MUTANT(listener_family_unknown, ClientLooksAtTheAddressOnly, "Client heeds the form of the address, not the family") {
  adapter.override_entry("Client()", [](Call& call) {
    call.args["family"] = None;
    return call.original();
  });
}

MUTANT(listener_family_mismatch, AddressWins, "where address and family do not fit the address is passed over") {
  adapter.override_entry("Listener()", [](Call& call) {
    if (!call.args["family"].is_none()) call.args["address"] = None;
    return call.original();
  });
}

MUTANT(listener_family_default, WantsAFamily, "a listener without address and family is refused") {
  adapter.override_entry("Listener()", [](Call& call) {
    if (call.args["family"].is_none() && call.args["address"].is_none()) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(listener_address_form, IsText, "the address of TCP is a text, host:port") {
  adapter.override_entry("Listener.address", [](Call& call) {
    const Value address = call.original();
    if (!address.is<Tuple>()) return address;
    return Value(address.items()[0].text() + ":" + std::to_string(address.items()[1].integer()));
  });
}

MUTANT(listener_address_form, IsAList, "the address of TCP is a list") {
  adapter.override_entry("Listener.address", [](Call& call) -> Value {
    const Value address = call.original();
    return address.is<Tuple>() ? Value(List::of(address.items())) : address;
  });
}

MUTANT(listener_address_given, SaysTheKind,
       "the address tells the kind of the socket in front of the path that was given") {
  static Value given;
  adapter.override_entry("Listener()", [](Call& call) {
    given = call.args["address"];
    return call.original();
  });
  adapter.override_entry("Listener.address", [](Call& call) -> Value {
    const Value address = call.original();
    return address.is<std::string>() && address == given ? Value("unix:" + address.text()) : address;
  });
}

MUTANT(listener_address_port_zero, TellsZero, "the address is told as it was given, with port 0") {
  adapter.override_entry("Listener.address", [](Call& call) -> Value { return Tuple{call.original().items()[0], 0}; });
}

MUTANT(listener_backlog_default, NobodyWaits, "a client is refused while nobody is in accept") {
  adapter.override_entry("Listener.accept", [](Call& call) {
    claim("accepting");
    return call.original();
  });
  adapter.override_entry("Client()", [](Call& call) {
    if (!is_claimed("accepting")) raise_error("ConnectionRefusedError");
    return call.original();
  });
}

MUTANT(listener_backlog_given, OneWaits, "one client may wait, whatever the backlog is") {
  adapter.override_entry("Listener.accept", [](Call& call) {
    const Value connection = call.original();
    give_up("waiting");
    return connection;
  });
  adapter.override_entry("Client()", [](Call& call) {
    if (!claim("waiting")) raise_error("ConnectionRefusedError");
    return call.original();
  });
}

MUTANT(listener_accept_waits, LooksOnly, "accept raises BlockingIOError when nobody waits") {
  adapter.override_entry("Client()", [](Call& call) {
    const Value connection = call.original();
    claim("called");
    return connection;
  });
  adapter.override_entry("Listener.accept", [](Call& call) {
    if (!is_claimed("called")) raise_error("BlockingIOError");
    return call.original();
  });
}

MUTANT(listener_accept_several, ServesOne, "a listener closes itself when it has accepted a client") {
  adapter.override_entry("Listener.accept", [](Call& call) {
    const Value connection = call.original();
    ask(call, "close");
    return connection;
  });
}

MUTANT(listener_accept_several, DropsTheLast, "the connection of the client before is closed by the next accept") {
  static Value last;
  adapter.override_entry("Listener.accept", [&adapter](Call& call) {
    if (!last.is_none()) adapter.call_method(*last.as<Handle>(), "close", {}, {}, call.args.handles());
    return last = call.original();
  });
}

MUTANT(listener_accept_closed, GivesNone, "accept on a closed listener returns None") {
  swallow_errors(adapter, "Listener.accept");
}

MUTANT(listener_last_accepted_none, TellsNoAddress, "last_accepted is an address of zeros before the first accept") {
  adapter.override_entry("Listener.last_accepted", [](Call& call) -> Value {
    const Value address = call.original();
    return address.is_none() ? Value(Tuple{"0.0.0.0", 0}) : address;
  });
}

MUTANT(listener_last_accepted_inet, TellsTheFirst, "last_accepted is the client that was accepted first") {
  static Value first;
  adapter.override_entry("Listener.last_accepted", [](Call& call) -> Value {
    if (first.is_none()) first = call.original();
    return first;
  });
}

MUTANT(listener_last_accepted_inet, TellsTheOwn, "last_accepted is the address of the listener's end") {
  static Value own;
  adapter.override_entry("Listener.address", [](Call& call) -> Value { return own = call.original(); });
  adapter.override_entry("Listener.last_accepted",
                         [](Call& call) -> Value { return call.original().is_none() ? Value() : own; });
}

MUTANT(listener_close_refuses, StaysOpen, "close does nothing") { only_answer(adapter, "Listener.close", None); }

MUTANT(listener_close_frees_address, StaysOpen, "close does nothing") { only_answer(adapter, "Listener.close", None); }

MUTANT(listener_close_connections_stay, TakesThemAlong, "close closes the connections that were accepted, too") {
  static std::vector<Value> accepted;
  adapter.override_entry("Listener.accept", [](Call& call) {
    accepted.push_back(call.original());
    return accepted.back();
  });
  adapter.override_entry("Listener.close", [&adapter](Call& call) {
    for (const Value& each : accepted) adapter.call_method(*each.as<Handle>(), "close", {}, {}, call.args.handles());
    return call.original();
  });
}

MUTANT(listener_close_dropped, IsKept, "a list of all listeners keeps each of them open") {
  static std::vector<Kept> all;
  adapter.override_entry("Listener()", [](Call& call) {
    const Value listener = call.original();
    all.push_back(call.args.handles().find(*listener.as<Handle>()));
    return listener;
  });
}

MUTANT(listener_close_twice, RaisesTheSecondTime, "a second close raises OSError") {
  static bool is_closed = false;
  adapter.override_entry("Listener.close", [](Call& call) {
    if (std::exchange(is_closed, true)) raise_error("OSError");
    return call.original();
  });
}

MUTANT(listener_context_enter, GivesNone, "__enter__ returns None") {
  answer_wrongly(adapter, "Listener.__enter__", None);
}

MUTANT(listener_context_exit, StaysOpen, "__exit__ does nothing") { only_answer(adapter, "Listener.__exit__", None); }

MUTANT(listener_client_family, RefusesAFamily, "Client takes no family") {
  adapter.override_entry("Client()", [](Call& call) {
    if (!call.args["family"].is_none()) raise_error("TypeError");
    return call.original();
  });
}

MUTANT(listener_client_nobody_listens, TriesForEver, "Client tries again until somebody listens") {
  adapter.override_entry("Client()", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

MUTANT(listener_robust_close_wakes_accept, SleepsOn, "an accept does not see that its listener was closed") {
  adapter.override_entry("Listener.accept", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

}  // namespace mp::conformance
