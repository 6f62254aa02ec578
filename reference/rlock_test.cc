#include "reference/rlock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/event.h"
#include "reference/process.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

// Numbers that a test and its children share.
struct Numbers {
  std::atomic<int> atomic;
  int guarded;
};

class RLockTest : public testing::Test {
 protected:
  // What another thread of this process gets.
  bool other_thread_acquires() {
    bool acquired = false;
    std::thread([&] {
      acquired = lock_.acquire(false);
      if (acquired) lock_.release();
    }).join();
    return acquired;
  }
  bool other_process_acquires() {
    Child child = Child::fork([&] { return lock_.acquire(false) ? 1 : 0; });
    const bool acquired = child.wait(Deadline::never()) == 1;
    if (acquired) {
      EXPECT_THROW(lock_.acquire(), OwnerDied);  // it ended as the owner
    }
    return acquired;
  }

  RLock lock_;
  platform::Region region_ = platform::Region::create(sizeof(Numbers));
  Numbers& numbers_ = *new (region_.data()) Numbers{};
};
using RLockForkTest = RLockTest;

TEST_F(RLockTest, LetsItsOwnerInAgain) {
  EXPECT_FALSE(lock_.locked());
  EXPECT_TRUE(lock_.acquire());
  EXPECT_TRUE(lock_.acquire(false));
  EXPECT_TRUE(lock_.acquire(true, 1h));
  EXPECT_TRUE(lock_.locked());
}

TEST_F(RLockForkTest, IsFreeAfterAsManyReleases) {
  lock_.acquire();
  lock_.acquire();
  EXPECT_FALSE(other_thread_acquires());
  EXPECT_FALSE(other_process_acquires());
  lock_.release();
  EXPECT_FALSE(other_thread_acquires());
  EXPECT_FALSE(other_process_acquires());
  lock_.release();
  EXPECT_FALSE(lock_.locked());
  EXPECT_TRUE(other_thread_acquires());
  EXPECT_TRUE(other_process_acquires());
}

TEST_F(RLockForkTest, ReleaseByAnybodyElseIsAnAssertionError) {
  EXPECT_THROW(lock_.release(), AssertionError);
  lock_.acquire();
  std::thread([&] { EXPECT_THROW(lock_.release(), AssertionError); }).join();
  Child child = Child::fork([&] {
    try {
      lock_.release();
    } catch (const AssertionError&) {
      return 5;
    }
    return 1;
  });
  EXPECT_EQ(child.wait(Deadline::never()), 5);
  EXPECT_FALSE(other_thread_acquires());
  lock_.release();
  EXPECT_THROW(lock_.release(), AssertionError);
}

// The thread that forks has the same number in the child.
TEST_F(RLockForkTest, AForkedChildOfTheOwnerIsNotTheOwner) {
  lock_.acquire();
  Child child = Child::fork([&] {
    if (lock_.acquire(false)) return 1;
    return lock_.acquire(true, 10ms) ? 2 : 0;
  });
  EXPECT_EQ(child.wait(Deadline::never()), 0);
}

TEST_F(RLockTest, TimeoutIsALowerBound) {
  lock_.acquire();
  std::thread([&] {
    const auto begin = Deadline::Clock::now();
    EXPECT_FALSE(lock_.acquire(true, 250ms));
    EXPECT_GE(Deadline::Clock::now() - begin, 250ms);
    EXPECT_FALSE(lock_.acquire(true, 0s));
    EXPECT_FALSE(lock_.acquire(true, -1s));
  }).join();
}

TEST_F(RLockTest, FitsTheGuardsOfTheStandardLibraryOneInTheOther) {
  {
    const std::lock_guard outer(lock_);
    const std::unique_lock inner(lock_, std::try_to_lock);
    EXPECT_TRUE(inner.owns_lock());
  }
  EXPECT_FALSE(lock_.locked());
}

TEST_F(RLockTest, CopiesAndDecodedOnesAreTheSameLock) {
  RLock copy = lock_;
  RLock decoded = decode<RLock>(encode_message(lock_));
  decoded.acquire();
  EXPECT_TRUE(lock_.acquire(false));
  copy.release();
  EXPECT_FALSE(other_thread_acquires());
  lock_.release();
  EXPECT_FALSE(decoded.locked());
}

TEST_F(RLockForkTest, ExcludesProcessesAndThreadsAtEveryLevel) {
  constexpr int kTimes = 3'000;
  const auto work = [&] {
    for (int i = 0; i < kTimes; ++i) {
      const std::lock_guard outer(lock_);
      ++numbers_.guarded;
      const std::lock_guard inner(lock_);
      ++numbers_.guarded;
    }
    return 0;
  };
  std::vector<Child> children;
  for (int i = 0; i < 3; ++i) children.push_back(Child::fork(work));
  std::thread first(work), second(work);
  first.join();
  second.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_EQ(numbers_.guarded, 5 * 2 * kTimes);
}

TEST_F(RLockTest, WorksInChildrenOfEveryStartMethod) {
  for (const std::string& method : get_all_start_methods()) {
    Event refused;
    lock_.acquire();
    lock_.acquire();
    Process process(
        {.start_method = mp::start_method(method)},
        [](RLock lock, Event refused) {
          if (lock.acquire(false)) exit(1);
          refused.set();
          lock.acquire();
          lock.acquire();
          lock.release();
          lock.release();
          exit(7);
        },
        lock_, refused);
    process.start();
    refused.wait();
    lock_.release();
    lock_.release();
    process.join();
    EXPECT_EQ(process.exitcode(), 7);
    EXPECT_FALSE(lock_.locked());
  }
}

TEST_F(RLockForkTest, OneWaiterIsToldThatTheOwnerDiedAtAnyLevelAndTheLockIsFree) {
  Child child = Child::fork([&] {
    lock_.acquire();
    lock_.acquire();
    return 0;
  });
  ASSERT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_THROW(lock_.acquire(), OwnerDied);
  EXPECT_FALSE(lock_.locked());
  EXPECT_THROW(lock_.release(), AssertionError);
  EXPECT_TRUE(lock_.acquire());
  lock_.release();
  EXPECT_FALSE(lock_.locked());
}

// Killed at any point of a hot loop, the owner leaves a lock that goes on, and what it guards is never entered by two.
TEST_F(RLockForkTest, OutlivesEveryDeathOfItsOwners) {
  const auto use = [&] {
    for (;;) {
      try {
        const std::lock_guard outer(lock_);
        const std::lock_guard inner(lock_);
        const int before = numbers_.guarded;
        numbers_.guarded = before + 1;
        numbers_.atomic.fetch_add(1);
        if (numbers_.guarded != before + 1) return 1;
      } catch (const OwnerDied&) {
      }
    }
    return 0;
  };
  Child survivor = Child::fork(use);
  for (int i = 0; i < 40; ++i) {
    const int before = numbers_.atomic;
    Child victim = Child::fork(use);
    while (numbers_.atomic < before + i) std::this_thread::yield();
    victim.kill();
    EXPECT_EQ(victim.wait(Deadline::never()), -9);
  }
  const int before = numbers_.atomic;
  while (numbers_.atomic < before + 1'000) std::this_thread::yield();  // the survivor gets on
  survivor.kill();
  EXPECT_EQ(survivor.wait(Deadline::never()), -9);
}

}  // namespace
}  // namespace mp
