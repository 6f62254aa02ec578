#include <vector>

#include "conformance/suites/queue_moments.h"
#include "spec/clauses/simple_queue.h"

namespace mp::conformance {

// ---- Items

CLAUSE_TEST(simple_queue_order_one_producer, KeepsItAmongOthers) {
  constexpr int kItems = 100;
  Ref queue = main().make("SimpleQueue");
  Actor& one = start_process({queue});
  Actor& other = start_process({queue});
  Pending putting = one.begin_batch(puts(queue, 0, kItems)), putting_too = other.begin_batch(puts(queue, 1000, kItems));
  std::int64_t next[] = {0, 1000};
  for (const Reply& reply : main().batch({Step::call(queue, "get")}, 2 * kItems)) {
    const std::int64_t item = see(reply).integer();
    ASSERT_EQ(item, next[item / 1000]++);
  }
  replies_of(putting), replies_of(putting_too);
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
  const Values items = {None,
                        true,
                        -1,
                        big("123456789012345678901234567890"),
                        1.5,
                        "gr\u00fc\u00df",
                        Bytes("\0\xff\n"),
                        Tuple{1, 2.5},
                        List{1, Tuple{"two", None}},
                        Dict{{"key", Set{1, 2}}}};
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  for (const Value& item : items) {
    child.call(queue, "put", item);
    EXPECT_EQ(main().call(queue, "get"), item);
  }
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
  Actor& child = start_process({queue});
  child.call(queue, "put", "up");
  EXPECT_EQ(main().call(queue, "get"), "up");
  main().call(queue, "put", "down");
  EXPECT_EQ(child.call(queue, "get"), "down");
}

CLAUSE_TEST(simple_queue_share_grandchild, ItemsComeFromThere) {
  Ref queue = main().make("SimpleQueue");
  Actor& child = start_process({queue});
  Actor& grandchild = start_process({queue}, {.parent = &child});
  grandchild.call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), 1);
  main().call(queue, "put", 2);
  EXPECT_EQ(grandchild.call(queue, "get"), 2);
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
  Actor& dead = start_process({queue});
  await_blocked(dead.begin(queue, "get"));
  kill_and_await(dead);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(simple_queue_robust_dead_getter, AnotherThatWaitsReceives) {
  Ref queue = main().make("SimpleQueue");
  Actor& dead = start_process({queue});
  Actor& live = start_process({queue});
  await_blocked(dead.begin(queue, "get"));  // the first in any line
  Pending getting = live.begin(queue, "get");
  await_blocked(getting);
  kill_and_await(dead);
  main().call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

// The large item itself may arrive, if all of it was written.
CLAUSE_TEST(simple_queue_robust_dead_putter, AnItemOrAnErrorComes) {
  Ref queue = main().make("SimpleQueue");
  Actor& dead = start_process({queue});
  kill_while_putting(dead, queue, main());
  const Reply put = main().call(queue, "put", 1);
  ASSERT_CAME_BACK(put);
  if (put.error() != nullptr) return;
  Reply got = main().call(queue, "get");
  ASSERT_CAME_BACK(got);
  if (got.error() != nullptr) return;
  if (*got.value() == large_item()) got = main().call(queue, "get");
  EXPECT_EQ(got, 1);
}

}  // namespace mp::conformance
