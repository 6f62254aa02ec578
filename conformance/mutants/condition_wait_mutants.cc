#include "conformance/mutants/mutant.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {
namespace {

// Something is done after each wait.
void after_wait(Adapter& adapter, void (*what)(Call& call, const Value& notified)) {
  adapter.override_entry("Condition.wait", [what](Call& call) -> Value {
    const Value notified = call.original();
    what(call, notified);
    return notified;
  });
}

bool has_timeout(Call& call) { return !call.args["timeout"].is_none() && call.args["timeout"].number() > 0; }

}  // namespace

MUTANT(condition_wait_blocks, GivesUpAtOnce, "a wait returns at once") { never_wait(adapter, "Condition.wait"); }

MUTANT(condition_wait_releases_lock, KeepsIt, "a wait keeps the lock") {
  adapter.override_entry("Condition.wait", [](Call&) -> Value { sleep_for_ever(); });
}

MUTANT(condition_wait_releases_all_levels, ReleasesOne, "a wait gives up one level of a recursive lock") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    ask(call, "release");
    sleep_for_ever();
  });
}

MUTANT(condition_wait_restores_levels, RestoresOne, "after a wait a recursive lock has one level") {
  thread_local int level = 0;
  adapter.override_entry("Condition.acquire", [](Call& call) {
    ++level;
    return call.original();
  });
  after_wait(adapter, [](Call& call, const Value&) {
    for (; level > 1; --level) ask(call, "release");
  });
}

MUTANT(condition_wait_holds_lock_again, ReturnsWithoutIt, "a wait returns without the lock") {
  after_wait(adapter, [](Call& call, const Value&) { ask(call, "release"); });
}

MUTANT(condition_wait_atomic, LeavesAGap, "between releasing the lock and waiting there is a moment") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    ask(call, "release");
    sleep_seconds(0.002);
    ask(call, "acquire");
    return call.original();
  });
}

MUTANT(condition_wait_gives_true, GivesNone, "a wait returns None, as it did long ago") {
  answer_wrongly(adapter, "Condition.wait", None);
}

MUTANT(condition_wait_needs_lock, SaysNothing, "a wait without the lock returns at once, without an error") {
  swallow_errors(adapter, "Condition.wait");
}

MUTANT(condition_needs_lock_runtime_error, WaitRaisesAnother, "a wait without the lock raises AssertionError") {
  raise_another(adapter, "Condition.wait", "AssertionError");
}

MUTANT(condition_needs_lock_runtime_error, NotifyRaisesAnother, "a notify without the lock raises AssertionError") {
  raise_another(adapter, "Condition.notify", "AssertionError");
}

MUTANT(condition_needs_lock_runtime_error, NotifyAllRaisesAnother,
       "a notify_all without the lock raises AssertionError") {
  raise_another(adapter, "Condition.notify_all", "AssertionError");
}

MUTANT(condition_wait_timeout_gives_false, GivesNone, "a wait returns None when its timeout is over") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    const Value notified = call.original();
    return notified == Value(true) ? notified : Value();
  });
}

MUTANT(condition_wait_timeout_not_before, GivesUpEarly, "a wait gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Condition.wait", 0.9);
}

MUTANT(condition_wait_timeout_within, WaitsThreeTimes, "a wait takes three times its timeout") {
  stretch_timeout(adapter, "Condition.wait", 3);
}

MUTANT(condition_wait_timeout_notified_in_time, SleepsThrough, "a wait with a timeout always takes all of it") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    if (!has_timeout(call)) return call.original();
    ask(call, "release");
    sleep_seconds(call.args["timeout"].number());
    ask(call, "acquire");
    return true;
  });
}

MUTANT(condition_wait_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "Condition.wait");
}

MUTANT(condition_wait_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Condition.wait");
}

MUTANT(condition_wait_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Condition.wait");
}

MUTANT(condition_wait_timeout_holds_lock_again, ReturnsWithoutIt,
       "a wait whose time is over returns without the lock") {
  after_wait(adapter, [](Call& call, const Value& notified) {
    if (notified == Value(false)) ask(call, "release");
  });
}

MUTANT(condition_wait_timeout_waits_for_lock, ReturnsInTime,
       "a wait whose time is over returns without the lock if another holds it") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    if (!has_timeout(call)) return call.original();
    ask(call, "release");
    sleep_seconds(call.args["timeout"].number());
    ask(call, "acquire", {false});
    return false;
  });
}

}  // namespace mp::conformance
