#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <thread>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/condition.h"
#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

// Numbers that a test and its children share; those that are not atomic are guarded by the condition.
struct Numbers {
  int waiting;
  int woken;
  int items;
  std::atomic<int> taken;
};

class ConditionOfTheDeadTest : public testing::Test {
 protected:
  int wait_once() {
    const std::lock_guard guard(condition_);
    ++numbers_.waiting;
    condition_.wait();
    ++numbers_.woken;
    return 0;
  }
  Child child_that_waits() {
    return Child::fork([this] { return wait_once(); });
  }
  // Those who count as waiting under the lock are at the table when it is free.
  void await_waiting(int number) {
    while (waiting() != number) std::this_thread::yield();
  }
  int waiting() {
    const std::lock_guard guard(condition_);
    return numbers_.waiting;
  }
  int woken() {
    const std::lock_guard guard(condition_);
    return numbers_.woken;
  }
  void notify() {
    const std::lock_guard guard(condition_);
    condition_.notify();
  }

  Condition condition_;
  platform::Region region_ = platform::Region::create(sizeof(Numbers));
  Numbers& numbers_ = *new (region_.data()) Numbers{};
};

TEST_F(ConditionOfTheDeadTest, NotifyAllDoesNotWaitForThem) {
  for (int i = 0; i < 10; ++i) {
    Child child = child_that_waits();
    await_waiting(i + 1);
    child.kill();
    EXPECT_EQ(child.wait(Deadline::never()), -9);
  }
  std::thread live([&] { wait_once(); });
  await_waiting(11);
  {
    const std::lock_guard guard(condition_);
    condition_.notify_all();
  }
  live.join();
  EXPECT_EQ(woken(), 1);
}

TEST_F(ConditionOfTheDeadTest, TheirNotificationGoesToOneWhoWaitedAsWell) {
  Child dead = child_that_waits();
  await_waiting(1);
  std::thread first([&] { wait_once(); });
  await_waiting(2);
  std::thread second([&] { wait_once(); });
  await_waiting(3);
  dead.kill();
  EXPECT_EQ(dead.wait(Deadline::never()), -9);
  notify();  // to the dead, as he is the oldest
  first.join();
  EXPECT_EQ(woken(), 1);
  notify();
  second.join();
}

TEST_F(ConditionOfTheDeadTest, TheirNotificationIsNotInheritedByOneWhoCameLater) {
  Child dead = child_that_waits();
  await_waiting(1);
  dead.kill();
  EXPECT_EQ(dead.wait(Deadline::never()), -9);
  notify();
  const std::lock_guard guard(condition_);
  EXPECT_FALSE(condition_.wait(350ms));
}

// The one who is told holds the lock, so that his guard can free it; what he was notified of goes to the next.
TEST_F(ConditionOfTheDeadTest, OneIsToldThatTheHolderOfTheLockDied) {
  std::atomic<int> told = 0;
  std::atomic<int> notified = 0;
  const auto wait = [&] {
    const std::lock_guard guard(condition_);
    ++numbers_.waiting;
    try {
      if (condition_.wait()) ++notified;
    } catch (const OwnerDied&) {
      ++told;
    }
    EXPECT_TRUE(condition_.locked());
  };
  std::thread first(wait), second(wait);
  await_waiting(2);
  Child notifier = Child::fork([&] {
    condition_.acquire();
    condition_.notify();
    return 0;
  });
  EXPECT_EQ(notifier.wait(Deadline::never()), 0);
  while (told + notified < 2) std::this_thread::yield();
  first.join();
  second.join();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(notified, 1);
  EXPECT_FALSE(condition_.locked());
}

// Killed at any point of wait and notify, they leave a condition that goes on: items are put one at a time, each
// notified to one, and the survivor gets all that the dead did not take.
TEST_F(ConditionOfTheDeadTest, OutlivesEveryDeath) {
  const auto work = [&] {
    for (;;) {
      try {
        const std::lock_guard guard(condition_);
        condition_.wait_for([&] { return numbers_.items > 0; });
        --numbers_.items;
        ++numbers_.taken;
      } catch (const OwnerDied&) {
      }
    }
    return 0;
  };
  const auto put = [&] {
    for (;;) {
      try {
        const std::lock_guard guard(condition_);
        ++numbers_.items;
        condition_.notify();
        return;
      } catch (const OwnerDied&) {
      }
    }
  };
  Child survivor = Child::fork(work);
  for (int i = 0; i < 40; ++i) {
    Child victim = Child::fork(work);
    const int before = numbers_.taken;
    while (numbers_.taken < before + i) put();
    victim.kill();
    EXPECT_EQ(victim.wait(Deadline::never()), -9);
  }
  for (int i = 0; i < 20; ++i) {
    const int before = numbers_.taken;
    put();
    while (numbers_.taken == before) std::this_thread::yield();
  }
  survivor.kill();
  EXPECT_EQ(survivor.wait(Deadline::never()), -9);
}

}  // namespace
}  // namespace mp
