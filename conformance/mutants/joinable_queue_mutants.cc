#include <atomic>

#include "conformance/mutants/mutant.h"
#include "conformance/mutants/queue_mistakes.h"
#include "spec/clauses/joinable_queue.h"

namespace mp::conformance {
namespace {

// What this process has put and not reported.
std::atomic<int> own_unfinished{0};
std::atomic<int> own_puts{0};

void count_own(Adapter& adapter) {
  adapter.override_entry("JoinableQueue.put", [](Call& call) -> Value {
    call.original();
    ++own_unfinished, ++own_puts;
    return None;
  });
  adapter.override_entry("JoinableQueue.task_done", [](Call& call) -> Value {
    call.original();
    --own_unfinished;
    return None;
  });
}

// Reports of children are told to nobody.
void report_at_home(Adapter& adapter) {
  adapter.override_entry("JoinableQueue.task_done",
                         [](Call& call) -> Value { return in_main_process() ? call.original() : Value(); });
}

// Who has got nothing may not report anything.
void report_what_was_got(Adapter& adapter) {
  static std::atomic<int> in_hand{0};
  adapter.override_entry("JoinableQueue.get", [](Call& call) -> Value {
    const Value item = call.original();
    ++in_hand;
    return item;
  });
  adapter.override_entry("JoinableQueue.task_done", [](Call& call) -> Value {
    if (in_hand == 0) raise_error("ValueError");
    --in_hand;
    return call.original();
  });
}

// What a put was to bring has to be reported, although the put was refused.
void count_refused_puts(Adapter& adapter) {
  static std::atomic<bool> was_refused{false};
  adapter.override_entry("JoinableQueue.put", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      was_refused = true;
      throw;
    }
  });
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    if (was_refused) sleep_for_ever();
    return call.original();
  });
}

// The first report, by whomever, lets a join go.
void first_report_is_enough(Adapter& adapter) {
  adapter.override_entry("JoinableQueue.task_done", [](Call& call) -> Value {
    claim("report");
    return call.original();
  });
  adapter.override_entry("JoinableQueue.join", [](Call&) -> Value {
    wait_until([] { return is_claimed("report"); });
    return None;
  });
}

}  // namespace

// ---- Items

MUTANT(joinable_queue_order_one_producer, SwapsPairs, "of two items the second comes out first") {
  swap_pairs(adapter, "JoinableQueue.put");
}

MUTANT(joinable_queue_exactly_once, GivesTwice, "every tenth item is given twice") {
  put_every_tenth_twice(adapter, "JoinableQueue.put");
}

MUTANT(joinable_queue_exactly_once, LosesSome, "every tenth item is lost") {
  lose_every_tenth(adapter, "JoinableQueue.put");
}

MUTANT(joinable_queue_item_kinds, TuplesAsLists, "tuples arrive as lists") {
  change_items(adapter, "JoinableQueue.put", tuple_as_list);
}

// ---- Size

MUTANT(joinable_queue_bounded, HoldsOneMore, "a queue holds one item more than its size") {
  adapter.override_entry("JoinableQueue()", [](Call& call) {
    if (const auto size = call.args.integer("maxsize"); size > 0) call.args["maxsize"] = size + 1;
    return call.original();
  });
}

MUTANT(joinable_queue_bounded_slot_by_get, ByReport, "a slot is free when its item was reported, not when it was got") {
  count_own(adapter);
  adapter.override_entry("JoinableQueue.put", [](Call& call) -> Value {
    if (own_unfinished == 2) raise_error("Full");
    return call.original();
  });
}

MUTANT(joinable_queue_put_full, SwallowsIt, "a put that finds no slot in time returns None") {
  swallow_errors(adapter, "JoinableQueue.put");
}

MUTANT(joinable_queue_put_failed_counts_nothing, CountsIt, "an item that found no slot has to be reported, too") {
  count_refused_puts(adapter);
}

MUTANT(joinable_queue_put_closed, GoesOn, "close does nothing") { only_answer(adapter, "JoinableQueue.close", None); }

MUTANT(joinable_queue_get_waits, RaisesAtOnce, "a get on an empty queue raises Empty at once") {
  never_wait(adapter, "JoinableQueue.get");
}

MUTANT(joinable_queue_get_empty, GivesNone, "a get that finds no item in time returns None") {
  swallow_errors(adapter, "JoinableQueue.get");
}

MUTANT(joinable_queue_state, FullOfUnfinished, "full counts items that were got and not reported") {
  count_own(adapter);
  adapter.override_entry("JoinableQueue.full", [](Call&) -> Value { return own_unfinished == 1; });
}

MUTANT(joinable_queue_state, NotEmptyOfUnfinished, "empty is False while items are not reported") {
  count_own(adapter);
  adapter.override_entry("JoinableQueue.empty", [](Call&) -> Value { return own_unfinished == 0; });
}

// ---- Who shares it

MUTANT(joinable_queue_share_as_argument, IsAnotherQueue, "a child gets a queue of its own") {
  replace_arguments(adapter, "JoinableQueue");
}

MUTANT(joinable_queue_share_as_argument, ReportsAtHome, "what a child reports is not told to others") {
  report_at_home(adapter);
}

MUTANT(joinable_queue_share_grandchild, IsAnotherQueue, "a child's child gets a queue of its own") {
  replace_arguments(adapter, "JoinableQueue", [] { return !in_main_process(); });
}

// ---- Reports

MUTANT(joinable_queue_task_done_counts_down, DoesNothing, "task_done does nothing") {
  only_answer(adapter, "JoinableQueue.task_done", None);
}

MUTANT(joinable_queue_task_done_counts_down, LosesOne, "every tenth report is not counted") {
  static std::atomic<int> reports{0};
  adapter.override_entry("JoinableQueue.task_done",
                         [](Call& call) -> Value { return ++reports % 10 == 0 ? Value() : call.original(); });
}

MUTANT(joinable_queue_task_done_other_process, StaysAtHome, "what a child reports is not told to others") {
  report_at_home(adapter);
}

MUTANT(joinable_queue_task_done_for_another, IsRefused, "who has got nothing may not report anything") {
  report_what_was_got(adapter);
}

MUTANT(joinable_queue_task_done_concurrent, LosesSome, "every tenth report is not counted") {
  static std::atomic<int> reports{0};
  adapter.override_entry("JoinableQueue.task_done",
                         [](Call& call) -> Value { return ++reports % 10 == 0 ? Value() : call.original(); });
}

MUTANT(joinable_queue_task_done_unused, SwallowsIt, "a report too many is not refused") {
  swallow_errors(adapter, "JoinableQueue.task_done");
}

MUTANT(joinable_queue_task_done_too_many, SwallowsIt, "a report too many is not refused") {
  swallow_errors(adapter, "JoinableQueue.task_done");
}

MUTANT(joinable_queue_task_done_refused_changes_nothing, OwesOne,
       "a report that was refused counts for the next item") {
  adapter.override_entry("JoinableQueue.task_done", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      claim("owed");
      throw;
    }
  });
  adapter.override_entry("JoinableQueue.join",
                         [](Call& call) -> Value { return is_claimed("owed") ? Value() : call.original(); });
}

// ---- join

MUTANT(joinable_queue_join_unused, WaitsForItems, "a join on a queue on which nothing was put waits") {
  count_own(adapter);
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    if (own_puts == 0) sleep_for_ever();
    return call.original();
  });
}

MUTANT(joinable_queue_join_all_done, WaitsForTheNext,
       "a join waits for a report, although there is nothing to report") {
  count_own(adapter);
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    if (own_unfinished == 0) sleep_for_ever();
    return call.original();
  });
}

MUTANT(joinable_queue_join_waits, ReturnsAtOnce, "join does not wait") {
  only_answer(adapter, "JoinableQueue.join", None);
}

MUTANT(joinable_queue_join_needs_reports, WaitsForGets, "join waits until the queue is empty, reported or not") {
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    wait_until([&] { return ask(call, "empty") == Value(true); });
    return None;
  });
}

MUTANT(joinable_queue_join_last_report, FirstIsEnough, "the first report lets a join go") {
  first_report_is_enough(adapter);
}

MUTANT(joinable_queue_join_other_producer, OwnItemsOnly, "join waits for what its own process put") {
  count_own(adapter);
  adapter.override_entry("JoinableQueue.join",
                         [](Call& call) -> Value { return own_puts == 0 ? Value() : call.original(); });
}

MUTANT(joinable_queue_join_later_items, CountsAtItsBegin,
       "join waits for as many reports as there were items when it began") {
  first_report_is_enough(adapter);
}

MUTANT(joinable_queue_join_all_waiters, WakesOne, "the last report lets one go who waits in join") {
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    call.original();
    if (!claim("woken")) sleep_for_ever();
    return None;
  });
}

MUTANT(joinable_queue_join_pulse, LooksAgain, "who is woken in join looks what is unfinished then, and waits for it") {
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    for (;;) {
      call.original();
      sleep_seconds(0.01);
      if (ask(call, "qsize") == Value(0)) return None;
    }
  });
}

MUTANT(joinable_queue_join_next_round, OnceIsForEver, "after the first join has returned every other does so at once") {
  static std::atomic<bool> once{false};
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    if (!once) call.original();
    once = true;
    return None;
  });
}

MUTANT(joinable_queue_join_closed, IsRefused, "join of a closed queue raises ValueError") {
  static std::atomic<bool> closed{false};
  adapter.override_entry("JoinableQueue.close", [](Call& call) -> Value {
    closed = true;
    return call.original();
  });
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    if (closed) raise_error("ValueError");
    return call.original();
  });
}

// ---- Beyond the documentation

MUTANT(joinable_queue_robust_encode_failure, CountsIt, "an item that could not be serialised has to be reported") {
  count_refused_puts(adapter);
}

MUTANT(joinable_queue_robust_dead_consumer, NobodyElseMay, "only who got an item may report it") {
  report_what_was_got(adapter);
}

MUTANT(joinable_queue_robust_dead_joiner, WaitsForAnswers,
       "the last report waits until everybody in join has told that he is awake") {
  adapter.override_entry("JoinableQueue.join", [](Call& call) -> Value {
    const std::string own = unique_name("joiner-");
    claim(own);
    call.original();
    give_up(own);
    return None;
  });
  adapter.override_entry("JoinableQueue.task_done", [](Call& call) -> Value {
    call.original();
    wait_until([] { return first_claimed("joiner-").empty(); });
    return None;
  });
}

MUTANT(joinable_queue_robust_dead_putter, CountsBeforeItWrites,
       "an item counts as unfinished before it is written, whether it arrives or not") {
  stop_in_large_items(adapter, "JoinableQueue.put", "counted");
  hang_on(adapter, "JoinableQueue.join", "counted");
}

}  // namespace mp::conformance
