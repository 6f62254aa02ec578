#include "reference/simple_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/context.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Child;
using platform::Deadline;

TEST(SimpleQueue, IsFirstInFirstOut) {
  SimpleQueue<std::string> queue;
  EXPECT_TRUE(queue.empty());
  for (const char* text : {"one", "", "three"}) queue.put(text);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.get(), "one");
  EXPECT_EQ(queue.get(), "");
  EXPECT_EQ(queue.get(), "three");
  EXPECT_TRUE(queue.empty());
}

TEST(SimpleQueue, TakesMoreThanAnyPipeHoldsWithoutAReader) {
  SimpleQueue<std::string> queue;
  const std::string item(10 << 20, 'x');
  queue.put(item);
  EXPECT_TRUE(queue.get() == item);
}

TEST(SimpleQueue, WhatCannotTravelThrowsInPutAndStoresNothing) {
  SimpleQueue<SimpleQueue<int>> queue;
  EXPECT_THROW(queue.put(SimpleQueue<int>()), RuntimeError);
  EXPECT_TRUE(queue.empty());
}

TEST(SimpleQueue, GoesAsAnArgumentUnderEveryStartMethod) {
  for (const std::string& method : get_all_start_methods()) {
    const Context context = get_context(method);
    auto questions = context.SimpleQueue<int>();
    auto answers = context.SimpleQueue<std::string>();
    Process process =
        context.Process([](SimpleQueue<int> from, SimpleQueue<std::string> to) { to.put(std::to_string(from.get())); },
                        questions, answers);
    process.start();
    questions.put(42);
    EXPECT_EQ(answers.get(), "42");
    process.join();
    EXPECT_EQ(process.exitcode(), 0);
  }
}

TEST(SimpleQueue, ClosedOneRefusesAllCopiesOfThisProcessAndNoOther) {
  SimpleQueue<int> queue;
  SimpleQueue<int> copy = queue;
  SimpleQueue<int> elsewhere = decode<SimpleQueue<int>>(encode_message(queue));
  queue.put(1);
  copy.close();
  copy.close();
  EXPECT_THROW(queue.put(2), OSError);
  EXPECT_THROW(queue.get(), OSError);
  EXPECT_THROW(queue.empty(), OSError);
  EXPECT_THROW(encode_message(queue), OSError);
  queue.close();
  EXPECT_EQ(elsewhere.get(), 1);
}

// An item whose decoding, in the middle of get(), waits for the test.
struct Slow {
  static std::atomic<bool> is_inside, may_go;
  int value = 0;

  void save(Writer& writer) const { writer(value); }
  void load(Reader& reader) {
    reader(value);
    is_inside = true;
    while (!may_go) std::this_thread::yield();
  }
};
std::atomic<bool> Slow::is_inside, Slow::may_go;

TEST(SimpleQueue, AGetThatIsAtWorkEndsWellWhenTheQueueIsClosed) {
  SimpleQueue<Slow> queue;
  queue.put(Slow{7});
  int got = 0;
  std::thread getter([&] { got = queue.get().value; });
  while (!Slow::is_inside) std::this_thread::yield();
  queue.close();
  EXPECT_THROW(queue.empty(), OSError);
  Slow::may_go = true;
  getter.join();
  EXPECT_EQ(got, 7);
}

// Calls in other threads either come before close() or are refused; none of them touches what is gone.
TEST(SimpleQueue, CanBeClosedAmongCalls) {
  for (int round = 0; round < 100; ++round) {
    SimpleQueue<int> queue;
    std::atomic<int> calls = 0;
    const auto use = [&] {
      try {
        for (;;) {
          queue.put(1);
          queue.get();
          ++calls;
        }
      } catch (const OSError&) {
      }
    };
    std::thread first(use), second(use);
    while (calls < 20) std::this_thread::yield();
    queue.close();
    first.join();
    second.join();
    EXPECT_THROW(queue.empty(), OSError);
  }
}

// Two who put and two who get, killed at any instruction: the others go on, and nothing comes twice or torn.
constexpr int kMostItems = 4'000'000;

struct Notes {
  std::atomic<bool> stop;
  std::atomic<int> next;  // the number of the next item; below it each was put, or its producer died with it
  std::atomic<int> got;
  std::atomic<unsigned char> seen[kMostItems];
};

class SimpleQueueForkStorm : public testing::Test {
 protected:
  using Item = std::vector<int>;  // some copies of its number

  // Not too far ahead: what nobody has got in the end costs time.
  int produce() {
    for (;;) {
      const int number = notes_.next.fetch_add(1);
      while (number > notes_.got + 1'000 && !notes_.stop) std::this_thread::yield();
      if (number >= kMostItems || notes_.stop) return 0;
      queue_.put(Item(1 + number % 100, number));
    }
  }

  // Ends with 0 at an item without content, with 1 at one that is not whole or comes twice.
  int consume() {
    for (;;) {
      const Item item = queue_.get();
      if (item.empty()) return 0;
      if (item != Item(1 + item[0] % 100, item[0]) || notes_.seen[item[0]].fetch_add(1) != 0) return 1;
      ++notes_.got;
    }
  }

  platform::Region region_ = platform::Region::create(sizeof(Notes));
  Notes& notes_ = *reinterpret_cast<Notes*>(region_.data());  // zeros
  SimpleQueue<Item> queue_;
};

TEST_F(SimpleQueueForkStorm, OthersGoOnWhenSomebodyIsKilled) {
  constexpr int kDeaths = 200;
  std::mt19937 random{std::random_device{}()};
  const auto begin = [&](std::size_t who) {
    return who < 2 ? Child::fork([&] { return produce(); }) : Child::fork([&] { return consume(); });
  };
  Child children[] = {begin(0), begin(1), begin(2), begin(3)};
  for (int death = 0; death < kDeaths; ++death) {
    const int goal = notes_.got + static_cast<int>(random() % 200);
    while (notes_.got < goal) std::this_thread::yield();  // whoever is left gets on
    const std::size_t victim = random() % 4;
    children[victim].kill();
    ASSERT_EQ(children[victim].wait(Deadline::never()), -9) << "not killed, but ended by itself";
    children[victim] = begin(victim);
  }
  notes_.stop = true;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(children[i].wait(Deadline::never()), 0);
  for (int i = 0; i < 2; ++i) queue_.put({});
  for (int i = 2; i < 4; ++i) EXPECT_EQ(children[i].wait(Deadline::never()), 0);
  EXPECT_TRUE(queue_.empty());
  int missing = 0;
  for (int i = 0; i < std::min<int>(notes_.next, kMostItems); ++i) missing += notes_.seen[i] == 0;
  EXPECT_LE(missing, kDeaths + 2);  // what the dead had in their hands, and the two numbers after the stop
}

}  // namespace
}  // namespace mp
