#include "platform/semaphore.h"

#include <gtest/gtest.h>

#include <chrono>
#include <new>
#include <thread>
#include <vector>

#include "platform/region.h"

namespace mp::platform {
namespace {

using namespace std::chrono_literals;

class SemaphoreTest : public testing::Test {
 protected:
  Region region_ = Region::create(sizeof(SemaphoreState));
  SemaphoreState& state_ = *new (region_.data()) SemaphoreState;
};

TEST_F(SemaphoreTest, CountsDownToZeroAndNoFurther) {
  Semaphore semaphore = Semaphore::create(state_, 2, 5);
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_TRUE(semaphore.acquire(Deadline::passed()));
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.acquire(Deadline::passed()));
  EXPECT_EQ(semaphore.value(), 0u);
}

TEST_F(SemaphoreTest, CountsUpToItsMaximumAndNoFurther) {
  Semaphore semaphore = Semaphore::create(state_, 0, 2);
  EXPECT_TRUE(semaphore.release());
  EXPECT_TRUE(semaphore.release());
  EXPECT_FALSE(semaphore.release());
  EXPECT_EQ(semaphore.value(), 2u);
}

TEST_F(SemaphoreTest, ReleasesSeveralOrNone) {
  Semaphore semaphore = Semaphore::create(state_, 1, 4);
  EXPECT_FALSE(semaphore.release(4));
  EXPECT_EQ(semaphore.value(), 1u);
  EXPECT_TRUE(semaphore.release(3));
  EXPECT_EQ(semaphore.value(), 4u);
  EXPECT_FALSE(semaphore.release(0xffffffff));
  EXPECT_EQ(semaphore.value(), 4u);
}

TEST_F(SemaphoreTest, IsNeverLateTooEarly) {
  Semaphore semaphore = Semaphore::create(state_, 0, 1);
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(semaphore.acquire(Deadline::after(30ms)));
  EXPECT_GE(Deadline::Clock::now() - begin, 30ms);
}

// Longer than the slices that a sleep is made of.
TEST_F(SemaphoreTest, SleepsThroughItsSlices) {
  Semaphore semaphore = Semaphore::create(state_, 0, 1);
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(semaphore.acquire(Deadline::after(450ms)));
  EXPECT_GE(Deadline::Clock::now() - begin, 450ms);
}

TEST_F(SemaphoreTest, ReleaseWakesASleeper) {
  Semaphore semaphore = Semaphore::create(state_, 0, 1);
  bool acquired = false;
  std::thread sleeper([&] { acquired = semaphore.acquire(Deadline::never()); });
  while (state_.sleepers.load() == 0) std::this_thread::yield();
  semaphore.release();
  sleeper.join();
  EXPECT_TRUE(acquired);
}

TEST_F(SemaphoreTest, AtRestIsTheSameWithoutTheLook) {
  Semaphore semaphore = Semaphore::create(state_, 1, 1);
  EXPECT_TRUE(semaphore.acquire_at_rest(Deadline::passed()));
  EXPECT_FALSE(semaphore.acquire_at_rest(Deadline::passed()));
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(semaphore.acquire_at_rest(Deadline::after(30ms)));
  EXPECT_GE(Deadline::Clock::now() - begin, 30ms);
  state_.sleepers = 0;
  bool acquired = false;
  std::thread sleeper([&] { acquired = semaphore.acquire_at_rest(Deadline::never()); });
  while (state_.sleepers.load() == 0) std::this_thread::yield();
  semaphore.release();
  sleeper.join();
  EXPECT_TRUE(acquired);
}

TEST_F(SemaphoreTest, AdoptedIsTheSame) {
  Semaphore semaphore = Semaphore::create(state_, 0, 3);
  const Region adopted = Region::adopt(region_.handle());
  Semaphore other = Semaphore::adopt(*reinterpret_cast<SemaphoreState*>(adopted.data()), semaphore.handle());
  EXPECT_TRUE(other.release());
  EXPECT_TRUE(semaphore.try_acquire());
}

// As many units as acquires, in bursts: whoever is forgotten in his sleep makes this hang, or late by a whole slice for
// each.
class SemaphoreBurstTest : public SemaphoreTest {
 protected:
  static constexpr int kSleepers = 4;

  template <class Give>
  void run(Give give) {
    constexpr int kRounds = 500;
    std::vector<std::thread> sleepers;
    for (int i = 0; i < kSleepers; ++i) {
      sleepers.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round) {
          semaphore_.acquire(Deadline::never());
          done_.release();
        }
      });
    }
    for (int round = 0; round < kRounds; ++round) {
      give();
      for (int i = 0; i < kSleepers; ++i) done_.acquire(Deadline::never());
    }
    for (auto& sleeper : sleepers) sleeper.join();
    EXPECT_EQ(semaphore_.value(), 0u);
    EXPECT_EQ(done_.value(), 0u);
  }

  Semaphore semaphore_ = Semaphore::create(state_, 0, 1000);
  Region done_region_ = Region::create(sizeof(SemaphoreState));
  Semaphore done_ = Semaphore::create(*new (done_region_.data()) SemaphoreState, 0, 1000);
};

TEST_F(SemaphoreBurstTest, OfReleasesWakesAsManySleepers) {
  run([&] {
    for (int i = 0; i < kSleepers; ++i) semaphore_.release();
  });
}

TEST_F(SemaphoreBurstTest, InOneReleaseWakesAsManySleepers) {
  run([&] { semaphore_.release(kSleepers); });
}

TEST_F(SemaphoreTest, GuardsAsALock) {
  Semaphore semaphore = Semaphore::create(state_, 1, 1);
  int guarded = 0;
  const auto work = [&] {
    for (int i = 0; i < 20'000; ++i) {
      semaphore.acquire(Deadline::never());
      ++guarded;
      semaphore.release();
    }
  };
  std::thread first(work), second(work), third(work);
  first.join();
  second.join();
  third.join();
  EXPECT_EQ(guarded, 60'000);
}

}  // namespace
}  // namespace mp::platform
