// The part that it has from Queue, and what is reported. What join does is in joinable_queue_join_test.cc.
#include <vector>

#include "conformance/suites/queue_moments.h"
#include "spec/clauses/joinable_queue.h"

namespace mp::conformance {

// ---- Items

CLAUSE_TEST(joinable_queue_order_one_producer, ItemsComeInOrder) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  Pending putting = child.begin_batch(puts(queue, 0, 50));
  std::int64_t next = 0;
  for (const Reply& item : main().batch({Step::call(queue, "get")}, 50)) EXPECT_EQ(item, next++);
  replies_of(putting);
}

CLAUSE_TEST(joinable_queue_exactly_once, AmongProcesses) {
  Ref queue = main().make("JoinableQueue");
  std::vector<Caller> children;
  for (int i = 0; i < 4; ++i) children.push_back(start_process({queue}));
  expect_exactly_once(queue, {children[0], children[1]}, {children[2], children[3], main()}, 60);
}

CLAUSE_TEST(joinable_queue_item_kinds, ArriveEqual) {
  Ref queue = main().make("JoinableQueue");
  expect_kinds_arrive_equal(queue, start_process({queue}), main());
}

// ---- Size

CLAUSE_TEST(joinable_queue_bounded, PutWaitsForAGet) {
  Ref queue = main().make("JoinableQueue", 1);
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending second = child.begin(queue, "put", 2);
  EXPECT_BLOCKED(second);
  EXPECT_EQ(main().call(queue, "get"), 1);
  EXPECT_RETURNED(second);
}

CLAUSE_TEST(joinable_queue_bounded_slot_by_get, NoReportIsNeeded) {
  Ref queue = main().make("JoinableQueue", 2);
  main().batch(puts(queue, 1, 2));
  main().batch({Step::call(queue, "get")}, 2);
  EXPECT_RETURNED(main().call(queue, "put", 3, false));
  EXPECT_RETURNED(main().call(queue, "put", 4, false));
}

CLAUSE_TEST(joinable_queue_put_full, RaisesFull) {
  Ref queue = main().make("JoinableQueue", 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put_nowait", 2), "Full");
  EXPECT_RAISES(main().call(queue, "put", 2, false), "Full");
  EXPECT_RAISES(main().call(queue, "put", 2, true, 0.05), "Full");
}

CLAUSE_TEST(joinable_queue_put_failed_counts_nothing, OneReportIsEnough) {
  Ref queue = main().make("JoinableQueue", 1);
  main().call(queue, "put", 1);
  expect_refused(main().call(queue, "put", 2, false));
  main().call(queue, "get");
  main().call(queue, "task_done");
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_put_closed, RaisesValueError) {
  Ref queue = main().make("JoinableQueue");
  main().call(queue, "close");
  EXPECT_RAISES(main().call(queue, "put", 1), "ValueError");
}

CLAUSE_TEST(joinable_queue_get_waits, UntilAnotherProcessPuts) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  Pending getting = main().begin(queue, "get");
  EXPECT_BLOCKED(getting);
  child.call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

CLAUSE_TEST(joinable_queue_get_empty, RaisesEmpty) {
  Ref queue = main().make("JoinableQueue");
  EXPECT_RAISES(main().call(queue, "get_nowait"), "Empty");
  EXPECT_RAISES(main().call(queue, "get", false), "Empty");
  EXPECT_RAISES(main().call(queue, "get", true, 0.05), "Empty");
}

CLAUSE_TEST(joinable_queue_state, IsThatOfTheItemsNotOfTheReports) {
  Ref queue = main().make("JoinableQueue", 1);
  EXPECT_EQ(main().call(queue, "empty"), true);
  EXPECT_EQ(main().call(queue, "full"), false);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "full"), true);
  main().call(queue, "get");
  EXPECT_EQ(main().call(queue, "empty"), true);
  EXPECT_EQ(main().call(queue, "full"), false);
}

// ---- Who shares it

CLAUSE_TEST(joinable_queue_share_as_argument, ItemsAndReportsGoBothWays) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().call(queue, "put", "down");
  EXPECT_EQ(child.call(queue, "get"), "down");
  child.call(queue, "task_done");
  EXPECT_RETURNED(main().call(queue, "join"));
  child.call(queue, "put", "up");
  EXPECT_EQ(main().call(queue, "get"), "up");
  main().call(queue, "task_done");
  EXPECT_RETURNED(child.call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_share_grandchild, ItsReportCounts) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  Actor& grandchild = start_process({queue}, {.parent = &child});
  main().call(queue, "put", 1);
  EXPECT_EQ(grandchild.call(queue, "get"), 1);
  EXPECT_RETURNED(grandchild.call(queue, "task_done"));
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_share_as_argument_only, SendingItIsRefused) {
  Ref queue = main().make("JoinableQueue");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", queue), "Exception");
}

// ---- Reports

CLAUSE_TEST(joinable_queue_task_done_counts_down, OneForEachItem) {
  Ref queue = main().make("JoinableQueue");
  main().batch(puts(queue, 0, 20));
  for (const Reply& reply : main().batch({Step::call(queue, "get"), Step::call(queue, "task_done")}, 20)) {
    EXPECT_RETURNED(reply);
  }
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_task_done_other_process, LetsTheProducerGo) {
  Ref queue = main().make("JoinableQueue");
  Actor& consumer = start_process({queue});
  main().call(queue, "put", 1);
  Pending joining = main().begin(queue, "join");
  await_blocked(joining);
  consumer.call(queue, "get");
  consumer.call(queue, "task_done");
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(joinable_queue_task_done_for_another, IsAccepted) {
  Ref queue = main().make("JoinableQueue");
  Actor& consumer = start_process({queue});
  Actor& reporter = start_process({queue});
  main().call(queue, "put", 1);
  consumer.call(queue, "get");
  EXPECT_RETURNED(reporter.call(queue, "task_done"));
  EXPECT_RETURNED(main().call(queue, "join"));
}

CLAUSE_TEST(joinable_queue_task_done_concurrent, NothingIsMiscounted) {
  constexpr int kItems = 60;
  Ref queue = main().make("JoinableQueue");
  std::vector<Pending> working;
  for (int i = 0; i < 2; ++i) {
    working.push_back(
        start_process({queue}).begin_batch({Step::call(queue, "get"), Step::call(queue, "task_done")}, kItems));
  }
  for (int i = 0; i < 2; ++i) working.push_back(start_process({queue}).begin_batch(puts(queue, 0, kItems)));
  for (const Pending& batch : working) {
    for (const Reply& reply : replies_of(batch)) ASSERT_RETURNED(reply);
  }
  EXPECT_RETURNED(main().call(queue, "join"));
  EXPECT_RAISES(main().call(queue, "task_done"), "ValueError");
}

CLAUSE_TEST(joinable_queue_task_done_unused, RaisesValueError) {
  Ref queue = main().make("JoinableQueue");
  EXPECT_RAISES(main().call(queue, "task_done"), "ValueError");
}

CLAUSE_TEST(joinable_queue_task_done_too_many, RaisesValueError) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  main().batch(puts(queue, 0, 2));
  main().batch({Step::call(queue, "get"), Step::call(queue, "task_done")}, 2);
  EXPECT_RAISES(main().call(queue, "task_done"), "ValueError");
  EXPECT_RAISES(child.call(queue, "task_done"), "ValueError");
}

CLAUSE_TEST(joinable_queue_task_done_refused_changes_nothing, TheNextItemIsWaitedFor) {
  Ref queue = main().make("JoinableQueue");
  Actor& child = start_process({queue});
  expect_refused(main().call(queue, "task_done"));
  main().call(queue, "put", 1);
  Pending joining = child.begin(queue, "join");
  EXPECT_BLOCKED(joining);
  main().call(queue, "get");
  main().call(queue, "task_done");
  EXPECT_RETURNED(joining);
}

}  // namespace mp::conformance
