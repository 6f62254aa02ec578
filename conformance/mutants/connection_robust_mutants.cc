#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

// A large object is written piece by piece, and its writer waits for the reader in the middle of it.
MUTANT(connection_robust_cut_message, WaitsForTheRest, "a receive waits for the rest of a message, whoever lives") {
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    if (!sends_large(call)) return call.original();
    claim("half");
    sleep_for_ever();
  });
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    if (is_claimed("half")) sleep_for_ever();
    return call.original();
  });
}

MUTANT(connection_robust_cut_message, GivesWhatCame, "a message that was cut is received as far as it came") {
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return "xxxxxxxx";
    }
  });
}

MUTANT(connection_robust_dead_reader, WaitsForRoom, "a send waits for room, whoever lives") {
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    if (sends_large(call)) sleep_for_ever();
    return call.original();
  });
}

MUTANT(connection_robust_dead_reader, IsSilent, "what a dead reader did not take vanishes without an error") {
  swallow_errors(adapter, "Connection.send");
}

}  // namespace mp::conformance
