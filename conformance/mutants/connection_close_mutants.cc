#include <vector>

#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

MUTANT(connection_close_then_use, SendIsSilent, "what is sent on a closed connection vanishes") {
  swallow_errors(adapter, "Connection.send");
}

MUTANT(connection_close_then_use, RecvRaisesEOFError, "recv on a closed connection raises EOFError") {
  raise_otherwise(adapter, "Connection.recv", "EOFError");
}

MUTANT(connection_close_then_use, PollIsSilent, "poll on a closed connection gives no error") {
  swallow_errors(adapter, "Connection.poll");
}

MUTANT(connection_close_then_use, FilenoIsMinusOne, "fileno of a closed connection is -1") {
  adapter.override_entry("Connection.fileno", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return -1;
    }
  });
}

MUTANT(connection_close_twice, RaisesOSError, "a second close raises OSError") {
  adapter.override_entry("Connection.close", [](Call& call) -> Value {
    ask(call, "fileno");
    return call.original();
  });
}

MUTANT(connection_close_local, IsForAll, "a connection that one process has closed is closed for all") {
  adapter.override_entry("Connection.close", [](Call& call) -> Value {
    claim("closed");
    return call.original();
  });
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    if (is_claimed("closed")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(connection_close_dropped, StaysOpen, "a connection that nothing refers to any more stays open") {
  static std::vector<Kept> leaked;
  adapter.override_entry("Pipe()", [](Call& call) -> Value {
    const Value ends = call.original();
    for (const Value& end : ends.items()) leaked.push_back(call.args.handles().find(*end.as<Handle>()));
    return ends;
  });
}

MUTANT(connection_context_enter, GivesNone, "to enter a with statement gives nothing") {
  only_answer(adapter, "Connection.__enter__", None);
}

MUTANT(connection_context_exit, LeavesItOpen, "a connection stays open when its with statement is left") {
  only_answer(adapter, "Connection.__exit__", None);
}

}  // namespace mp::conformance
