#include <atomic>
#include <optional>
#include <utility>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

// An end of a pipe whose other end is closed, in the place of each object.
Value of_another_pipe(const Value& object, Handles& handles) {
  if (!object.is<Handle>()) return object;
  const Values ends = adapter().make_object("Pipe", {}, {}, handles).items();
  handles.drop(*ends[1].as<Handle>());
  return ends[0];
}

// Processes are given such ends.
void give_other_pipes(Adapter& adapter) {
  call_otherwise(adapter, "Process()", [](Args& args) {
    Values items;
    for (const Value& item : args["args"].items()) items.push_back(of_another_pipe(item, args.handles()));
    args["args"] = Tuple::of(std::move(items));
    Dict kwargs;
    if (const Dict* given = args["kwargs"].as<Dict>()) kwargs = *given;
    for (auto& [name, item] : kwargs.items) item = of_another_pipe(item, args.handles());
    args["kwargs"] = std::move(kwargs);
  });
}

void make_pipes(Adapter& adapter, bool duplex) {
  call_otherwise(adapter, "Pipe()", [duplex](Args& args) { args["duplex"] = duplex; });
}

}  // namespace

MUTANT(connection_pipe_default_duplex, IsSimplex, "a Pipe made without argument works one way") {
  make_pipes(adapter, false);
}

MUTANT(connection_pipe_duplex, IsSimplex, "a Pipe works one way whatever is asked for") { make_pipes(adapter, false); }

MUTANT(connection_pipe_simplex, TheFirstSends, "of a one-way Pipe the first end sends and the second receives") {
  return_otherwise(adapter, "Pipe()", [](const Value& ends) { return Tuple{ends.items()[1], ends.items()[0]}; });
}

MUTANT(connection_pipe_simplex_first_cannot_send, IsDuplex, "a Pipe works both ways whatever is asked for") {
  make_pipes(adapter, true);
}

MUTANT(connection_pipe_simplex_second_cannot_receive, GivesNothing, "the second end receives None") {
  for (const char* entry : {"Connection.recv", "Connection.recv_bytes", "Connection.recv_bytes_into"}) {
    swallow_errors(adapter, entry);
  }
}

MUTANT(connection_pipe_simplex_second_cannot_poll, GivesFalse, "of the second end poll is False") {
  adapter.override_entry("Connection.poll", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return false;
    }
  });
}

MUTANT(connection_pipe_ends_differ, ComesBack, "what an end sends can also be seen at that end") {
  static std::atomic<bool> sent{false};
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    sent = true;
    return call.original();
  });
  adapter.override_entry("Connection.poll", [](Call&) -> Value { return sent.load(); });
}

MUTANT(connection_pipe_to_child, IsOfAnotherPipe, "a child gets an end of a pipe of its own") {
  give_other_pipes(adapter);
}

MUTANT(connection_pipe_between_children, NeedTheParent,
       "when the parent closes its ends, those of its children are useless") {
  adapter.override_entry("Connection.close", [](Call& call) -> Value {
    if (in_main_process()) claim("closed");
    return call.original();
  });
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    if (is_claimed("closed")) raise_error("BrokenPipeError");
    return call.original();
  });
}

MUTANT(connection_pipe_both_ways_at_once, SharesABuffer,
       "a process has one buffer for what it sends and what it receives") {
  static std::optional<Value> buffer;
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    buffer = call.args["obj"];
    return call.original();
  });
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    const Value received = call.original();
    return buffer.value_or(received);
  });
}

// ---- A connection inside a message

MUTANT(connection_transfer, IsOfAnotherPipe, "what arrives is an end of another pipe") {
  adapter.override_entry("Connection.recv",
                         [](Call& call) { return of_another_pipe(call.original(), call.args.handles()); });
}

MUTANT(connection_transfer_sender_closes, IsBorrowed,
       "what arrives is of use as long as the sender keeps its own open") {
  static std::atomic<bool> lent{false};
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    if (is_claimed("gone")) raise_error("OSError");
    if (call.args["obj"].is<Handle>()) lent = true;
    return call.original();
  });
  adapter.override_entry("Connection.close", [](Call& call) -> Value {
    if (lent) claim("gone");
    return call.original();
  });
}

}  // namespace mp::conformance
