#include <atomic>
#include <string>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/event.h"

namespace mp::conformance {

MUTANT(event_initially_unset, BornSet, "a new event is set") {
  adapter.override_entry("Event()", [&adapter](Call& call) {
    const Value event = call.original();
    adapter.call_method(*event.as<Handle>(), "set", {}, {}, call.args.handles());
    return event;
  });
}

MUTANT(event_set, DoesNothing, "set does nothing") { only_answer(adapter, "Event.set", None); }

MUTANT(event_set_other_process, StaysAtHome, "each process has a flag of its own") {
  static std::atomic<bool> flag{false};
  adapter.override_entry("Event.set", [](Call&) -> Value {
    flag = true;
    return None;
  });
  adapter.override_entry("Event.is_set", [](Call&) -> Value { return flag.load(); });
}

MUTANT(event_set_wakes_all, WakesOne, "set wakes one waiter, the others go on waiting") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    const Value set = call.original();
    if (!claim("woken")) sleep_for_ever();
    return set;
  });
}

MUTANT(event_set_idempotent, Counts, "an event that was set twice has to be cleared twice") {
  static std::atomic<int> times{0};
  adapter.override_entry("Event.set", [](Call& call) -> Value {
    ++times;
    return call.original();
  });
  adapter.override_entry("Event.clear", [](Call& call) -> Value { return --times > 0 ? Value() : call.original(); });
}

MUTANT(event_clear, DoesNothing, "clear does nothing") { only_answer(adapter, "Event.clear", None); }

MUTANT(event_clear, StaysAtHome, "an event is cleared for the process that clears it, not for others") {
  static std::atomic<bool> cleared{false};
  adapter.override_entry("Event.clear", [](Call&) -> Value {
    cleared = true;
    return None;
  });
  adapter.override_entry("Event.is_set", [](Call& call) -> Value { return cleared ? Value(false) : call.original(); });
}

MUTANT(event_clear_unset, IsRefused, "clearing an event that is not set raises RuntimeError") {
  adapter.override_entry("Event.clear", [](Call& call) -> Value {
    if (ask(call, "is_set") == Value(false)) raise_error("RuntimeError");
    return call.original();
  });
}

MUTANT(event_clear_wait_blocks, OnceIsForEver, "an event that was set once lets everybody through, cleared or not") {
  adapter.override_entry("Event.set", [](Call& call) -> Value {
    claim("set");
    return call.original();
  });
  adapter.override_entry("Event.wait",
                         [](Call& call) -> Value { return is_claimed("set") ? Value(true) : call.original(); });
}

MUTANT(event_wait_already_set, WaitsForTheNext,
       "wait takes no notice of a flag that is set and waits for the next set") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    if (ask(call, "is_set") == Value(true)) sleep_for_ever();
    return call.original();
  });
}

MUTANT(event_wait_blocks, GivesUpAtOnce, "wait only tells the flag") { never_wait(adapter, "Event.wait"); }

MUTANT(event_wait_keeps_flag, ResetsIt, "a wait that succeeds clears the event") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    const Value set = call.original();
    if (set == Value(true)) ask(call, "clear");
    return set;
  });
}

MUTANT(event_wait_gives_true, GivesNone, "wait returns None, as it did long ago") {
  answer_wrongly(adapter, "Event.wait", None);
}

MUTANT(event_wait_timeout_gives_false, GivesNone, "wait returns None when its timeout is over") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    const Value set = call.original();
    return set == Value(true) ? set : Value();
  });
}

MUTANT(event_wait_timeout_not_before, GivesUpEarly, "wait gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Event.wait", 0.9);
}

MUTANT(event_wait_timeout_within, WaitsThreeTimes, "wait takes three times its timeout") {
  stretch_timeout(adapter, "Event.wait", 3);
}

MUTANT(event_wait_timeout_set_in_time, SleepsThrough, "wait looks at the flag when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Event.wait");
}

MUTANT(event_wait_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "Event.wait");
}

MUTANT(event_wait_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Event.wait");
}

MUTANT(event_wait_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Event.wait");
}

MUTANT(event_wait_pulse, TellsTheFlag, "a waiter that is woken returns the flag as it is then") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    call.original();
    sleep_seconds(0.01);
    return ask(call, "is_set");
  });
}

MUTANT(event_share_grandchild, IsAnotherEvent, "a child's child gets an event of its own") {
  replace_arguments(adapter, "Event", [] { return !in_main_process(); });
}

MUTANT(event_share_outlives_maker_reference, EndsWithIt, "when its maker drops the event, children cannot set it any more") {
  when_maker_drops(adapter, "Event()", [] { claim("dropped"); });
  adapter.override_entry("Event.set", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(event_robust_set_after_dead_waiter, WaitsForAnswers, "set waits until each waiter has told that it is awake") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    const std::string own = unique_name("waiter-");
    claim(own);
    const Value set = call.original();
    give_up(own);
    return set;
  });
  adapter.override_entry("Event.set", [](Call& call) -> Value {
    call.original();
    wait_until([] { return first_claimed("waiter-").empty(); });
    return None;
  });
}

MUTANT(event_robust_wait_after_dead_waiter, KeepsTheInnerLock,
       "who waits for the event keeps its inner lock, and others wait for that") {
  adapter.override_entry("Event.wait", [](Call& call) -> Value {
    wait_until([] { return claim("inner"); });
    const Value set = call.original();
    give_up("inner");
    return set;
  });
  adapter.override_entry("Event.clear", [](Call& call) -> Value {
    wait_until([] { return claim("inner"); });
    give_up("inner");
    return call.original();
  });
}

}  // namespace mp::conformance
