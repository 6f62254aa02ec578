#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

// All processes know who has closed an end.
void note_closes(Adapter& adapter) {
  adapter.override_entry("Connection.close", [](Call& call) -> Value {
    claim(in_main_process() ? "closed" : "closed-by-a-child");
    return call.original();
  });
}

}  // namespace

MUTANT(connection_recv_waits, TakesItForTheEnd, "recv raises EOFError when there is nothing yet") {
  take_idle_for_ended(adapter, "Connection.recv");
}

MUTANT(connection_recv_eof, RaisesOSError, "recv raises OSError at the end") {
  raise_otherwise(adapter, "Connection.recv", "OSError");
}

MUTANT(connection_recv_eof, GivesNone, "recv returns None at the end") { swallow_errors(adapter, "Connection.recv"); }

MUTANT(connection_recv_eof_while_waiting, GivesNone, "a recv that the end wakes finds no message and returns None") {
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    const bool waits = is_idle(call);
    try {
      return call.original();
    } catch (const std::exception&) {
      if (!waits) throw;
      return None;
    }
  });
}

MUTANT(connection_recv_data_before_eof, EndsAtOnce, "the close of the other end drops the messages that wait") {
  note_closes(adapter);
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    if (is_claimed("closed") || is_claimed("closed-by-a-child")) raise_error("EOFError");
    return call.original();
  });
}

MUTANT(connection_recv_eof_at_death, GivesNone, "the end of a process that closed nothing makes recv return None") {
  note_closes(adapter);
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      if (is_claimed("closed-by-a-child")) throw;
      return None;
    }
  });
}

MUTANT(connection_recv_eof_needs_every_copy, EndsWithTheFirst,
       "the first child that closes its copy ends the connection") {
  note_closes(adapter);
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    for (; is_idle(call); sleep_seconds(0.001)) {
      if (is_claimed("closed-by-a-child")) raise_error("EOFError");
    }
    return call.original();
  });
}

MUTANT(connection_recv_eof_again, OnlyOnce, "after EOFError recv returns None") {
  static bool ended = false;
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    if (ended) return None;
    try {
      return call.original();
    } catch (const std::exception&) {
      ended = true;
      throw;
    }
  });
}

MUTANT(connection_recv_stopped, IsInterrupted, "a recv that waits is interrupted by a stop of its process") {
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    for (was_stopped(); is_idle(call); sleep_seconds(0.001)) {
      if (was_stopped()) raise_error("OSError");
    }
    return call.original();
  });
}

}  // namespace mp::conformance
