#include <string>
#include <thread>
#include <utility>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/rlock.h"

namespace mp::conformance {
namespace {

// How often this thread acquired the lock and did not release it yet. For one lock in a program.
thread_local int level = 0;

// From then on `level` is right. Overrides that are made later see what it was before the call.
void count_levels(Adapter& adapter) {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(true)) ++level;
    return taken;
  });
  adapter.override_entry("RLock.release", [](Call& call) -> Value {
    const Value released = call.original();
    --level;
    return released;
  });
}

// One attempt, whatever the arguments say.
bool gets_in_at_once(Call& call) {
  const Value block = std::exchange(call.args["block"], false);
  const Value taken = call.original();
  call.args["block"] = block;
  return taken == Value(true);
}

// Once somebody has made the sign, the owner's next release is two.
void release_twice_after(Adapter& adapter, const std::string& sign) {
  adapter.override_entry("RLock.release", [sign](Call& call) -> Value {
    if (level > 1 && is_claimed(sign)) {
      give_up(sign);
      call.original();
    }
    return call.original();
  });
}

}  // namespace

MUTANT(rlock_initially_free, BornOwned, "a new lock belongs to a thread that nobody knows") {
  adapter.override_entry("RLock()", [&adapter](Call& call) {
    const Value lock = call.original();
    std::thread([&] { adapter.call_method(*lock.as<Handle>(), "acquire", {}, {}, call.args.handles()); }).join();
    return lock;
  });
}

MUTANT(rlock_acquire_blocks, GivesUpAtOnce, "acquire of a lock that another owns returns at once") {
  never_wait(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_again, IsNotRecursive, "the owner has to wait as everybody else") {
  count_levels(adapter);
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (level > 0) sleep_for_ever();
    return call.original();
  });
}

MUTANT(rlock_acquire_gives_true, GivesNone, "acquire returns None, as it does for threads") {
  answer_wrongly(adapter, "RLock.acquire", None);
}

MUTANT(rlock_acquire_gives_true, GivesTrueOnce, "acquire returns True at the first level only") {
  count_levels(adapter);
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const bool is_owner = level > 0;
    const Value taken = call.original();
    return is_owner ? Value(false) : taken;
  });
}

MUTANT(rlock_acquire_nonblocking_owned, Waits, "acquire waits although block is false") {
  always_wait(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_nonblocking_free, TakesNothing, "with block false acquire returns True, and the lock stays free") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const bool taken = call.original() == Value(true);
    if (taken && !call.args.flag("block")) ask(call, "release");
    return taken;
  });
}

MUTANT(rlock_acquire_nonblocking_own, IsNotCounted, "with block false the owner gets True, but no further level") {
  count_levels(adapter);
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    return level > 0 && !call.args.flag("block") ? Value(true) : call.original();
  });
}

MUTANT(rlock_acquire_nonblocking_own, IsRefused, "with block false the owner gets False") {
  count_levels(adapter);
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    return level > 0 && !call.args.flag("block") ? Value(false) : call.original();
  });
}

MUTANT(rlock_acquire_nonblocking_ignores_timeout, RefusesTimeout,
       "a timeout with block false raises ValueError, as with locks of threads") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (!call.args.flag("block") && !call.args["timeout"].is_none()) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(rlock_acquire_nonblocking_ignores_timeout, HeedsIt, "with block false acquire waits for its timeout") {
  heed_timeout_always(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_timeout_gives_false, GivesNone, "acquire returns None when its timeout is over") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    return taken == Value(true) ? taken : Value();
  });
}

MUTANT(rlock_acquire_timeout_not_before, GivesUpEarly, "acquire gives up a tenth before its timeout") {
  stretch_timeout(adapter, "RLock.acquire", 0.9);
}

MUTANT(rlock_acquire_timeout_within, WaitsThreeTimes, "acquire waits three times its timeout") {
  stretch_timeout(adapter, "RLock.acquire", 3);
}

MUTANT(rlock_acquire_timeout_freed_in_time, SleepsThrough,
       "acquire looks at the lock when its timeout is over, not before") {
  sleep_through_timeout(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_timeout_negative, TakesItForNone, "a negative timeout is taken for None, as with threads") {
  take_negative_for_none(adapter, "RLock.acquire");
}

MUTANT(rlock_acquire_timeout_negative, TriesNothing, "with a negative timeout acquire does not even try") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const Value timeout = call.args["timeout"];
    return !timeout.is_none() && timeout.number() < 0 ? Value(false) : call.original();
  });
}

MUTANT(rlock_acquire_timeout_own, IsRefused, "a timeout of zero or less is over, for the owner, too") {
  count_levels(adapter);
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const Value timeout = call.args["timeout"];
    return level > 0 && !timeout.is_none() && timeout.number() <= 0 ? Value(false) : call.original();
  });
}

MUTANT(rlock_acquire_failed_changes_nothing, CostsALevel, "an acquire that failed takes a level from the owner") {
  count_levels(adapter);
  release_twice_after(adapter, "failed");
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(false)) claim("failed");
    return taken;
  });
}

MUTANT(rlock_exclusion_processes, LosesPatience, "who finds the lock owned goes in all the same after a short while") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (call.args.flag("block")) call.args["timeout"] = 0.0001;
    call.original();
    return true;
  });
  swallow_errors(adapter, "RLock.release");
}

MUTANT(rlock_exclusion_processes, EndsAtTheInnerRelease, "the first release frees the lock, at whatever level") {
  count_levels(adapter);
  adapter.override_entry("RLock.release", [](Call& call) -> Value {
    while (level > 0) call.original();
    return None;
  });
}

MUTANT(rlock_exclusion_threads, IsOfTheProcess, "all threads of the process that owns the lock may have it at once") {
  let_own_process_in(adapter, "RLock");
}

MUTANT(rlock_owner_is_thread, IsTheProcess, "the owner is a process, with all of its threads") {
  let_own_process_in(adapter, "RLock");
}

MUTANT(rlock_owner_not_child, IsInherited, "a child owns what its parent owned when it was started") {
  count_levels(adapter);
  adapter.override_entry("Process.start", [](Call& call) {
    if (level > 0) claim("inherited");
    return call.original();
  });
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    return !in_main_process() && is_claimed("inherited") ? Value(true) : call.original();
  });
  adapter.override_entry("RLock.release", [](Call& call) -> Value {
    return !in_main_process() && is_claimed("inherited") ? Value() : call.original();
  });
}

MUTANT(rlock_release_last_frees, OneMoreIsNeeded, "it takes one release more than there were acquires") {
  count_levels(adapter);
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (level == 0 && call.original() == Value(false)) return false;
    return call.original();
  });
}

MUTANT(rlock_release_earlier_keeps, FreesAtOnce, "the first release frees the lock, at whatever level") {
  count_levels(adapter);
  adapter.override_entry("RLock.release", [](Call& call) -> Value {
    while (level > 0) call.original();
    return None;
  });
}

MUTANT(rlock_release_wakes_waiter, WakesNobody, "who once waits for the lock is not woken") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (!gets_in_at_once(call)) sleep_for_ever();
    return true;
  });
}

MUTANT(rlock_release_wakes_one, WakesAll, "who waited for the lock goes on, but does not take it") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (gets_in_at_once(call)) return true;
    const Value taken = call.original();
    ask(call, "release");
    return taken;
  });
}

MUTANT(rlock_release_other_process, SaysNothing, "a release by another than the owner raises nothing") {
  swallow_errors(adapter, "RLock.release");
}

MUTANT(rlock_release_other_process, RaisesAnother, "a release by another than the owner raises RuntimeError") {
  raise_another(adapter, "RLock.release", "RuntimeError");
}

MUTANT(rlock_release_other_thread, IsOfTheProcess, "a thread can release what another one of its process owns") {
  let_own_process_in(adapter, "RLock");
  swallow_errors(adapter, "RLock.release");
}

MUTANT(rlock_release_free, SaysNothing, "a release of a free lock raises nothing") {
  swallow_errors(adapter, "RLock.release");
}

MUTANT(rlock_release_free, RaisesAnother, "a release of a free lock raises ValueError, as with Lock") {
  raise_another(adapter, "RLock.release", "ValueError");
}

MUTANT(rlock_release_refused_changes_nothing, CostsALevel, "a release that was refused takes a level from the owner") {
  count_levels(adapter);
  release_twice_after(adapter, "refused");
  adapter.override_entry("RLock.release", [](Call& call) -> Value {
    if (level == 0) claim("refused");
    return call.original();
  });
}

MUTANT(rlock_context_enter_takes, TakesNothing, "entering a with statement does not take the lock") {
  only_answer(adapter, "RLock.__enter__", true);
}

MUTANT(rlock_context_exit_releases, KeepsIt, "leaving a with statement releases nothing") {
  only_answer(adapter, "RLock.__exit__", None);
}

MUTANT(rlock_context_exit_releases, FreesIt, "leaving an inner with statement frees the lock") {
  adapter.override_entry("RLock.__exit__", [](Call& call) -> Value {
    while (ask(call, "locked") == Value(true)) call.original();
    return None;
  });
}

MUTANT(rlock_share_grandchild, IsAnotherLock, "a child's child gets a lock of its own") {
  replace_arguments(adapter, "RLock", [] { return !in_main_process(); });
}

MUTANT(rlock_share_outlives_maker_reference, EndsWithIt,
       "when its maker drops the lock, children cannot acquire it any more") {
  when_maker_drops(adapter, "RLock()", [] { claim("dropped"); });
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(rlock_robust_dead_owner, GoesOnWaiting, "nobody is told that the owner died, and nobody gets the lock") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

MUTANT(rlock_robust_dead_owner_level, IsInherited,
       "who takes the lock of the dead has to release it as often as they") {
  adapter.override_entry("RLock.acquire", [](Call& call) -> Value {
    try {
      const Value taken = call.original();
      if (taken == Value(true) && is_claimed("dead")) {
        give_up("dead");
        call.original();
        call.original();
      }
      return taken;
    } catch (const std::exception&) {
      claim("dead");
      throw;
    }
  });
}

MUTANT(rlock_robust_dead_waiter, StaysInTheLine,
       "the lock goes to those who wait in the order in which they came, dead or not") {
  wait_in_line(adapter, "RLock.acquire");
}

}  // namespace mp::conformance
