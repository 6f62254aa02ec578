#include <vector>

#include "conformance/suites/queue_moments.h"
#include "spec/clauses/joinable_queue.h"

namespace mp::conformance {
namespace {

// What a consumer does with one item.
std::vector<Step> handle_one(Ref queue) { return {Step::call(queue, "get"), Step::call(queue, "task_done")}; }

}  // namespace

CLAUSE_TEST(joinable_queue_join_unused, ReturnsAtOnce) {
  Ref queue = main().make("JoinableQueue");
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_join_all_done, ReturnsAtOnce) {
  Ref queue = main().make("JoinableQueue");
  main().call(queue, "put", 1);
  main().batch(handle_one(queue));
  EXPECT_RETURNED(main().call(queue, "join"));
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_join_waits, ForAnItemThatNobodyHasGot) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  child.batch(handle_one(queue));
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_needs_reports, AGetIsNotEnough) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  child.call(queue, "get");
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  child.call(queue, "task_done");
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_needs_reports, AGetMeanwhileIsNotEnough) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending joining = main().begin(queue, "join");
  await_blocked(joining);
  child.call(queue, "get");
  EXPECT_BLOCKED(joining);
  child.call(queue, "task_done");
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_last_report, TheFirstOnesAreNotEnough) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().batch(puts(queue, 0, 3));
  Pending joining = main().begin(queue, "join");
  await_blocked(joining);
  child.batch(handle_one(queue), 2);
  EXPECT_BLOCKED(joining);
  child.batch(handle_one(queue));
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_other_producer, WaitsForItsItem) {
  Ref queue = main().make("JoinableQueue");
  Actor& producer = start_process({queue});
  producer.call(queue, "put", 1);
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  producer.batch(handle_one(queue));
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_later_items, HaveToBeDoneToo) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending joining = main().begin(queue, "join");
  await_blocked(joining);
  child.call(queue, "put", 2);
  child.batch(handle_one(queue));
  EXPECT_BLOCKED(joining);
  child.batch(handle_one(queue));
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_all_waiters, GoOnInAllProcesses) {
  Ref queue = main().make("JoinableQueue");
  Actor& one = start_process({queue});
  Actor& other = start_process({queue});
  main().call(queue, "put", 1);
  const std::vector<Pending> joining = {one.begin(queue, "join"), other.begin(queue, "join"),
                                        main().thread("waiter").begin(queue, "join")};
  await_blocked(joining);
  main().batch(handle_one(queue));
  for (const Pending& each : joining) EXPECT_RETURNED(each);
}

// The waiter is asleep, and nothing is unfinished for no longer than it takes to call put.
CLAUSE_TEST(joinable_queue_join_pulse, TheNextItemIsNotWaitedFor) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending joining = child.begin(queue, "join");
  await_blocked(joining);
  main().batch({Step::call(queue, "get"), Step::call(queue, "task_done"), Step::call(queue, "put", 2)});
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_next_round, TheNextItemIsWaitedFor) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  child.batch(handle_one(queue));
  main().call(queue, "join");
  main().call(queue, "put", 2);
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  child.batch(handle_one(queue));
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_join_closed, WaitsForTheOthers) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  main().call(queue, "close");
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  child.batch(handle_one(queue));
  EXPECT_RETURNED(joining);
}

// ---- Beyond the documentation

// Whether the put raises is another clause's question.
CLAUSE_TEST(joinable_queue_robust_encode_failure, LeavesNothingToReport) {
  Ref queue = main().make("JoinableQueue");
  Ref recorder = main().make("recorder");
  ASSERT_CAME_BACK(main().call(queue, "put", recorder));
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_robust_dead_consumer, OneReportInItsPlaceIsRight) {
  Ref queue = main().make("JoinableQueue");
  Actor& dead = start_process({queue});
  main().batch(puts(queue, 0, 3));
  dead.batch(handle_one(queue));
  dead.call(queue, "get");
  kill_and_await(dead);
  main().batch(handle_one(queue));
  EXPECT_RETURNED(main().call(queue, "task_done"));
  EXPECT_RETURNED(main().call(queue, "join"));
  EXPECT_RAISES(main().call(queue, "task_done"), "ValueError");
}

CLAUSE_TEST(joinable_queue_robust_dead_joiner, OthersGoOn) {
  Ref queue = main().make("JoinableQueue");
  Actor& dead = start_process({queue});
  Actor& live = start_process({queue});
  main().call(queue, "put", 1);
  const std::vector<Pending> joining = {dead.begin(queue, "join"), live.begin(queue, "join")};
  await_blocked(joining);
  kill_and_await(dead);
  main().call(queue, "get");
  ASSERT_RETURNED(main().call(queue, "task_done"));
  EXPECT_RETURNED(joining[1]);
}

// The large item itself may arrive, if all of it was written; then it is reported like others.
CLAUSE_TEST(joinable_queue_robust_dead_putter, WhatArrivesIsWhatCounts) {
  Ref queue = main().make("JoinableQueue");
  Actor& dead = start_process({queue});
  kill_while_putting(dead, queue, main());
  Reply got = main().call(queue, "get", true, 0.1);
  if (got.returned()) {
    main().call(queue, "task_done");
    got = main().call(queue, "get", true, 0.1);
  }
  ASSERT_CAME_BACK(got);
  EXPECT_RETURNED(main().call(queue, "join"));
}

}  // namespace mp::conformance
