#include "conformance/adapters/cpp/recorder.h"
#include "conformance/mutants/mutant.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {
namespace {

Value evaluate(Call& call) { return (*call.args.object<Recorder>("predicate"))({}); }

bool is_true(const Value& value) { return value != Value(false) && value != Value(0) && !value.is_none(); }

}  // namespace

MUTANT(condition_wait_for_value, GivesTrue, "wait_for returns whether the predicate is true, not its value") {
  adapter.override_entry("Condition.wait_for", [](Call& call) -> Value { return is_true(call.original()); });
}

MUTANT(condition_wait_for_already_true, AsksTwice, "wait_for asks a predicate that is true at first once more") {
  adapter.override_entry("Condition.wait_for", [](Call& call) {
    call.original();
    return call.original();
  });
}

MUTANT(condition_wait_for_already_true, WaitsFirst, "wait_for waits before it asks for the first time") {
  adapter.override_entry("Condition.wait_for", [](Call& call) {
    ask(call, "wait");
    return call.original();
  });
}

MUTANT(condition_wait_for_waits, GivesUpAtOnce, "wait_for asks once and returns") {
  never_wait(adapter, "Condition.wait_for");
}

MUTANT(condition_wait_for_rechecks, EndsAtTheFirstNotify, "wait_for waits for one notify only") {
  adapter.override_entry("Condition.wait_for", [](Call& call) -> Value {
    if (const Value value = evaluate(call); is_true(value)) return value;
    ask(call, "wait");
    return evaluate(call);
  });
}

MUTANT(condition_wait_for_releases_lock, KeepsIt, "wait_for keeps the lock") {
  adapter.override_entry("Condition.wait_for", [](Call&) -> Value { sleep_for_ever(); });
}

MUTANT(condition_wait_for_holds_lock_again, ReturnsWithoutIt, "wait_for returns without the lock") {
  adapter.override_entry("Condition.wait_for", [](Call& call) {
    const Value value = call.original();
    ask(call, "release");
    return value;
  });
}

MUTANT(condition_wait_for_error, IsTakenForFalse, "an error of the predicate is not passed on") {
  swallow_errors(adapter, "Condition.wait_for");
}

MUTANT(condition_wait_for_error, FreesTheLock, "an error of the predicate leaves the lock free") {
  adapter.override_entry("Condition.wait_for", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      ask(call, "release");
      throw;
    }
  });
}

MUTANT(condition_wait_for_needs_lock, SaysNothing, "wait_for without the lock returns at once, without an error") {
  swallow_errors(adapter, "Condition.wait_for");
}

MUTANT(condition_wait_for_timeout_gives_last, GivesFalse, "when the time is over, wait_for returns False") {
  adapter.override_entry("Condition.wait_for", [](Call& call) -> Value {
    const Value value = call.original();
    return is_true(value) ? value : Value(false);
  });
}

MUTANT(condition_wait_for_timeout_not_before, GivesUpEarly, "wait_for gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Condition.wait_for", 0.9);
}

MUTANT(condition_wait_for_timeout_within, WaitsThreeTimes, "wait_for takes three times its timeout") {
  stretch_timeout(adapter, "Condition.wait_for", 3);
}

MUTANT(condition_wait_for_timeout_total, BeginsAnew, "the timeout of wait_for begins anew with each notify") {
  adapter.override_entry("Condition.wait_for", [](Call& call) -> Value {
    Value value = evaluate(call);
    while (!is_true(value) && ask(call, "wait", {call.args["timeout"]}) == Value(true)) value = evaluate(call);
    return value;
  });
}

}  // namespace mp::conformance
