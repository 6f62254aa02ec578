#include <atomic>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/semaphore.h"

namespace mp::conformance {
namespace {

void make_with(Adapter& adapter, std::int64_t (*change)(std::int64_t)) {
  adapter.override_entry("BoundedSemaphore()", [change](Call& call) {
    call.args["value"] = change(call.args.integer("value"));
    return call.original();
  });
}

}  // namespace

MUTANT(semaphore_bounded_value_default, IsTwo, "a bounded semaphore that should begin with one begins with two") {
  make_with(adapter, [](std::int64_t value) { return value == 1 ? 2 : value; });
}

MUTANT(semaphore_bounded_value_given, IsIgnored, "every bounded semaphore begins with one") {
  make_with(adapter, [](std::int64_t) { return std::int64_t{1}; });
}

MUTANT(semaphore_bounded_value_negative, IsTakenForZero, "a negative value is taken for zero") {
  make_with(adapter, [](std::int64_t value) { return value < 0 ? 0 : value; });
}

MUTANT(semaphore_bounded_acquire_blocks, GivesUpAtOnce, "acquire returns at once when the counter is zero") {
  never_wait(adapter, "BoundedSemaphore.acquire");
}

MUTANT(semaphore_bounded_acquire_timeout, TakesItForNone, "acquire waits whatever its timeout") {
  adapter.override_entry("BoundedSemaphore.acquire", [](Call& call) {
    call.args["timeout"] = None;
    return call.original();
  });
}

MUTANT(semaphore_bounded_release_up_to_value, EachUnitOnce, "each unit can be given back once, and then never again") {
  static std::atomic<int> released{0};
  adapter.override_entry("BoundedSemaphore.release", [](Call& call) -> Value {
    if (++released > 1) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(semaphore_bounded_release_beyond_value, SaysNothing, "a release too many raises nothing") {
  swallow_errors(adapter, "BoundedSemaphore.release");
}

MUTANT(semaphore_bounded_release_beyond_value, RaisesAnother, "a release too many raises RuntimeError") {
  raise_another(adapter, "BoundedSemaphore.release", "RuntimeError");
}

MUTANT(semaphore_bounded_release_beyond_value_any_process, IsOfTheProcess,
       "each process can release as much as it acquired itself, and no more") {
  static std::atomic<int> acquired{0};
  adapter.override_entry("BoundedSemaphore.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(true)) ++acquired;
    return taken;
  });
  adapter.override_entry("BoundedSemaphore.release", [](Call& call) -> Value {
    if (acquired == 0) raise_error("ValueError");
    --acquired;
    return call.original();
  });
}

MUTANT(semaphore_bounded_release_beyond_value_any_process, TheMakerIsNotTold,
       "the process that made it can release as often as it likes") {
  adapter.override_entry("BoundedSemaphore.release", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      if (!in_main_process()) throw;
      return None;
    }
  });
}

MUTANT(semaphore_bounded_release_refused_changes_nothing, TakesAUnit, "a release that is refused takes a unit") {
  adapter.override_entry("BoundedSemaphore.release", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      ask(call, "acquire", {false});
      throw;
    }
  });
}

MUTANT(semaphore_bounded_release_several_beyond_value, AddsWhatFits,
       "a release of too many adds those that there is room for, and then raises ValueError") {
  adapter.override_entry("BoundedSemaphore.release", [](Call& call) -> Value {
    const std::int64_t count = call.args.integer("n");
    call.args["n"] = 1;
    for (std::int64_t i = 0; i < count; ++i) call.original();
    return None;
  });
}

MUTANT(semaphore_bounded_context, EnterTakesNothing, "entering a with statement takes nothing") {
  only_answer(adapter, "BoundedSemaphore.__enter__", true);
}

MUTANT(semaphore_bounded_context, ExitKeepsIt, "leaving a with statement gives nothing back") {
  only_answer(adapter, "BoundedSemaphore.__exit__", None);
}

}  // namespace mp::conformance
