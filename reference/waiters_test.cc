#include "reference/waiters.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

class WaitersTest : public testing::Test {
 protected:
  bool await(const Waiter& waiter) {
    while (!waiters_.sleep(waiter, Deadline::never())) {
    }
    return true;
  }

  platform::Region region_ = platform::Region::create(sizeof(Waiters::Table));
  Waiters::Table& table_ = *reinterpret_cast<Waiters::Table*>(region_.data());
  Waiters waiters_ = Waiters::create(table_);
};
using WaitersForkTest = WaitersTest;

TEST_F(WaitersTest, EachHasAPlaceOfHisOwnUntilHeLeaves) {
  Waiter& first = *waiters_.enter(7, 0);
  Waiter& second = *waiters_.enter(8, 0);
  EXPECT_NE(&first, &second);
  EXPECT_EQ(first.ticket, 7u);
  EXPECT_EQ(first.who, platform::own_life());
  waiters_.leave(first);
  EXPECT_EQ(waiters_.enter(9, 0), &first);
  std::vector<std::uint64_t> tickets;
  waiters_.each([&](Waiter& waiter) { tickets.push_back(waiter.ticket); });
  EXPECT_EQ(tickets, (std::vector<std::uint64_t>{9, 8}));
}

TEST_F(WaitersTest, GivesThePlaceOfTheLastTimeIfItIsFree) {
  Waiter& first = *waiters_.enter(1, 0);
  Waiter& second = *waiters_.enter(2, 0);
  waiters_.leave(first);
  waiters_.leave(second);
  EXPECT_EQ(waiters_.enter(3, waiters_.place_of(second)), &second);
  EXPECT_EQ(waiters_.enter(4, waiters_.place_of(second)), &first);
}

TEST_F(WaitersTest, HasAnEndAndGivesPlacesBack) {
  for (Waiter& place : table_.places) place.who = platform::own_life();
  table_.used = Waiters::kMost;
  EXPECT_EQ(waiters_.enter(0, 0), nullptr);
  waiters_.leave(table_.places[500]);
  EXPECT_EQ(waiters_.enter(0, 0), &table_.places[500]);
  for (std::uint32_t place = 100; place < Waiters::kMost; ++place) waiters_.leave(table_.places[place]);
  waiters_.trim();
  EXPECT_EQ(table_.used, 100u);
}

TEST_F(WaitersTest, AnAnswerThatIsThereNeedsNoSleep) {
  Waiter& waiter = *waiters_.enter(1, 0);
  waiters_.wake(waiters_.tell(waiter, 5));
  EXPECT_TRUE(waiters_.look(waiter));
  EXPECT_TRUE(waiters_.sleep(waiter, Deadline::passed()));
  EXPECT_EQ(waiter.answer, 5u);
}

TEST_F(WaitersTest, SleepEndsAtTheDeadlineOrAfterASlice) {
  Waiter& waiter = *waiters_.enter(1, 0);
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(waiters_.sleep(waiter, Deadline::after(30ms)));
  EXPECT_GE(Deadline::Clock::now() - begin, 30ms);
  EXPECT_FALSE(waiters_.sleep(waiter, Deadline::never()));
}

// All have the same bell; only one of them is meant each time. A wake that is lost makes this late by a slice.
TEST_F(WaitersTest, OneOfManyWithTheSameBellIsWoken) {
  constexpr int kSleepers = 4;
  constexpr int kRounds = 300;
  std::vector<Waiter*> waiters;
  for (std::uint32_t i = 0; i < kSleepers * Waiters::kBells; ++i) {
    Waiter* const waiter = waiters_.enter(i, i);
    if (i % Waiters::kBells == 0) waiters.push_back(waiter);
  }
  std::atomic<int> told = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kSleepers; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        await(*waiters[i]);
        waiters[i]->answer = 0;
        ++told;
      }
    });
  }
  for (int i = 0; i < kSleepers * kRounds; ++i) {
    waiters_.wake(waiters_.tell(*waiters[i % kSleepers], 1));
    while (told != i + 1) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(WaitersForkTest, KnowsItsDead) {
  Child child = Child::fork([&] {
    waiters_.enter(1, 0);
    return 0;
  });
  EXPECT_EQ(child.wait(Deadline::never()), 0);
  Waiter& live = *waiters_.enter(2, 0);
  EXPECT_EQ(waiters_.place_of(live), 1u);
  EXPECT_TRUE(table_.places[0].is_dead());
  EXPECT_FALSE(live.is_dead());
  EXPECT_FALSE(table_.places[2].is_dead());
}

}  // namespace
}  // namespace mp
