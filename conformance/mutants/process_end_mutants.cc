#include <atomic>

#include "conformance/mutants/process_mistakes.h"
#include "spec/clauses/process.h"

namespace mp::conformance {

MUTANT(process_join_waits, ReturnsAtOnce, "join does not wait") { never_wait(adapter, "Process.join"); }

MUTANT(process_join_timeout_none, TakesItForZero, "a timeout of None is taken for zero") { take_none_for_zero(adapter, "Process.join"); }

MUTANT(process_join_timeout_not_before, GivesUpEarly, "join gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Process.join", 0.9);
}

MUTANT(process_join_timeout_within, WaitsThreeTimes, "join waits three times its timeout") { stretch_timeout(adapter, "Process.join", 3); }

MUTANT(process_join_timeout_ended_in_time, SleepsThrough, "join looks at the child when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Process.join");
}

MUTANT(process_join_timeout_zero_or_negative, TakesZeroForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Process.join");
}

MUTANT(process_join_timeout_zero_or_negative, TakesNegativeForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Process.join");
}

MUTANT(process_join_gives_none_ended, GivesTrue, "join returns True when the child has ended") {
  answer_wrongly(adapter, "Process.join", true);
}

MUTANT(process_join_gives_none_late, GivesFalse, "join returns False when the time is over") {
  adapter.override_entry("Process.join", [](Call& call) -> Value {
    call.original();
    return ask(call, "is_alive") == Value(true) ? Value(false) : Value();
  });
}

MUTANT(process_join_child_runs_on, KillsTheLate, "a join that gives up kills the child") {
  adapter.override_entry("Process.join", [](Call& call) {
    call.original();
    return ask(call, "kill");
  });
}

MUTANT(process_join_many_times, OnlyOnce, "a second join is an error, as with threads of C++") {
  static std::atomic<int> joined{0};
  adapter.override_entry("Process.join", [](Call& call) -> Value {
    if (++joined > 1) raise_error("AssertionError");
    return call.original();
  });
}

MUTANT(process_join_before_start, SaysNothing, "join of a process that was not started raises nothing") {
  swallow_errors(adapter, "Process.join");
}

MUTANT(process_join_self, SaysNothing, "a process that joins itself is told nothing") { swallow_errors(adapter, "Process.join"); }

MUTANT(process_robust_concurrent_joins, OneFindsNone, "who reads the exit code first finds None") {
  static std::atomic<int> asked{0};
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return ++asked == 1 ? Value() : code; });
}

MUTANT(process_robust_joins_of_one, WakesOne, "only one of the threads that join a child is woken") {
  static std::atomic<int> joined{0};
  answer_otherwise(adapter, "Process.join", [](const Value& answer) {
    if (++joined > 1) sleep_for_ever();
    return answer;
  });
}

MUTANT(process_is_alive_before_start, IsTrue, "a process that was not started is alive") {
  answer_wrongly(adapter, "Process.is_alive", true);
}

MUTANT(process_is_alive_running, IsFalse, "a running process is not alive") { answer_wrongly(adapter, "Process.is_alive", false); }

MUTANT(process_is_alive_ended, IsTrueUntilJoin, "a process is alive until it is joined") { only_answer(adapter, "Process.is_alive", true); }

MUTANT(process_is_alive_joins, OnlyRemembers, "is_alive tells what was known before, and asks nobody") {
  only_answer(adapter, "Process.is_alive", true);
}

MUTANT(process_exitcode_before_start, IsZero, "the exit code is 0 in the beginning") {
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return code.is_none() ? Value(0) : code; });
}

MUTANT(process_exitcode_running, IsZero, "the exit code of a running process is 0") {
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return code.is_none() ? Value(0) : code; });
}

MUTANT(process_exitcode_returned, IsNone, "who did not call exit has no exit code") {
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return code == Value(0) ? Value() : code; });
}

MUTANT(process_exitcode_return_value, IsTheCode, "an integer that the target returns is the exit code") {
  make_otherwise(adapter, [](Args& args) {
    if (args["target"].is<Function>() && args["target"].as<Function>()->name == "echo") args["target"] = Function{"exit"};
  });
}

MUTANT(process_exitcode_exit_integer, IsZeroOrOne, "the exit code only tells success from failure") {
  answer_otherwise(adapter, "Process.exitcode",
                   [](const Value& code) { return code.is_none() || code == Value(0) ? code : Value(1); });
}

MUTANT(process_exitcode_exit_none, IsOne, "exit with None is a failure") {
  make_otherwise(adapter, [](Args& args) {
    if (args["args"].items().front().is_none()) args["args"] = Tuple{1};
  });
}

MUTANT(process_exitcode_exit_text, IsZero, "exit with a text is a success") {
  make_otherwise(adapter, [](Args& args) {
    if (args["args"].items().front().is<std::string>()) args["args"] = Tuple{0};
  });
}

MUTANT(process_exitcode_error, IsZero, "an error that nobody caught is printed, and forgotten") {
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return code == Value(1) ? Value(0) : code; });
}

MUTANT(process_exitcode_signal, IsThatOfAShell, "a child that signal N ended has the exit code 128 + N") {
  answer_otherwise(adapter, "Process.exitcode",
                   [](const Value& code) { return !code.is_none() && code < Value(0) ? Value(128 - code.integer()) : code; });
}

MUTANT(process_exitcode_one_byte, IsTheLargest, "an exit code above 255 becomes 255") {
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return code.is_none() ? code : Value(255); });
}

MUTANT(process_exitcode_unjoined, ComesWithJoin, "without a join the exit code stays None") {
  static std::atomic<bool> joined{false};
  answer_otherwise(adapter, "Process.join", [](const Value& answer) {
    joined = true;
    return answer;
  });
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return joined ? code : Value(); });
}

MUTANT(process_exitcode_after_join, ComesLater, "the first look at the exit code after a join finds None") {
  static std::atomic<int> asked{0};
  answer_otherwise(adapter, "Process.exitcode", [](const Value& code) { return ++asked == 1 ? Value() : code; });
}

MUTANT(process_sentinel_running, IsAlwaysReady, "the sentinel is ready from the beginning") {
  adapter.override_entry("wait", [](Call& call) { return call.args["object_list"]; });
}

MUTANT(process_sentinel_ended, IsNeverReady, "who waits for the sentinel is woken, but the sentinel is not ready") {
  answer_wrongly(adapter, "wait", List{});
}

MUTANT(process_sentinel_killed, KnowsGoodEnds, "the sentinel is not ready after a kill") { answer_wrongly(adapter, "wait", List{}); }

MUTANT(process_sentinel_stays_ready, IsReadyOnce, "the sentinel is ready for one who looks") {
  static std::atomic<int> asked{0};
  answer_otherwise(adapter, "wait", [](const Value& ready) { return ++asked > 1 ? Value(List{}) : ready; });
}

MUTANT(process_sentinel_grandchild_runs_on, IsHeldOpen, "the sentinel is not ready while a grandchild lives") {
  only_answer(adapter, "wait", List{});
}

}  // namespace mp::conformance
