#include <atomic>
#include <string>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/barrier.h"

namespace mp::conformance {
namespace {

// Something is done by each party whose wait failed, before it says so.
void when_wait_fails(Adapter& adapter, void (*what)(Call& call)) {
  adapter.override_entry("Barrier.wait", [what](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      what(call);
      throw;
    }
  });
}

// It does the work of another method.
void mistake_for(Adapter& adapter, std::string_view entry, const std::string& method) {
  adapter.override_entry(entry, [method](Call& call) { return ask(call, method); });
}

// A party that waits is known until it left, and longer if it dies.
void wait_for_parties_to_leave(Adapter& adapter, std::string_view entry) {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    const std::string own = unique_name("waiter-");
    claim(own);
    try {
      const Value index = call.original();
      give_up(own);
      return index;
    } catch (const std::exception&) {
      give_up(own);
      throw;
    }
  });
  adapter.override_entry(entry, [](Call& call) -> Value {
    call.original();
    wait_until([] { return first_claimed("waiter-").empty(); });
    return None;
  });
}

}  // namespace

MUTANT(barrier_timeout_raises, GivesNone, "a wait whose time is over returns None") {
  swallow_errors(adapter, "Barrier.wait");
}

MUTANT(barrier_timeout_raises, RaisesAnother, "a wait whose time is over raises TimeoutError") {
  raise_another(adapter, "Barrier.wait", "TimeoutError");
}

MUTANT(barrier_timeout_not_before, GivesUpEarly, "a wait gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Barrier.wait", 0.9);
}

MUTANT(barrier_timeout_within, WaitsThreeTimes, "a wait takes three times its timeout") {
  stretch_timeout(adapter, "Barrier.wait", 3);
}

MUTANT(barrier_timeout_breaks, LeavesItWhole, "a wait whose time is over does not break the barrier") {
  when_wait_fails(adapter, [](Call& call) { ask(call, "reset"); });
}

MUTANT(barrier_timeout_breaks_others, LeavesThemWaiting, "a party whose time is over leaves, and the others wait on") {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    const Value timeout = call.args["timeout"];
    if (timeout.is_none() || timeout.number() > 1) return call.original();
    sleep_seconds(timeout.number());
    raise_error("BrokenBarrierError");
  });
}

MUTANT(barrier_timeout_default, IsIgnored, "the timeout of the constructor is ignored") {
  adapter.override_entry("Barrier()", [](Call& call) {
    call.args["timeout"] = None;
    return call.original();
  });
}

MUTANT(barrier_timeout_default, StaysAtHome, "the timeout of the constructor is that of its process alone") {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    if (!in_main_process() && call.args["timeout"].is_none()) sleep_for_ever();
    return call.original();
  });
}

MUTANT(barrier_timeout_own_first, GivesWay, "the timeout of the constructor goes before that of a wait") {
  adapter.override_entry("Barrier.wait", [](Call& call) {
    call.args["timeout"] = None;
    return call.original();
  });
}

MUTANT(barrier_timeout_completed_in_time, SleepsThrough, "a wait looks when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Barrier.wait");
}

MUTANT(barrier_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Barrier.wait");
}

MUTANT(barrier_timeout_zero, StopsTheLastOne, "a timeout of zero is over for the last party, too") {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    if (call.args["timeout"] == Value(0)) {
      ask(call, "abort");
      raise_error("BrokenBarrierError");
    }
    return call.original();
  });
}

MUTANT(barrier_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Barrier.wait");
}

MUTANT(barrier_timeout_negative, IsRefused, "a negative timeout raises ValueError") {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    const Value timeout = call.args["timeout"];
    if (!timeout.is_none() && timeout.number() < 0) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(barrier_broken_not_at_first, BornBroken, "a new barrier is broken") {
  adapter.override_entry("Barrier()", [&adapter](Call& call) {
    const Value barrier = call.original();
    adapter.call_method(*barrier.as<Handle>(), "abort", {}, {}, call.args.handles());
    return barrier;
  });
}

MUTANT(barrier_broken_wait_fails, WaitsAllTheSame, "a wait at a broken barrier waits") {
  when_wait_fails(adapter, [](Call&) {
    if (!claim("broken")) sleep_for_ever();
  });
}

MUTANT(barrier_broken_stays, HealsItself, "the second party that fails repairs the barrier") {
  static std::atomic<int> failed{0};
  when_wait_fails(adapter, [](Call& call) {
    if (++failed == 2) ask(call, "reset");
  });
}

MUTANT(barrier_broken_any_process, IsOfTheProcess, "a barrier is broken for the process that broke it") {
  static std::atomic<bool> broken{false};
  adapter.override_entry("Barrier.abort", [](Call& call) {
    broken = true;
    return call.original();
  });
  adapter.override_entry("Barrier.broken", [](Call&) -> Value { return broken.load(); });
}

MUTANT(barrier_abort_breaks, DoesNothing, "abort does nothing") { only_answer(adapter, "Barrier.abort", None); }

MUTANT(barrier_abort_waiters_fail, LeavesThemWaiting, "abort is for those who come later") {
  adapter.override_entry("Barrier.abort", [](Call&) -> Value {
    claim("aborted");
    return None;
  });
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    if (is_claimed("aborted")) raise_error("BrokenBarrierError");
    return call.original();
  });
}

MUTANT(barrier_abort_later_waits_fail, OneOfThem, "the first wait that fails after abort repairs the barrier") {
  when_wait_fails(adapter, [](Call& call) { ask(call, "reset"); });
}

MUTANT(barrier_reset_waiters_fail, LeavesThemWaiting, "a reset does nothing to those who wait") {
  only_answer(adapter, "Barrier.reset", None);
}

MUTANT(barrier_reset_not_broken, BreaksIt, "a reset leaves the barrier broken") {
  mistake_for(adapter, "Barrier.reset", "abort");
}

MUTANT(barrier_reset_repairs, DoesNothing, "a reset of a broken barrier does nothing") {
  only_answer(adapter, "Barrier.reset", None);
}

MUTANT(barrier_reset_idle, BreaksIt, "a reset leaves the barrier broken") {
  mistake_for(adapter, "Barrier.reset", "abort");
}

MUTANT(barrier_robust_wait_after_dead_waiter, GoesOnWaiting, "a barrier does not find out that a party died") {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

MUTANT(barrier_robust_abort_after_dead_waiter, WaitsForAnswers, "abort waits until all parties have left") {
  wait_for_parties_to_leave(adapter, "Barrier.abort");
}

MUTANT(barrier_robust_reset_after_dead_waiter, WaitsForAnswers, "a reset waits until all parties have left") {
  wait_for_parties_to_leave(adapter, "Barrier.reset");
}

}  // namespace mp::conformance
