#include <atomic>
#include <cstdlib>
#include <string>

#include "conformance/mutants/process_mistakes.h"
#include "spec/clauses/process.h"

namespace mp::conformance {
namespace {

// Once a process was ended that way, all others but the main process leave as soon as they have something to do.
void take_descendants_along(Adapter& adapter, const std::string& entry) {
  adapter.override_entry(entry, [](Call& call) {
    claim("ended");
    return call.original();
  });
  adapter.override_entry("current_process", [](Call& call) {
    if (!in_main_process() && is_claimed("ended")) std::_Exit(1);
    return call.original();
  });
}

}  // namespace

MUTANT(process_terminate_ends, DoesNothing, "terminate does nothing") { only_answer(adapter, "Process.terminate", None); }

MUTANT(process_terminate_sigterm, Kills, "terminate sends SIGKILL") {
  adapter.override_entry("Process.terminate", [](Call& call) { return ask(call, "kill"); });
}

MUTANT(process_terminate_does_not_wait, WaitsForTheEnd, "terminate joins the process") {
  adapter.override_entry("Process.terminate", [](Call& call) {
    call.original();
    return ask(call, "join");
  });
}

MUTANT(process_terminate_no_clean_up, EndsDaemons, "a process that is terminated ends its daemonic children first") {
  take_descendants_along(adapter, "Process.terminate");
}

MUTANT(process_terminate_orphans, EndsThem, "terminate ends the process and all that it started") {
  take_descendants_along(adapter, "Process.terminate");
}

MUTANT(process_terminate_ended, IsAnError, "terminate of a process that has ended is an OSError") {
  adapter.override_entry("Process.terminate", [](Call& call) -> Value {
    if (ask(call, "is_alive") == Value(false)) raise_error("OSError");
    return call.original();
  });
}

MUTANT(process_kill_ends, DoesNothing, "kill does nothing") { only_answer(adapter, "Process.kill", None); }

MUTANT(process_kill_sigkill, Terminates, "kill sends SIGTERM") {
  adapter.override_entry("Process.kill", [](Call& call) { return ask(call, "terminate"); });
}

MUTANT(process_kill_orphans, EndsThem, "kill ends the process and all that it started") { take_descendants_along(adapter, "Process.kill"); }

MUTANT(process_close_ended, IsRefused, "a process that has ended cannot be closed") { always_raise(adapter, "Process.close", "ValueError"); }

MUTANT(process_close_unjoined, NeedsAJoin, "a process that nobody joined cannot be closed") {
  static std::atomic<bool> joined{false};
  adapter.override_entry("Process.join", [](Call& call) {
    joined = true;
    return call.original();
  });
  adapter.override_entry("Process.close", [](Call& call) -> Value {
    if (!joined) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(process_close_running, SaysNothing, "close of a running process raises nothing") { swallow_errors(adapter, "Process.close"); }

MUTANT(process_close_running_goes_on, KillsIt, "a close that is refused kills the process") {
  adapter.override_entry("Process.close", [](Call& call) {
    if (ask(call, "is_alive") == Value(true)) {
      ask(call, "kill");
      raise_error("ValueError");
    }
    return call.original();
  });
}

MUTANT(process_close_methods, SayNothing, "a closed process can be asked whether it is alive") { swallow_errors(adapter, "Process.is_alive"); }

MUTANT(process_close_attributes, AreNone, "a closed process has the exit code None") { swallow_errors(adapter, "Process.exitcode"); }

MUTANT(process_close_unstarted, IsRefused, "a process that was not started cannot be closed") {
  always_raise(adapter, "Process.close", "ValueError");
}

MUTANT(process_close_twice, IsRefused, "a second close is a ValueError") {
  static std::atomic<int> closed{0};
  adapter.override_entry("Process.close", [](Call& call) -> Value {
    if (++closed > 1) raise_error("ValueError");
    return call.original();
  });
}

}  // namespace mp::conformance
