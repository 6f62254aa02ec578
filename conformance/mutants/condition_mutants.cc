// The lock of a condition, and how it is shared; and what waits for the dead.
#include <atomic>
#include <string>
#include <vector>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {
namespace {

// Whatever lock the condition is given, it is made with another one.
void make_with_lock(Adapter& adapter, const std::string& lock_class) {
  adapter.override_entry("Condition()", [&adapter, lock_class](Call& call) {
    call.args["lock"] = adapter.make_object(lock_class, {}, {}, call.args.handles());
    return call.original();
  });
}

// Each waiter is known as long as it waits, and longer if it dies.
void register_waiters(Adapter& adapter) {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    const std::string own = unique_name("waiter-");
    claim(own);
    const Value notified = call.original();
    give_up(own);
    return notified;
  });
}

}  // namespace

MUTANT(condition_lock_default_recursive, IsALock, "the lock that a condition has by default is not recursive") {
  make_with_lock(adapter, "Lock");
}

MUTANT(condition_lock_given, IsIgnored, "a condition that is given a lock has one of its own") {
  make_with_lock(adapter, "RLock");
}

MUTANT(condition_lock_given_rlock, IsIgnored, "a condition that is given a recursive lock has one of its own") {
  make_with_lock(adapter, "RLock");
}

MUTANT(condition_lock_wait_on_given, KeepsIt, "a wait keeps the lock") {
  adapter.override_entry("Condition.wait", [](Call&) -> Value { sleep_for_ever(); });
}

MUTANT(condition_lock_wait_on_given, ReturnsWithoutIt, "a wait returns without the lock") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    const Value notified = call.original();
    ask(call, "release");
    return notified;
  });
}

MUTANT(condition_lock_shared, IsNotShared, "the second condition with a lock gets another one") {
  static std::atomic<int> made{0};
  adapter.override_entry("Condition()", [&adapter](Call& call) {
    if (++made > 1) call.args["lock"] = adapter.make_object("Lock", {}, {}, call.args.handles());
    return call.original();
  });
}

MUTANT(condition_lock_shared_own_waiters, AreThoseOfTheLock,
       "notify_all wakes all who wait with that lock, for whatever condition") {
  static std::vector<Handle> all;
  adapter.override_entry("Condition()", [](Call& call) {
    const Value made = call.original();
    all.push_back(*made.as<Handle>());
    return made;
  });
  adapter.override_entry("Condition.notify_all", [&adapter](Call& call) -> Value {
    for (const Handle condition : all) adapter.call_method(condition, "notify", {100}, {}, call.args.handles());
    return None;
  });
}

MUTANT(condition_acquire_blocks, GivesUpAtOnce, "acquire of a condition that another holds returns at once") {
  never_wait(adapter, "Condition.acquire");
}

MUTANT(condition_acquire_as_the_lock, GivesNone, "acquire returns None") {
  answer_wrongly(adapter, "Condition.acquire", None);
}

MUTANT(condition_acquire_as_the_lock, IgnoresItsArguments, "acquire waits whatever its arguments say") {
  adapter.override_entry("Condition.acquire", [](Call& call) {
    call.args["block"] = true;
    call.args["timeout"] = None;
    return call.original();
  });
}

MUTANT(condition_release_frees, KeepsIt, "release does nothing") { only_answer(adapter, "Condition.release", None); }

MUTANT(condition_release_not_held, SaysNothing, "a release by who does not hold it raises nothing") {
  swallow_errors(adapter, "Condition.release");
}

MUTANT(condition_release_not_held, RaisesAnother, "a release by who does not hold it raises ValueError") {
  raise_another(adapter, "Condition.release", "ValueError");
}

MUTANT(condition_context_enter_takes, TakesNothing, "entering a with statement does not acquire the condition") {
  only_answer(adapter, "Condition.__enter__", true);
}

MUTANT(condition_context_exit_frees, KeepsIt, "leaving a with statement does not release the condition") {
  only_answer(adapter, "Condition.__exit__", None);
}

MUTANT(condition_share_grandchild, IsAnotherOne, "a child's child gets a condition of its own") {
  replace_arguments(adapter, "Condition", [] { return !in_main_process(); });
}

MUTANT(condition_share_with_its_lock, GoSeparately, "a child gets a condition, and a lock that is not that of it") {
  replace_arguments(adapter, "RLock");
}

MUTANT(condition_share_outlives_maker_reference, EndsWithIt,
       "when its maker drops the condition, children cannot acquire it any more") {
  when_maker_drops(adapter, "Condition()", [] { claim("dropped"); });
  adapter.override_entry("Condition.acquire", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(condition_robust_notify_after_dead_waiter, WaitsForAnswers,
       "notify_all waits until each waiter has told that it is awake") {
  register_waiters(adapter);
  adapter.override_entry("Condition.notify_all", [](Call& call) -> Value {
    call.original();
    ask(call, "release");
    wait_until([] { return first_claimed("waiter-").empty(); });
    ask(call, "acquire");
    return None;
  });
}

MUTANT(condition_robust_wait_after_dead_waiter, GoesToTheDead, "a notify goes to who has waited longest, dead or not") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    const std::string own = unique_name("waiter-");
    claim(own);
    ask(call, "release");
    wait_until([&] { return is_claimed("woken-" + own); });
    ask(call, "acquire");
    return true;
  });
  adapter.override_entry("Condition.notify", [](Call&) -> Value {
    const std::string first = first_claimed("waiter-");
    if (first.empty()) return None;
    give_up(first);
    claim("woken-" + first);
    return None;
  });
}

MUTANT(condition_robust_dead_holder, GoesOnWaiting, "nobody is told that the holder died, and nobody gets the lock") {
  adapter.override_entry("Condition.acquire", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

MUTANT(condition_robust_dead_notifier, GoesOnWaiting, "a waiter goes on waiting for the lock of the dead notifier") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

}  // namespace mp::conformance
