#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/lock.h"

namespace mp::conformance {

MUTANT(lock_initially_free, BornHeld, "a new lock is held") {
  adapter.override_entry("Lock()", [&adapter](Call& call) {
    const Value lock = call.original();
    adapter.call_method(*lock.as<Handle>(), "acquire", {}, {}, call.args.handles());
    return lock;
  });
}

MUTANT(lock_acquire_blocks, GivesUpAtOnce, "acquire on a held lock returns at once") {
  never_wait(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_gives_true, GivesNone, "acquire returns None") { answer_wrongly(adapter, "Lock.acquire", None); }

MUTANT(lock_acquire_nonblocking_held, Waits, "acquire waits although block is false") {
  always_wait(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_nonblocking_free, TakesNothing, "with block false acquire returns True, and the lock stays free") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const bool taken = call.original() == Value(true);
    if (taken && !call.args.flag("block")) ask(call, "release");
    return taken;
  });
}

MUTANT(lock_acquire_nonblocking_ignores_timeout, RefusesTimeout,
       "a timeout with block false raises ValueError, as with locks of threads") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    if (!call.args.flag("block") && !call.args["timeout"].is_none()) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(lock_acquire_nonblocking_ignores_timeout, HeedsIt, "with block false acquire waits for its timeout") {
  heed_timeout_always(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_timeout_gives_false, GivesNone, "acquire returns None when its timeout is over") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    return taken == Value(true) ? taken : Value();
  });
}

MUTANT(lock_acquire_timeout_not_before, GivesUpEarly, "acquire gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Lock.acquire", 0.9);
}

MUTANT(lock_acquire_timeout_within, WaitsThreeTimes, "acquire waits three times its timeout") {
  stretch_timeout(adapter, "Lock.acquire", 3);
}

MUTANT(lock_acquire_timeout_freed_in_time, SleepsThrough,
       "acquire looks at the lock when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Lock.acquire");
}

MUTANT(lock_acquire_timeout_negative, TriesNothing, "with a negative timeout acquire does not even try") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const Value timeout = call.args["timeout"];
    return !timeout.is_none() && timeout.number() < 0 ? Value(false) : call.original();
  });
}

MUTANT(lock_acquire_not_recursive, LetsTheHolderIn, "the process that holds the lock can acquire it again") {
  let_own_process_in(adapter, "Lock");
}

MUTANT(lock_exclusion_threads, IsOfTheProcess, "all threads of the process that holds the lock may have it at once") {
  let_own_process_in(adapter, "Lock");
}

MUTANT(lock_exclusion_processes, LosesPatience, "who finds the lock held goes in all the same after a short while") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    if (call.args.flag("block")) call.args["timeout"] = 0.0001;
    call.original();
    return true;
  });
  swallow_errors(adapter, "Lock.release");
}

MUTANT(lock_acquire_failed_changes_nothing, FreesIt, "an acquire that failed frees the lock") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(false)) ask(call, "release");
    return taken;
  });
}

MUTANT(lock_release_wakes_waiter, WakesNobody, "who once waits for the lock is not woken") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    if (ask(call, "locked") == Value(true)) sleep_for_ever();
    return call.original();
  });
}

MUTANT(lock_release_wakes_one, WakesAll, "who waited for the lock goes on, but does not take it") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const bool has_to_wait = ask(call, "locked") == Value(true);
    const Value taken = call.original();
    if (has_to_wait) ask(call, "release");
    return taken;
  });
}

MUTANT(lock_release_other_process, OnlyByTheHolder, "a process that did not acquire the lock cannot release it") {
  static std::atomic<int> acquired{0};
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(true)) ++acquired;
    return taken;
  });
  adapter.override_entry("Lock.release", [](Call& call) -> Value {
    if (acquired == 0) raise_error("AssertionError");
    --acquired;
    return call.original();
  });
}

MUTANT(lock_release_other_thread, OnlyByTheHolder, "a thread that did not acquire the lock cannot release it") {
  static std::atomic<std::thread::id> holder{};
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    const Value taken = call.original();
    if (taken == Value(true)) holder = std::this_thread::get_id();
    return taken;
  });
  adapter.override_entry("Lock.release", [](Call& call) -> Value {
    if (holder.load() != std::this_thread::get_id()) raise_error("AssertionError");
    return call.original();
  });
}

MUTANT(lock_release_free, SaysNothing, "releasing a free lock raises nothing") {
  swallow_errors(adapter, "Lock.release");
}

MUTANT(lock_release_free, RaisesAnother, "releasing a free lock raises RuntimeError, as with locks of threads") {
  adapter.override_entry("Lock.release", [](Call& call) -> Value {
    if (ask(call, "locked") == Value(false)) raise_error("RuntimeError");
    return call.original();
  });
}

MUTANT(lock_release_refused_changes_nothing, TakesTheLock, "a release that is refused leaves the lock held") {
  adapter.override_entry("Lock.release", [](Call& call) -> Value {
    if (ask(call, "locked") == Value(true)) return call.original();
    ask(call, "acquire");
    raise_error("ValueError");
  });
}

MUTANT(lock_context_enter_takes, TakesNothing, "entering a with statement does not take the lock") {
  only_answer(adapter, "Lock.__enter__", true);
}

MUTANT(lock_context_exit_frees, KeepsIt, "leaving a with statement does not free the lock") {
  only_answer(adapter, "Lock.__exit__", None);
}

MUTANT(lock_share_grandchild, IsAnotherLock, "a child's child gets a lock of its own") {
  replace_arguments(adapter, "Lock", [] { return !in_main_process(); });
}

MUTANT(lock_share_outlives_maker_reference, EndsWithIt,
       "when its maker drops the lock, children cannot acquire it any more") {
  when_maker_drops(adapter, "Lock()", [] { claim("dropped"); });
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(lock_share_memory_visible, IsKeptBack,
       "what a process writes to shared memory others see when it writes again") {
  static std::mutex guard;
  static std::optional<Value> kept;
  adapter.override_entry("RawValue.value=", [](Call& call) -> Value {
    const std::lock_guard inside(guard);
    const Value written = call.args["value"];
    if (kept) call.args["value"] = *kept;
    if (kept) call.original();
    kept = written;
    return None;
  });
  adapter.override_entry("RawValue.value", [](Call& call) -> Value {
    const std::lock_guard inside(guard);
    return kept ? *kept : call.original();
  });
}

MUTANT(lock_robust_dead_holder, GoesOnWaiting, "nobody is told that the holder died, and nobody gets the lock") {
  adapter.override_entry("Lock.acquire", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

MUTANT(lock_robust_dead_waiter, StaysInTheLine,
       "the lock goes to those who wait in the order in which they came, dead or not") {
  wait_in_line(adapter, "Lock.acquire");
}

}  // namespace mp::conformance
