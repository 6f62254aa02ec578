#include "reference/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

Deadline::Clock::duration time_of(const std::function<void()>& act) {
  const auto begin = Deadline::Clock::now();
  act();
  return Deadline::Clock::now() - begin;
}

void expect_end(Child& child) { EXPECT_EQ(child.wait(Deadline::never()), 0); }

TEST(Queue, IsFirstInFirstOut) {
  Queue<std::string> queue;
  EXPECT_TRUE(queue.empty());
  for (const char* text : {"one", "", "three"}) queue.put(text);
  EXPECT_EQ(queue.qsize(), 3u);
  EXPECT_EQ(queue.get(), "one");
  EXPECT_EQ(queue.get(), "");
  EXPECT_EQ(queue.get(), "three");
  EXPECT_TRUE(queue.empty());
}

TEST(Queue, CarriesWhatCanBeEncoded) {
  Queue<std::map<std::string, std::vector<int>>> maps;
  maps.put({{"a", {1, 2}}, {"b", {}}});
  EXPECT_EQ(maps.get().at("a"), (std::vector<int>{1, 2}));
  Queue<std::vector<double>> vectors;
  vectors.put({0.5, 1.5});
  EXPECT_EQ(vectors.get(), (std::vector<double>{0.5, 1.5}));
  Queue<std::vector<bool>> bits;
  bits.put({true, false});
  EXPECT_EQ(bits.get(), (std::vector<bool>{true, false}));
}

TEST(Queue, WhatCannotTravelThrowsInPutAndStoresNothing) {
  Queue<Queue<int>> queue;
  EXPECT_THROW(queue.put(Queue<int>()), RuntimeError);
  EXPECT_TRUE(queue.empty());
}

TEST(Queue, EmptyOneRefusesAtOnceOrAfterTheTimeout) {
  Queue<int> queue;
  EXPECT_THROW(queue.get_nowait(), Empty);
  EXPECT_THROW(queue.get(false, Wait::forever()), Empty);
  EXPECT_THROW(queue.get(true, -1s), Empty);
  EXPECT_GE(time_of([&] { EXPECT_THROW(queue.get(true, 250ms), Empty); }), 250ms);
}

TEST(Queue, FullOneRefusesAtOnceOrAfterTheTimeoutAndStoresNothing) {
  Queue<int> queue(2);
  queue.put(1);
  EXPECT_FALSE(queue.full());
  queue.put(2);
  EXPECT_TRUE(queue.full());
  EXPECT_THROW(queue.put_nowait(3), Full);
  EXPECT_THROW(queue.put(3, true, 0s), Full);
  EXPECT_GE(time_of([&] { EXPECT_THROW(queue.put(3, true, 250ms), Full); }), 250ms);
  EXPECT_EQ(queue.get(), 1);
  queue.put_nowait(4);
  EXPECT_EQ(queue.get(), 2);
  EXPECT_EQ(queue.get(), 4);
}

TEST(Queue, AnItemWakesAWaitingGetterAndASlotAWaitingPutter) {
  Queue<int> queue(1);
  std::atomic<int> got = 0;
  std::thread getter([&] {
    for (int i = 1; i <= 1'000; ++i) got = queue.get();
  });
  for (int i = 1; i <= 1'000; ++i) queue.put(i);
  getter.join();
  EXPECT_EQ(got, 1'000);
}

TEST(Queue, ClosedOneRefusesInThisProcessOnly) {
  Queue<int> queue;
  EXPECT_THROW(queue.join_thread(), AssertionError);
  Queue<int> elsewhere = decode<Queue<int>>(encode_message(queue));
  queue.put(1);
  queue.close();
  queue.close();
  queue.join_thread();
  EXPECT_THROW(queue.put(2), ValueError);
  EXPECT_THROW(queue.get_nowait(), ValueError);
  EXPECT_EQ(elsewhere.get(), 1);
  elsewhere.put(2);
}

TEST(Queue, UnboundedOneTakesAllWithoutAReader) {
  Queue<std::string> queue;
  const std::string item(1'000, 'x');
  constexpr unsigned kItems = 50'000;
  for (unsigned i = 0; i < kItems; ++i) queue.put_nowait(item);
  EXPECT_EQ(queue.qsize(), kItems);
  for (unsigned i = 0; i < kItems; ++i) ASSERT_EQ(queue.get_nowait(), item);
  EXPECT_TRUE(queue.empty());
}

TEST(QueueFork, CarriesItemsOfAllSizes) {
  Queue<std::string> queue;
  const std::size_t sizes[] = {0, 1, 5 << 20, 3, 100 << 20, 7};
  Child child = Child::fork([&] {
    for (std::size_t size : sizes) queue.put(std::string(size, static_cast<char>('a' + size % 26)));
    return 0;
  });
  for (std::size_t size : sizes) EXPECT_TRUE(queue.get() == std::string(size, static_cast<char>('a' + size % 26)));
  expect_end(child);
}

TEST(QueueFork, ItemsOfAnEndedProcessRemain) {
  Queue<int> queue;
  Child child = Child::fork([&] {
    for (int i = 0; i < 10'000; ++i) queue.put(i);
    return 0;
  });
  expect_end(child);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(queue.get_nowait(), i);
}

// Random steps, and a std::deque that says what has to come out.
TEST(Queue, DoesWhatADequeDoes) {
  std::mt19937 random(1);
  constexpr std::size_t kMaxsize = 20;
  Queue<std::string> queue(kMaxsize);
  std::deque<std::string> model;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 2 == 0) {
      const std::string item(random() % 100'000 / (random() % 100 + 1), static_cast<char>(random()));
      if (model.size() < kMaxsize) {
        queue.put_nowait(item);
        model.push_back(item);
      } else {
        EXPECT_THROW(queue.put_nowait(item), Full);
      }
    } else if (model.empty()) {
      EXPECT_THROW(queue.get_nowait(), Empty);
    } else {
      ASSERT_EQ(queue.get_nowait(), model.front());
      model.pop_front();
    }
    ASSERT_EQ(queue.qsize(), model.size());
    ASSERT_EQ(queue.empty(), model.empty());
    ASSERT_EQ(queue.full(), model.size() == kMaxsize);
  }
}

// What is there is never refused, however busy the others are: every one takes exactly its share without waiting.
TEST(Queue, NowaitIsNeverRefusedBecauseOthersAreBusy) {
  Queue<int> queue;
  constexpr int kShare = 20'000;
  for (int i = 0; i < 3 * kShare; ++i) queue.put(i);
  const auto take = [&] {
    for (int i = 0; i < kShare; ++i) queue.get_nowait();
  };
  std::thread first(take), second(take), third(take);
  first.join();
  second.join();
  third.join();
  EXPECT_TRUE(queue.empty());

  Queue<int> bounded(3 * kShare);
  const auto fill = [&] {
    for (int i = 0; i < kShare; ++i) bounded.put_nowait(i);
  };
  std::thread fourth(fill), fifth(fill), sixth(fill);
  fourth.join();
  fifth.join();
  sixth.join();
  EXPECT_TRUE(bounded.full());
}

// A getter that waits stands in nobody's way.
TEST(Queue, NobodyIsBlockedByOneThatWaits) {
  Queue<int> queue;
  std::atomic<bool> got = false;
  std::thread waiter([&] {
    queue.get();
    got = true;
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_THROW(queue.get(true, 10ms), Empty);
    EXPECT_THROW(queue.get_nowait(), Empty);
  }
  EXPECT_FALSE(got);
  queue.put(1);
  waiter.join();
}

}  // namespace
}  // namespace mp
