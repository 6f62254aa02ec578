#include <algorithm>
#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/event.h"

namespace mp::conformance {

CLAUSE_TEST(event_initially_unset, IsNotSet) {
  Ref event = main().make("Event");
  EXPECT_EQ(main().call(event, "is_set"), false);
}

CLAUSE_TEST(event_set, MakesItSet) {
  Ref event = main().make("Event");
  EXPECT_RETURNED(main().call(event, "set"));
  EXPECT_EQ(main().call(event, "is_set"), true);
}

CLAUSE_TEST(event_set_other_process, IsSetForTheParent) {
  Ref event = main().make("Event");
  start_process({event}).call(event, "set");
  EXPECT_EQ(main().call(event, "is_set"), true);
}

CLAUSE_TEST(event_set_other_process, IsSetForTheChild) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  main().call(event, "set");
  EXPECT_EQ(child.call(event, "is_set"), true);
}

CLAUSE_TEST(event_set_wakes_all, WaitersInSeveralProcesses) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  const std::vector<Pending> waiters = {child.begin(event, "wait"), start_process({event}).begin(event, "wait"),
                                        main().thread("waiter").begin(event, "wait")};
  await_blocked(waiters);
  main().call(event, "set");
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(event_set_idempotent, OneClearIsEnough) {
  Ref event = main().make("Event");
  main().call(event, "set");
  EXPECT_RETURNED(main().call(event, "set"));
  main().call(event, "clear");
  EXPECT_EQ(main().call(event, "is_set"), false);
}

CLAUSE_TEST(event_clear, MakesItUnsetForEverybody) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  main().call(event, "set");
  EXPECT_RETURNED(main().call(event, "clear"));
  EXPECT_EQ(main().call(event, "is_set"), false);
  EXPECT_EQ(child.call(event, "is_set"), false);
}

CLAUSE_TEST(event_clear_unset, ChangesNothing) {
  Ref event = main().make("Event");
  EXPECT_RETURNED(main().call(event, "clear"));
  EXPECT_EQ(main().call(event, "is_set"), false);
  main().call(event, "set");
  EXPECT_EQ(main().call(event, "is_set"), true);
}

CLAUSE_TEST(event_clear_wait_blocks, UntilTheNextSet) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  main().call(event, "set");
  main().call(event, "clear");
  Pending waiter = child.begin(event, "wait");
  EXPECT_BLOCKED(waiter);
  main().call(event, "set");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(event_wait_already_set, ReturnsAtOnce) {
  Ref event = main().make("Event");
  main().call(event, "set");
  EXPECT_EQ(main().call(event, "wait"), true);
}

CLAUSE_TEST(event_wait_blocks, UntilAnotherProcessSetsIt) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  Pending waiter = main().begin(event, "wait");
  EXPECT_BLOCKED(waiter);
  child.call(event, "set");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(event_wait_keeps_flag, StaysSet) {
  Ref event = main().make("Event");
  main().call(event, "set");
  main().call(event, "wait");
  EXPECT_EQ(main().call(event, "is_set"), true);
  EXPECT_EQ(main().call(event, "wait", 0), true);
}

CLAUSE_TEST(event_wait_gives_true, AfterAWait) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  Pending waiter = child.begin(event, "wait");
  await_blocked(waiter);
  main().call(event, "set");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(event_wait_timeout_gives_false, WhenNobodySetsIt) {
  Ref event = main().make("Event");
  EXPECT_EQ(main().call(event, "wait", 0.05), false);
}

CLAUSE_TEST(event_wait_timeout_not_before, GivesUpNoEarlier) {
  Ref event = main().make("Event");
  EXPECT_TOOK_AT_LEAST(main().call(event, "wait", 0.15), 0.15);
}

CLAUSE_TEST(event_wait_timeout_within, GivesUpInTime) {
  Ref event = main().make("Event");
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(event, "wait", 0.1), control);
}

CLAUSE_TEST(event_wait_timeout_set_in_time, ReturnsAtTheSet) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  Pending waiter = child.begin(event, "wait", 1000.0);
  await_blocked(waiter);
  main().call(event, "set");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(event_wait_timeout_none, WaitsForTheSet) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  Pending waiter = child.begin(event, "wait", None);
  EXPECT_BLOCKED(waiter);
  main().call(event, "set");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(event_wait_timeout_zero, TellsTheFlag) {
  Ref event = main().make("Event");
  EXPECT_EQ(main().call(event, "wait", 0), false);
  main().call(event, "set");
  EXPECT_EQ(main().call(event, "wait", 0), true);
}

CLAUSE_TEST(event_wait_timeout_negative, TellsTheFlag) {
  Ref event = main().make("Event");
  EXPECT_EQ(main().call(event, "wait", -1), false);
  main().call(event, "set");
  EXPECT_EQ(main().call(event, "wait", -1), true);
}

// A waiter may be quick enough to see the flag while it is set; not four of them twenty times each. Pulses go on until
// all waits are over, so that one that came before the next wait had begun does no harm.
CLAUSE_TEST(event_wait_pulse, EveryWaitReturnsTrue) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  std::vector<Pending> waits;
  for (const char* name : {"one", "two", "three", "four"}) {
    waits.push_back(child.thread(name).begin_batch({Step::call(event, "wait")}, 20));
  }
  await_blocked(waits);
  const auto is_over = [](const Pending& batch) { return batch.reply_now().has_value(); };
  for (int pulse = 0; pulse < 5000 && !std::ranges::all_of(waits, is_over); ++pulse) {
    main().batch({Step::call(event, "set"), Step::call(event, "clear"), Step::sleep(0.002)});
  }
  for (const Pending& batch : waits) {
    for (const Reply& wait : replies_of(batch)) ASSERT_RETURNED(wait, true);
  }
}

CLAUSE_TEST(event_share_grandchild, AllThreeShareIt) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  Actor& grandchild = start_process({event}, {.parent = &child});
  grandchild.call(event, "set");
  EXPECT_EQ(child.call(event, "is_set"), true);
  EXPECT_EQ(main().call(event, "is_set"), true);
}

CLAUSE_TEST(event_share_as_argument_only, SendingItIsRefused) {
  Ref event = main().make("Event");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", event), "Exception");
}

CLAUSE_TEST(event_share_outlives_maker_reference, ChildrenGoOnSharingIt) {
  Ref event = main().make("Event");
  Actor& one = start_process({event});
  Actor& other = start_process({event});
  main().drop(event);
  EXPECT_RETURNED(one.call(event, "set"));
  EXPECT_EQ(other.call(event, "is_set"), true);
}

CLAUSE_TEST(event_robust_set_after_dead_waiter, ReturnsAndWakesTheLivingOnes) {
  Ref event = main().make("Event");
  Actor& dead = start_process({event});
  Actor& live = start_process({event});
  const std::vector<Pending> waiters = {dead.begin(event, "wait"), live.begin(event, "wait")};
  await_blocked(waiters);
  kill_and_await(dead);
  ASSERT_RETURNED(main().call(event, "set"));
  EXPECT_RETURNED(waiters[1], true);
}

CLAUSE_TEST(event_robust_wait_after_dead_waiter, OthersClearAndWait) {
  Ref event = main().make("Event");
  Actor& dead = start_process({event});
  await_blocked(dead.begin(event, "wait"));
  kill_and_await(dead);
  ASSERT_RETURNED(main().call(event, "clear"));
  EXPECT_EQ(main().call(event, "wait", 0.05), false);
}

}  // namespace mp::conformance
