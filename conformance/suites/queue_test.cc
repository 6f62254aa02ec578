#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "conformance/suites/queue_moments.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

// ---- Size

CLAUSE_TEST(queue_ctor_unbounded, TakesManyItems) {
  Ref queue = main().make("Queue");
  for (const Reply& put : main().batch({Step::call(queue, "put", 7)}, 2000)) EXPECT_RETURNED(put);
  allow_leftovers();
}

CLAUSE_TEST(queue_ctor_bounded, TakesAsManyAsItsSizeAndNoMore) {
  Ref queue = main().make("Queue", 3);
  for (int item = 1; item <= 3; ++item) EXPECT_RETURNED(main().call(queue, "put", item, false));
  EXPECT_RAISES(main().call(queue, "put", 4, false), "Full");
}

CLAUSE_TEST(queue_ctor_bounded, TakesItsSizeByName) {
  Ref queue = main().make("Queue", Kwargs{{"maxsize", 1}});
  EXPECT_RETURNED(main().call(queue, "put", 1, false));
  EXPECT_RAISES(main().call(queue, "put", 2, false), "Full");
}

CLAUSE_TEST(queue_ctor_zero, IsNoBound) {
  const Reply queue = main().make("Queue", 0);
  ASSERT_RETURNED(queue);
  for (const Reply& put : main().batch({Step::call(queue, "put", 7, false)}, 200)) EXPECT_RETURNED(put);
}

CLAUSE_TEST(queue_ctor_negative, IsNoBound) {
  const Reply queue = main().make("Queue", -1);
  ASSERT_RETURNED(queue);
  for (const Reply& put : main().batch({Step::call(queue, "put", 7, false)}, 200)) EXPECT_RETURNED(put);
}

CLAUSE_TEST(queue_qsize_settled, IsTheNumberOfItems) {
  Ref queue = main().make("Queue");
  EXPECT_EQ(main().call(queue, "qsize"), 0);
  main().batch({Step::call(queue, "put", 7)}, 3);
  EXPECT_EQ(main().call(queue, "qsize"), 3);
  main().call(queue, "get");
  EXPECT_EQ(main().call(queue, "qsize"), 2);
}

CLAUSE_TEST(queue_qsize_settled, CountsTheItemsOfOtherProcesses) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.call(queue, "put", 1);
  main().call(queue, "put", 2);
  EXPECT_EQ(main().call(queue, "qsize"), 2);
  main().batch({Step::call(queue, "get")}, 2);
}

CLAUSE_TEST(queue_qsize_macos, IsThere) {
  Ref queue = main().make("Queue");
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "qsize"), 1);
}

CLAUSE_TEST(queue_empty_new, IsEmpty) {
  Ref queue = main().make("Queue");
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(queue_empty_after_put, TurnsFalse) {
  Ref queue = main().make("Queue");
  main().call(queue, "put", 1);
  EXPECT_BECOMES(main(), Step::call(queue, "empty"), false);
}

CLAUSE_TEST(queue_empty_after_put, TurnsFalseForAnotherProcess) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  EXPECT_BECOMES(child, Step::call(queue, "empty"), false);
}

CLAUSE_TEST(queue_empty_after_last_get, IsEmpty) {
  Ref queue = main().make("Queue");
  main().batch({Step::call(queue, "put", 7)}, 2);
  main().batch({Step::call(queue, "get")}, 2);
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(queue_full_at_maxsize, IsFull) {
  Ref queue = main().make("Queue", 2);
  main().batch({Step::call(queue, "put", 7)}, 2);
  EXPECT_EQ(main().call(queue, "full"), true);
}

CLAUSE_TEST(queue_full_below_maxsize, IsNotFull) {
  Ref queue = main().make("Queue", 2);
  EXPECT_EQ(main().call(queue, "full"), false);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "full"), false);
}

CLAUSE_TEST(queue_full_below_maxsize, IsNotFullAfterAGet) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  main().call(queue, "get");
  EXPECT_EQ(main().call(queue, "full"), false);
}

CLAUSE_TEST(queue_full_unbounded, IsNeverFull) {
  Ref queue = main().make("Queue");
  EXPECT_EQ(main().call(queue, "full"), false);
  main().batch({Step::call(queue, "put", 7)}, 200);
  EXPECT_EQ(main().call(queue, "full"), false);
}

// ---- Items

CLAUSE_TEST(queue_item_kinds, NumbersArriveEqual) {
  const Values items = {
      true, 0,     -1,        255, big("123456789012345678901234567890"), big("-9223372036854775809"), 1.5,
      -0.0, 1e308, kInfinity, kNaN};
  Ref queue = main().make("Queue");
  for (const Value& item : items) {
    main().call(queue, "put", item);
    EXPECT_EQ(main().call(queue, "get"), item);
  }
}

CLAUSE_TEST(queue_item_kinds, TextAndBytesArriveEqual) {
  const Values items = {"",
                        "plain",
                        "gr\u00fc\u00df \u6f22 \U0001f600",
                        std::string("nul\0inside", 10),
                        Bytes(),
                        Bytes("\0\xff\n"),
                        Bytes(300, '\x80')};
  Ref queue = main().make("Queue");
  for (const Value& item : items) {
    main().call(queue, "put", item);
    EXPECT_EQ(main().call(queue, "get"), item);
  }
}

CLAUSE_TEST(queue_item_kinds, ContainersArriveEqual) {
  const Values items = {List{},    List{1, "two", None},
                        Tuple{},   Tuple{1, List{2.5}},
                        Dict{},    Dict{{"key", List{1}}, {2, None}},
                        Set{1, 2}, List{Dict{{"a", Tuple{Set{3}}}}}};
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  for (const Value& item : items) {
    child.call(queue, "put", item);
    EXPECT_EQ(main().call(queue, "get"), item);
  }
}

CLAUSE_TEST(queue_item_large, ArrivesWhole) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  Pending put = child.begin(queue, "put", large_item());
  EXPECT_RETURNED(main().call(queue, "get"), large_item());
  put.reply();
}

CLAUSE_TEST(queue_item_empty_handed, NoneIsAnItem) {
  Ref queue = main().make("Queue");
  main().call(queue, "put", None);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), None);
  EXPECT_EQ(main().call(queue, "get"), 1);
}

// ---- Order, and every item once

CLAUSE_TEST(queue_order_one_producer, KeepsItAmongOthers) {
  Ref queue = main().make("Queue");
  Actor& one = start_process({queue});
  Actor& other = start_process({queue});
  expect_order_of_each(queue, one, other, main());
}

CLAUSE_TEST(queue_order_own_items, ComeBackInOrder) {
  Ref queue = main().make("Queue");
  main().batch(puts(queue, 0, 50));
  std::int64_t next = 0;
  for (const Reply& item : main().batch({Step::call(queue, "get")}, 50)) EXPECT_EQ(item, next++);
}

CLAUSE_TEST(queue_exactly_once, AmongProcesses) {
  constexpr int kItems = 60;
  Ref queue = main().make("Queue");
  std::vector<Caller> children;
  for (int i = 0; i < 4; ++i) children.push_back(start_process({queue}));
  expect_exactly_once(queue, {children[0], children[1]}, {children[2], children[3], main()}, kItems);
}

CLAUSE_TEST(queue_exactly_once, WhenPutsHaveToWait) {
  constexpr int kItems = 60;
  Ref queue = main().make("Queue", 2);
  std::vector<Caller> children;
  for (int i = 0; i < 4; ++i) children.push_back(start_process({queue}));
  expect_exactly_once(queue, {children[0], children[1]}, {children[2], children[3], main()}, kItems);
}

// Who puts and who gets next is drawn from the seed. Each get gives the oldest item of one of the producers: which one, nothing says.
CLAUSE_TEST(queue_exactly_once, InARandomHistory) {
  constexpr int kSteps = 80;
  std::mt19937_64 random(seed());
  Ref queue = main().make("Queue");
  std::vector<Caller> callers = {main(), start_process({queue}), start_process({queue})};
  std::vector<std::deque<std::int64_t>> there(callers.size());
  std::size_t items = 0;
  for (int step = 0; step < kSteps; ++step) {
    const std::size_t who = random() % callers.size();
    if (items == 0 || random() % 2 == 0) {
      const std::int64_t item = static_cast<std::int64_t>(who) * kSteps + step;
      callers[who].call(queue, "put", item);
      there[who].push_back(item);
      ++items;
    } else {
      const std::int64_t item = see(callers[who].call(queue, "get")).integer();
      ASSERT_TRUE(item >= 0 && item < kSteps * static_cast<std::int64_t>(callers.size())) << item << " was never put";
      std::deque<std::int64_t>& of_its_producer = there[static_cast<std::size_t>(item / kSteps)];
      ASSERT_FALSE(of_its_producer.empty()) << "item " << item << " came twice";
      ASSERT_EQ(item, of_its_producer.front());
      of_its_producer.pop_front();
      --items;
    }
  }
}

CLAUSE_TEST(queue_thread_safe, EachItemArrivesOnce) {
  constexpr int kItems = 60;
  Ref queue = main().make("Queue");
  expect_exactly_once(queue, {main().thread("p1"), main().thread("p2")}, {main().thread("c1"), main().thread("c2")},
                      kItems);
}

// ---- Who shares it

CLAUSE_TEST(queue_share_as_argument, ItemsGoBothWays) {
  Ref queue = main().make("Queue");
  expect_both_ways(queue, start_process({queue}), main());
}

CLAUSE_TEST(queue_share_grandchild, ItemsComeFromThere) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  expect_both_ways(queue, start_process({queue}, {.parent = &child}), main());
}

CLAUSE_TEST(queue_share_keyword_argument, IsTheSameQueue) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({}, {.kwargs = {{"results", queue}}});
  ASSERT_EQ(child.kwargs().items.size(), 1u);
  ASSERT_TRUE(child.kwargs().items[0].second.is<Handle>());
  const Ref arrived(child.kwargs().items[0].second.as<Handle>()->number);
  child.call(arrived, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(queue_share_subclass_state, WorksInTheChildsRun) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue}, {.class_name = "ServeProcess"});
  child.call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(queue_share_as_argument_only, SendingItIsRefused) {
  Ref queue = main().make("Queue");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", queue), "Exception");
}

CLAUSE_TEST(queue_share_outlives_maker_reference, ChildrenGoOn) {
  Ref queue = main().make("Queue");
  Actor& one = start_process({queue});
  Actor& other = start_process({queue});
  main().drop(queue);
  EXPECT_RETURNED(one.call(queue, "put", 1));
  EXPECT_EQ(other.call(queue, "get"), 1);
}

}  // namespace mp::conformance
