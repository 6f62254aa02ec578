#include <string>
#include <string_view>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {
namespace {

void notify_so_many(Adapter& adapter, std::int64_t n) {
  adapter.override_entry("Condition.notify", [n](Call& call) {
    call.args["n"] = n;
    return call.original();
  });
}

// A notify is kept for who waits next.
void keep_for_later(Adapter& adapter, std::string_view notify) {
  adapter.override_entry(notify, [](Call& call) {
    claim("kept");
    return call.original();
  });
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    if (!is_claimed("kept")) return call.original();
    give_up("kept");
    return true;
  });
}

// The lock is free for a while after each notify.
void let_go_after(Adapter& adapter, std::string_view notify) {
  adapter.override_entry(notify, [](Call& call) -> Value {
    call.original();
    ask(call, "release");
    sleep_seconds(0.05);
    ask(call, "acquire");
    return None;
  });
}

}  // namespace

MUTANT(condition_notify_wakes, WakesNobody, "notify does nothing") { only_answer(adapter, "Condition.notify", None); }

MUTANT(condition_notify_only_one, WakesAll, "notify wakes all waiters") { notify_so_many(adapter, 1000); }

MUTANT(condition_notify_n, WakesOne, "notify wakes one waiter, whatever its number") { notify_so_many(adapter, 1); }

MUTANT(condition_notify_n_no_more, WakesAll, "notify wakes all waiters, whatever its number") {
  notify_so_many(adapter, 1000);
}

MUTANT(condition_notify_n_fewer_waiters, IsRefused, "a notify of more than there are waiters raises ValueError") {
  adapter.override_entry("Condition.notify", [](Call& call) -> Value {
    if (call.args.integer("n") > 2) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(condition_notify_n_fewer_waiters, KeepsTheRest, "what a notify has left over wakes who waits later") {
  adapter.override_entry("Condition.notify", [](Call& call) {
    if (call.args.integer("n") > 2) claim("left");
    return call.original();
  });
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    if (!is_claimed("left")) return call.original();
    give_up("left");
    return true;
  });
}

MUTANT(condition_notify_nobody, IsKept, "a notify while nobody waits wakes who waits next") {
  keep_for_later(adapter, "Condition.notify");
}

MUTANT(condition_notify_not_the_late, TakeItFromTheEarly, "who begins to wait after a notify takes it from others") {
  keep_for_later(adapter, "Condition.notify");
}

MUTANT(condition_notify_not_the_timed_out, GoesToTheTimedOut, "a waiter whose time was over takes the next notify") {
  adapter.override_entry("Condition.wait", [](Call& call) -> Value {
    const Value notified = call.original();
    if (notified == Value(false)) claim(unique_name("late-"));
    return notified;
  });
  adapter.override_entry("Condition.notify", [](Call& call) -> Value {
    const std::string late = first_claimed("late-");
    if (late.empty()) return call.original();
    give_up(late);
    return None;
  });
}

MUTANT(condition_notify_keeps_lock, NotifyLetsGo, "notify releases the lock for a moment") {
  let_go_after(adapter, "Condition.notify");
}

MUTANT(condition_notify_keeps_lock, NotifyAllLetsGo, "notify_all releases the lock for a moment") {
  let_go_after(adapter, "Condition.notify_all");
}

MUTANT(condition_notify_needs_lock, SaysNothing, "a notify without the lock raises nothing") {
  swallow_errors(adapter, "Condition.notify");
}

MUTANT(condition_notify_all_wakes_all, WakesOne, "notify_all wakes one waiter") {
  adapter.override_entry("Condition.notify_all", [](Call& call) { return ask(call, "notify"); });
}

MUTANT(condition_notify_all_nobody, IsKept, "a notify_all while nobody waits wakes who waits next") {
  keep_for_later(adapter, "Condition.notify_all");
}

MUTANT(condition_notify_all_needs_lock, SaysNothing, "a notify_all without the lock raises nothing") {
  swallow_errors(adapter, "Condition.notify_all");
}

}  // namespace mp::conformance
