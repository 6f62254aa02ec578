#include <vector>

#include "conformance/suites/queue_moments.h"
#include "spec/clauses/simple_queue.h"

namespace mp::conformance {

// ---- Items

CLAUSE_TEST(simple_queue_order_one_producer, KeepsItAmongOthers) {
  Ref queue = main().make("SimpleQueue");
  Actor& one = start_process({queue});
  Actor& other = start_process({queue});
  expect_order_of_each(queue, one, other, main());
}

CLAUSE_TEST(simple_queue_exactly_once, AmongProcesses) {
  Ref queue = main().make("SimpleQueue");
  std::vector<Caller> children;
  for (int i = 0; i < 4; ++i) children.push_back(start_process({queue}));
  expect_exactly_once(queue, {children[0], children[1]}, {children[2], children[3], main()}, 60);
}

CLAUSE_TEST(simple_queue_thread_safe, EachItemArrivesOnce) {
  Ref queue = main().make("SimpleQueue");
  expect_exactly_once(queue, {main().thread("p1"), main().thread("p2")}, {main().thread("c1"), main().thread("c2")},
                      60);
}

CLAUSE_TEST(simple_queue_item_kinds, ArriveEqual) {
  Ref queue = main().make("SimpleQueue");
  expect_kinds_arrive_equal(queue, start_process({queue}), main());
}

CLAUSE_TEST(simple_queue_item_large, ArrivesWhole) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  Pending put = child.begin(queue, "put", large_item());
  EXPECT_RETURNED(main().call(queue, "get"), large_item());
  put.reply();
}

// ---- Who shares it

CLAUSE_TEST(simple_queue_share_as_argument, ItemsGoBothWays) {
  Ref queue = main().make("SimpleQueue");
  expect_both_ways(queue, start_process({queue}), main());
}

CLAUSE_TEST(simple_queue_share_grandchild, ItemsComeFromThere) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  expect_both_ways(queue, start_process({queue}, {.parent = &child}), main());
}

CLAUSE_TEST(simple_queue_share_as_argument_only, SendingItIsRefused) {
  Ref queue = main().make("SimpleQueue");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", queue), "Exception");
}

// ---- empty, get, put

CLAUSE_TEST(simple_queue_empty_new, IsEmpty) {
  Ref queue = main().make("SimpleQueue");
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(simple_queue_empty_after_put, IsNotEmptyForAnybody) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  child.call(queue, "put", 1);
  EXPECT_EQ(child.call(queue, "empty"), false);
  EXPECT_EQ(main().call(queue, "empty"), false);
}

CLAUSE_TEST(simple_queue_empty_after_last_get, IsEmpty) {
  Ref queue = main().make("SimpleQueue");
  main().batch({Step::call(queue, "put", 7)}, 2);
  main().batch({Step::call(queue, "get")}, 2);
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(simple_queue_get_waits, UntilAnotherProcessPuts) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  Pending getting = main().begin(queue, "get");
  EXPECT_BLOCKED(getting);
  child.call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

CLAUSE_TEST(simple_queue_get_removes, TheNextOneGivesTheNextItem) {
  Ref queue = main().make("SimpleQueue");
  main().call(queue, "put", 1);
  main().call(queue, "put", 2);
  EXPECT_EQ(main().call(queue, "get"), 1);
  EXPECT_EQ(main().call(queue, "get"), 2);
}

CLAUSE_TEST(simple_queue_get_one_waiter, TheOthersKeepWaiting) {
  Ref queue = main().make("SimpleQueue");
  const std::vector<Pending> getting = {start_process({queue}).begin(queue, "get"),
                                        start_process({queue}).begin(queue, "get")};
  await_blocked(getting);
  main().call(queue, "put", 1);
  const std::size_t first = await_any(getting);
  EXPECT_RETURNED(getting[first], 1);
  EXPECT_BLOCKED(getting[1 - first]);
}

CLAUSE_TEST(simple_queue_put_producer_gone, ItsItemArrives) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  child.call(queue, "put", 1);
  child.bye({"quit", 0, ""});
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(simple_queue_put_encodes, RaisesInTheCaller) {
  Ref queue = main().make("SimpleQueue");
  Ref recorder = main().make("recorder");
  EXPECT_RAISES(main().call(queue, "put", recorder), "Exception");
}

CLAUSE_TEST(simple_queue_put_failed_stores_nothing, TheNextItemComesFirst) {
  Ref queue = main().make("SimpleQueue");
  Ref recorder = main().make("recorder");
  expect_refused(main().call(queue, "put", recorder));
  EXPECT_EQ(main().call(queue, "empty"), true);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), 1);
}

// It may wait; this tells whether it does.
CLAUSE_TEST(simple_queue_put_without_reader, DoesNotWait) {
  Ref queue = main().make("SimpleQueue");
  EXPECT_RETURNED(main().call(queue, "put", large_item()));
}

// ---- close

// A testee may have 1024 files open.
CLAUSE_TEST(simple_queue_close_frees, AThousandAndMoreCanBeClosed) {
  for (int i = 0; i < 1100; ++i) {
    const Reply made = main().make("SimpleQueue");
    ASSERT_RETURNED(made);
    Ref queue = made;
    ASSERT_RETURNED(main().call(queue, "close"));
  }
}

CLAUSE_TEST(simple_queue_close_refuses, PutGetAndEmpty) {
  Ref queue = main().make("SimpleQueue");
  main().call(queue, "put", 1);
  main().call(queue, "close");
  EXPECT_RAISES(main().call(queue, "put", 2), "Exception");
  EXPECT_RAISES(main().call(queue, "get"), "Exception");
  EXPECT_RAISES(main().call(queue, "empty"), "Exception");
}

CLAUSE_TEST(simple_queue_close_local, OthersGoOn) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  child.call(queue, "close");
  EXPECT_RETURNED(main().call(queue, "put", 1));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(simple_queue_close_twice, IsHarmless) {
  Ref queue = main().make("SimpleQueue");
  main().call(queue, "close");
  EXPECT_RETURNED(main().call(queue, "close"));
}

// ---- Who dies

CLAUSE_TEST(simple_queue_robust_dead_getter, AnotherGetReceives) {
  Ref queue = main().make("SimpleQueue");
  expect_get_after_dead_getter(queue, start_process({queue}), main());
}

CLAUSE_TEST(simple_queue_robust_dead_getter, AnotherThatWaitsReceives) {
  Ref queue = main().make("SimpleQueue");
  Actor& dead = start_process({queue});
  Actor& live = start_process({queue});
  expect_get_beside_dead_getter(queue, dead, live, main());
}

CLAUSE_TEST(simple_queue_robust_dead_putter, AnItemOrAnErrorComes) {
  Ref queue = main().make("SimpleQueue");
  expect_item_or_error_after_dead_putter(queue, start_process({queue}), main());
}

}  // namespace mp::conformance
