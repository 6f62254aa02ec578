#include "reference/lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/codec.h"
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

// Numbers that a test and its children share.
struct Numbers {
  std::atomic<int> atomic;
  int guarded;
};

class LockTest : public testing::Test {
 protected:
  void take_and_die(Lock lock) {
    Child child = Child::fork([&] {
      lock.acquire();
      return 3;
    });
    ASSERT_EQ(child.wait(Deadline::never()), 3);
  }

  Lock lock_;
  platform::Region region_ = platform::Region::create(sizeof(Numbers));
  Numbers& numbers_ = *new (region_.data()) Numbers{};
};
using LockForkTest = LockTest;

TEST_F(LockTest, IsFreeAtFirstAndIsNotRecursive) {
  EXPECT_FALSE(lock_.locked());
  EXPECT_TRUE(lock_.acquire());
  EXPECT_TRUE(lock_.locked());
  EXPECT_FALSE(lock_.acquire(false));
  lock_.release();
  EXPECT_FALSE(lock_.locked());
}

TEST_F(LockTest, ReleaseWithoutHolderIsAValueError) {
  EXPECT_THROW(lock_.release(), ValueError);
  lock_.acquire();
  lock_.release();
  EXPECT_THROW(lock_.release(), ValueError);
  EXPECT_TRUE(lock_.acquire(false));
}

TEST_F(LockTest, TimeoutIsALowerBound) {
  lock_.acquire();
  EXPECT_GE(time_of([&] { EXPECT_FALSE(lock_.acquire(true, 250ms)); }), 250ms);
  EXPECT_FALSE(lock_.acquire(true, 0s));
  EXPECT_FALSE(lock_.acquire(true, -1s));
  EXPECT_FALSE(lock_.acquire(false, Wait::forever()));
}

TEST_F(LockForkTest, AnyThreadAndAnyProcessMayRelease) {
  lock_.acquire();
  std::thread([&] { lock_.release(); }).join();
  EXPECT_TRUE(lock_.acquire(false));
  Child child = Child::fork([&] {
    lock_.release();
    return 0;
  });
  ASSERT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_TRUE(lock_.acquire(false));
}

TEST_F(LockTest, FitsTheGuardsOfTheStandardLibrary) {
  {
    const std::lock_guard guard(lock_);
    EXPECT_TRUE(lock_.locked());
  }
  const std::unique_lock guard(lock_, std::try_to_lock);
  EXPECT_TRUE(guard.owns_lock());
}

TEST_F(LockTest, CopiesAndDecodedOnesAreTheSameLock) {
  Lock copy = lock_;
  Lock decoded = decode<Lock>(encode_message(lock_));
  decoded.acquire();
  EXPECT_FALSE(lock_.acquire(false));
  copy.release();
  EXPECT_FALSE(decoded.locked());
}

TEST_F(LockTest, ReleaseWakesASleeper) {
  lock_.acquire();
  std::thread sleeper([&] {
    numbers_.atomic = 1;
    EXPECT_TRUE(lock_.acquire());
    numbers_.atomic = 2;
  });
  while (numbers_.atomic == 0) std::this_thread::yield();
  EXPECT_EQ(numbers_.atomic, 1);
  lock_.release();
  sleeper.join();
  EXPECT_EQ(numbers_.atomic, 2);
}

TEST_F(LockForkTest, ExcludesProcessesAndThreads) {
  constexpr int kTimes = 5'000;
  const auto work = [&] {
    for (int i = 0; i < kTimes; ++i) {
      const std::lock_guard guard(lock_);
      ++numbers_.guarded;
    }
  };
  std::vector<Child> children;
  for (int i = 0; i < 3; ++i) {
    children.push_back(Child::fork([&] {
      work();
      return 0;
    }));
  }
  std::thread first(work), second(work);
  first.join();
  second.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_EQ(numbers_.guarded, 5 * kTimes);
}

TEST_F(LockForkTest, OneWaiterIsToldThatTheHolderDiedAndTheLockIsFree) {
  take_and_die(lock_);
  EXPECT_TRUE(lock_.locked());
  EXPECT_THROW(lock_.acquire(), OwnerDied);
  EXPECT_FALSE(lock_.locked());
  EXPECT_TRUE(lock_.acquire());
  lock_.release();
}

TEST_F(LockForkTest, WhoOnlyAsksIsToldToo) {
  take_and_die(lock_);
  EXPECT_THROW(lock_.acquire(false), OwnerDied);
  EXPECT_TRUE(lock_.acquire(false));
}

TEST_F(LockForkTest, OfManyWaitersExactlyOneIsTold) {
  Child holder = Child::fork([&] {
    lock_.acquire();
    numbers_.atomic = 1;
    for (;;) std::this_thread::sleep_for(1h);
    return 0;
  });
  while (numbers_.atomic == 0) std::this_thread::yield();
  std::atomic<int> told = 0;
  std::atomic<int> held = 0;
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] {
      try {
        const std::lock_guard guard(lock_);
        ++held;
      } catch (const OwnerDied&) {
        ++told;
      }
    });
  }
  holder.kill();
  for (auto& waiter : waiters) waiter.join();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(held, 3);
  EXPECT_FALSE(lock_.locked());
}

// Killed at any point of a hot loop, the holder leaves a lock that goes on: 200 deaths, each survived by others.
TEST_F(LockForkTest, OutlivesEveryDeathOfItsHolders) {
  const auto use = [&] {
    for (;;) {
      try {
        const std::lock_guard guard(lock_);
        numbers_.atomic.fetch_add(1);
      } catch (const OwnerDied&) {
      }
    }
    return 0;
  };
  Child survivor = Child::fork(use);
  for (int i = 0; i < 200; ++i) {
    const int before = numbers_.atomic;
    Child victim = Child::fork(use);
    while (numbers_.atomic < before + i) std::this_thread::yield();
    victim.kill();
    victim.wait(Deadline::never());
  }
  const int before = numbers_.atomic;
  while (numbers_.atomic < before + 1'000) std::this_thread::yield();  // the survivor gets on
  survivor.kill();
  survivor.wait(Deadline::never());
}

}  // namespace
}  // namespace mp
