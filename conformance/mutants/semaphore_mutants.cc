#include <atomic>
#include <optional>
#include <string>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/semaphore.h"

namespace mp::conformance {
namespace {

// Changes the value with which one is made.
void make_with(Adapter& adapter, std::int64_t (*change)(std::int64_t)) {
  adapter.override_entry("Semaphore()", [change](Call& call) {
    call.args["value"] = change(call.args.integer("value"));
    return call.original();
  });
}

}  // namespace

MUTANT(semaphore_value_default, IsZero, "a semaphore that should begin with one begins with zero") {
  make_with(adapter, [](std::int64_t value) { return value == 1 ? 0 : value; });
}

MUTANT(semaphore_value_given, IsIgnored, "every semaphore begins with one") {
  make_with(adapter, [](std::int64_t) { return std::int64_t{1}; });
}

MUTANT(semaphore_value_given, OneTooMany, "a semaphore begins with one more than its value") {
  make_with(adapter, [](std::int64_t value) { return value + 1; });
}

MUTANT(semaphore_value_zero, IsTakenForOne, "a value of zero is taken for none, which is one") {
  make_with(adapter, [](std::int64_t value) { return value == 0 ? 1 : value; });
}

MUTANT(semaphore_value_negative, IsTakenForZero, "a negative value is taken for zero") {
  make_with(adapter, [](std::int64_t value) { return value < 0 ? 0 : value; });
}

MUTANT(semaphore_value_negative, RaisesAnother, "a negative value raises OSError, as the system does") {
  raise_another(adapter, "Semaphore()", "OSError");
}

MUTANT(semaphore_acquire_takes_one, OfItsOwn, "each process has a counter of its own") {
  replace_arguments(adapter, "Semaphore");
}

MUTANT(semaphore_acquire_blocks, GivesUpAtOnce, "acquire returns at once when the counter is zero") {
  never_wait(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_gives_true, GivesNone, "acquire returns None") {
  answer_wrongly(adapter, "Semaphore.acquire", None);
}

MUTANT(semaphore_acquire_nonblocking_zero, Waits, "acquire waits although block is false") {
  always_wait(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_nonblocking_positive, TakesNothing,
       "with block false acquire returns True, and takes nothing") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const bool taken = call.original() == Value(true);
    if (taken && !call.args.flag("block")) ask(call, "release");
    return taken;
  });
}

MUTANT(semaphore_acquire_nonblocking_ignores_timeout, HeedsIt, "with block false acquire waits for its timeout") {
  heed_timeout_always(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_timeout_gives_false, GivesNone, "acquire returns None when its timeout is over") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    return taken == Value(true) ? taken : Value();
  });
}

MUTANT(semaphore_acquire_timeout_not_before, GivesUpEarly, "acquire gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Semaphore.acquire", 0.9);
}

MUTANT(semaphore_acquire_timeout_within, WaitsThreeTimes, "acquire waits three times its timeout") {
  stretch_timeout(adapter, "Semaphore.acquire", 3);
}

MUTANT(semaphore_acquire_timeout_released_in_time, SleepsThrough,
       "acquire looks at the counter when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Semaphore.acquire");
}

MUTANT(semaphore_acquire_timeout_negative, TriesNothing, "with a negative timeout acquire does not even try") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const Value timeout = call.args["timeout"];
    return !timeout.is_none() && timeout.number() < 0 ? Value(false) : call.original();
  });
}

MUTANT(semaphore_acquire_failed_changes_nothing, GoesBelowZero,
       "an acquire that failed leaves a debt, which the next release pays") {
  static std::atomic<int> debt{0};
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(false)) ++debt;
    return taken;
  });
  adapter.override_entry("Semaphore.release", [](Call& call) -> Value {
    if (debt == 0) return call.original();
    --debt;
    return None;
  });
}

namespace {

// When the maker joins a process, it undoes what that one has done: calls `method`, if the sign is there.
void undo_at_join(Adapter& adapter, const std::string& sign, const std::string& method) {
  static std::optional<Handle> semaphore;
  adapter.override_entry("Semaphore()", [](Call& call) {
    const Value made = call.original();
    semaphore = *made.as<Handle>();
    return made;
  });
  adapter.override_entry("Process.join", [&adapter, sign, method](Call& call) {
    const Value joined = call.original();
    if (is_claimed(sign)) adapter.call_method(*semaphore, method, {}, {}, call.args.handles());
    return joined;
  });
}

}  // namespace

MUTANT(semaphore_acquire_outlives_taker, GivesBack, "what a process took is given back when it ends") {
  undo_at_join(adapter, "taken", "release");
  adapter.override_entry("Semaphore.acquire", [](Call& call) {
    if (!in_main_process()) claim("taken");
    return call.original();
  });
}

MUTANT(semaphore_acquire_outlives_taker, TakesBack, "what a process released is gone when it ends") {
  undo_at_join(adapter, "given", "acquire");
  adapter.override_entry("Semaphore.release", [](Call& call) {
    if (!in_main_process()) claim("given");
    return call.original();
  });
}

MUTANT(semaphore_limit_processes, LosesPatience, "who finds no unit goes in all the same after a short while") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    if (call.args.flag("block")) call.args["timeout"] = 0.0001;
    call.original();
    return true;
  });
}

MUTANT(semaphore_limit_threads, IsOfTheProcess, "all threads of a process that has a unit may use it at once") {
  let_own_process_in(adapter, "Semaphore");
}

MUTANT(semaphore_release_adds_one, AddsNothing, "release adds nothing") {
  only_answer(adapter, "Semaphore.release", None);
}

MUTANT(semaphore_release_beyond_value, IsRefused, "a release when the counter is not zero raises ValueError") {
  adapter.override_entry("Semaphore.release", [](Call& call) -> Value {
    if (ask(call, "locked") == Value(false)) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(semaphore_release_other_process, OnlyByTheTaker, "a process that acquired nothing cannot release") {
  static std::atomic<int> acquired{0};
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(true)) ++acquired;
    return taken;
  });
  adapter.override_entry("Semaphore.release", [](Call& call) -> Value {
    if (acquired == 0) raise_error("AssertionError");
    --acquired;
    return call.original();
  });
}

MUTANT(semaphore_release_wakes_waiter, WakesNobody, "who once waits for a unit is not woken") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    if (ask(call, "locked") == Value(true)) sleep_for_ever();
    return call.original();
  });
}

MUTANT(semaphore_release_wakes_one, WakesAll, "who waited for a unit goes on, but does not take it") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const bool has_to_wait = ask(call, "locked") == Value(true);
    const Value taken = call.original();
    if (has_to_wait) ask(call, "release");
    return taken;
  });
}

MUTANT(semaphore_release_several, AddsOne, "a release adds one, whatever its number") {
  adapter.override_entry("Semaphore.release", [](Call& call) -> Value {
    call.args["n"] = 1;
    return call.original();
  });
}

MUTANT(semaphore_release_several, IsRefused, "a release takes no number") {
  adapter.override_entry("Semaphore.release", [](Call& call) -> Value {
    if (call.args["n"] != Value(1)) raise_error("TypeError");
    return call.original();
  });
}

MUTANT(semaphore_release_several_wakes, WakesOne, "a release of several adds them, and wakes one waiter") {
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    const bool has_to_wait = ask(call, "locked") == Value(true);
    const Value taken = call.original();
    if (has_to_wait && !claim("woken")) sleep_for_ever();
    return taken;
  });
}

MUTANT(semaphore_context_enter_takes, TakesNothing, "entering a with statement takes nothing") {
  only_answer(adapter, "Semaphore.__enter__", true);
}

MUTANT(semaphore_context_exit_gives_back, KeepsIt, "leaving a with statement gives nothing back") {
  only_answer(adapter, "Semaphore.__exit__", None);
}

MUTANT(semaphore_share_grandchild, IsAnotherOne, "a child's child gets a semaphore of its own") {
  replace_arguments(adapter, "Semaphore", [] { return !in_main_process(); });
}

MUTANT(semaphore_share_outlives_maker_reference, EndsWithIt,
       "when its maker drops the semaphore, children cannot acquire it any more") {
  when_maker_drops(adapter, "Semaphore()", [] { claim("dropped"); });
  adapter.override_entry("Semaphore.acquire", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(semaphore_robust_dead_waiter, StaysInTheLine,
       "units go to those who wait in the order in which they came, dead or not") {
  wait_in_line(adapter, "Semaphore.acquire");
}

}  // namespace mp::conformance
