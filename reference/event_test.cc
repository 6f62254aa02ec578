#include "reference/event.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "platform/bell.h"
#include "platform/child.h"
#include "platform/message.h"
#include "platform/region.h"
#include "reference/codec.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

struct Counts {
  std::atomic<int> waiting;
  std::atomic<int> woken;
};

class EventTest : public testing::Test {
 protected:
  int wait_once() {
    ++counts_.waiting;
    if (event_.wait()) ++counts_.woken;
    return 0;
  }
  Event event_;
  platform::Region region_ = platform::Region::create(sizeof(Counts));
  Counts& counts_ = *new (region_.data()) Counts{};
};
using EventForkTest = EventTest;

TEST_F(EventTest, IsClearAtFirst) {
  EXPECT_FALSE(event_.is_set());
  EXPECT_FALSE(event_.wait(Wait::none()));
  event_.set();
  EXPECT_TRUE(event_.is_set());
  EXPECT_TRUE(event_.wait(Wait::none()));
  event_.clear();
  EXPECT_FALSE(event_.is_set());
  EXPECT_FALSE(event_.wait(-1s));
}

TEST_F(EventTest, SetAndClearTwiceIsAsOnce) {
  event_.set();
  event_.set();
  EXPECT_TRUE(event_.wait());
  event_.clear();
  event_.clear();
  EXPECT_FALSE(event_.is_set());
}

TEST_F(EventTest, TimeoutIsALowerBound) {
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(event_.wait(250ms));
  EXPECT_GE(Deadline::Clock::now() - begin, 250ms);
}

TEST_F(EventForkTest, SetWakesEveryThreadAndProcess) {
  std::vector<Child> children;
  for (int i = 0; i < 3; ++i) children.push_back(Child::fork([&] { return wait_once(); }));
  std::thread thread([&] { wait_once(); });
  while (counts_.waiting < 4) std::this_thread::yield();
  event_.set();
  thread.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_EQ(counts_.woken, 4);
}

// However short the flag was there, who waited goes: else this would take for ever, or as long as it takes to meet the
// flag by chance.
TEST_F(EventTest, SetFollowedByClearLetsAllGoWhoWaited) {
  constexpr int kTimes = 200;
  constexpr int kWaiters = 3;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWaiters; ++i) {
    threads.emplace_back([&] {
      for (int times = 0; times < kTimes; ++times) wait_once();
    });
  }
  while (counts_.woken < kTimes * kWaiters) {
    event_.set();
    event_.clear();
    std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
}

// A waiter may begin at any point of a pulse. Without a timeout he never comes back empty-handed.
TEST_F(EventTest, NobodyComesBackWithoutHavingSeenASet) {
  constexpr int kTimes = 30'000;
  constexpr int kWaiters = 2;
  std::atomic<int> failed = 0;
  std::atomic<int> at_work = kWaiters;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWaiters; ++i) {
    threads.emplace_back([&] {
      for (int times = 0; times < kTimes; ++times) failed += !event_.wait();
      --at_work;
    });
  }
  while (at_work > 0) {
    event_.set();
    event_.clear();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
}

// What a setter leaves who is killed between his two steps: the word is changed, and no bell has rung.
TEST_F(EventTest, ASetterWhoDiedBeforeHeRangIsMadeGood) {
  struct Shared {  // as the event begins it
    std::atomic<std::uint64_t> word;
    platform::BellState bell;
  };
  platform::Message message = encode_message(event_);
  const platform::Region memory = platform::Region::adopt(std::move(message.handles.at(0)));
  Shared& shared = *reinterpret_cast<Shared*>(memory.data());
  std::thread thread([&] { wait_once(); });
  while (shared.bell.sleepers == 0) std::this_thread::yield();
  shared.word += 3;  // one more, and the flag
  thread.join();
  EXPECT_EQ(counts_.woken, 1);
}

TEST_F(EventTest, CopiesAndDecodedOnesAreTheSameEvent) {
  Event copy = event_;
  Event decoded = decode<Event>(encode_message(event_));
  decoded.set();
  EXPECT_TRUE(copy.is_set());
}

TEST_F(EventForkTest, SetDoesNotWaitForWaitersWhoDied) {
  for (int i = 0; i < 20; ++i) {
    Child child = Child::fork([&] { return wait_once(); });
    while (counts_.waiting <= i) std::this_thread::yield();
    child.kill();
    EXPECT_EQ(child.wait(Deadline::never()), -9);
  }
  std::thread thread([&] { wait_once(); });
  while (counts_.waiting < 21) std::this_thread::yield();
  event_.set();
  thread.join();
  EXPECT_EQ(counts_.woken, 1);
  event_.clear();
  EXPECT_FALSE(event_.wait(150ms));  // nor does a set() of before look like a new one
}

}  // namespace
}  // namespace mp
