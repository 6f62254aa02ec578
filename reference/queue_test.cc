#include "reference/queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
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

// A getter that is killed while he waits takes nobody's item with him.
TEST(QueueFork, OthersGoOnWhenWaitersAreKilled) {
  Queue<int> items;
  Queue<int> results;
  const auto pass_on = [&] {
    results.put(items.get());
    return 0;
  };
  for (int round = 0; round < 20; ++round) {
    Child victims[] = {Child::fork(pass_on), Child::fork(pass_on)};
    Child survivor = Child::fork(pass_on);
    for (Child& victim : victims) {
      victim.kill();
      EXPECT_EQ(victim.wait(Deadline::never()), -9);
    }
    items.put(round);
    EXPECT_EQ(results.get(), round);
    expect_end(survivor);
  }
}

// Two who put and two who get, with a note of every item where all can see it.
constexpr int kProducers = 2;
constexpr int kMostItems = 20'000'000;

struct Notes {
  std::atomic<bool> stop;
  std::atomic<int>
      next[kProducers];  // the number of the next item; below it each was put, or its producer died with it
  std::atomic<int> got;
  std::atomic<unsigned char> seen[kProducers][kMostItems];
};

class QueueOfManyForkTest : public testing::Test {
 protected:
  using Item = std::vector<int>;  // its producer, its number, then as many copies of the number as size_ says

  int produce(int producer) {
    for (;;) {
      const int number = notes_.next[producer].fetch_add(1);
      if (number >= most_items_ || notes_.stop) return 0;
      Item item(2 + size_(number), number);
      item[0] = producer;
      queue_.put(item);
    }
  }

  // Ends with 0 at an item without content, with 1 at one that is not whole, comes twice, or comes too early.
  int consume() {
    int last[kProducers] = {-1, -1};
    for (;;) {
      const Item item = queue_.get();
      if (item.empty()) return 0;
      const int producer = item[0];
      const int number = item[1];
      if (item != whole(producer, number) || number <= std::exchange(last[producer], number)) return 1;
      if (notes_.seen[producer][number].fetch_add(1) != 0) return 1;
      ++notes_.got;
    }
  }

  Item whole(int producer, int number) {
    Item item(2 + size_(number), number);
    item[0] = producer;
    return item;
  }

  void start() {
    for (int producer = 0; producer < kProducers; ++producer) {
      producers_[producer] = Child::fork([&, producer] { return produce(producer); });
    }
    for (Child& consumer : consumers_) consumer = Child::fork([&] { return consume(); });
  }

  // Kills a producer or a consumer, at any instruction of his, and puts another in his place.
  void kill_one(bool producer) {
    const int victim = static_cast<int>(random_() % 2);
    Child& child = producer ? producers_[victim] : consumers_[victim];
    child.kill();
    ASSERT_EQ(child.wait(Deadline::never()), -9) << "not killed, but ended by itself";
    child = producer ? Child::fork([&, victim] { return produce(victim); }) : Child::fork([&] { return consume(); });
  }

  // How many items are missing when all has come to rest.
  int finish() {
    for (Child& child : producers_) expect_end(child);
    for (int i = 0; i < 2; ++i) queue_.put({});
    for (Child& child : consumers_) expect_end(child);
    EXPECT_TRUE(queue_.empty());
    int missing = 0;
    for (int producer = 0; producer < kProducers; ++producer) {
      for (int i = 0; i < std::min<int>(notes_.next[producer] - 1, most_items_); ++i)
        missing += notes_.seen[producer][i] == 0;
    }
    return missing;
  }

  void storm(int deaths) {
    start();
    for (int i = 0; i < deaths && !HasFatalFailure(); ++i) {
      const int before = notes_.got;
      const int pause = static_cast<int>(random_() % 200);
      while (notes_.got < before + pause) std::this_thread::yield();  // whoever is left gets on
      kill_one(i % 2 == 0);
    }
    notes_.stop = true;
    EXPECT_LE(finish(), deaths);
  }

  platform::Region region_ = platform::Region::create(sizeof(Notes));
  Notes& notes_ = *reinterpret_cast<Notes*>(region_.data());  // zeros
  Queue<Item> queue_;
  std::function<std::size_t(int)> size_ = [](int) { return 0; };
  int most_items_ = kMostItems;
  std::mt19937 random_{std::random_device{}()};
  Child producers_[kProducers];
  Child consumers_[2];
};

TEST_F(QueueOfManyForkTest, EachItemComesOnceAndInTheOrderOfItsProducer) {
  most_items_ = 50'000;
  start();
  EXPECT_EQ(finish(), 0);
}

TEST_F(QueueOfManyForkTest, SoDoItemsOfAllSizesThroughABoundedQueue) {
  queue_ = Queue<Item>(5);
  size_ = [](int number) { return number % 100 == 0 ? 500'000 : number % 1'000; };
  most_items_ = 5'000;
  start();
  EXPECT_EQ(finish(), 0);
}

// Nothing comes twice, nothing out of order, nothing torn; what is missing is what the killed had in their hands. A
// thousand deaths in all three, as many of producers as of consumers.
TEST_F(QueueOfManyForkTest, SmallItemsOutliveManyDeaths) {
  queue_ = Queue<Item>(1'000);
  storm(450);
}

TEST_F(QueueOfManyForkTest, ItemsInAQueueThatIsAlwaysFullOutliveManyDeaths) {
  queue_ = Queue<Item>(3);
  storm(400);
}

TEST_F(QueueOfManyForkTest, ItemsThatMakeTheQueueGrowOutliveManyDeaths) {
  size_ = [](int number) { return number % 50 == 0 ? 300'000 : number % 100; };
  storm(150);
}

}  // namespace
}  // namespace mp
