#include "reference/condition.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/start_method.h"

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
};

class ConditionTest : public testing::Test {
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
    await([&] { return numbers_.waiting == number; });
  }
  void await_woken(int number) {
    await([&] { return numbers_.woken >= number; });
  }
  template <class Question>
  void await(Question question) {
    for (;;) {
      {
        const std::lock_guard guard(condition_);
        if (question()) return;
      }
      std::this_thread::yield();
    }
  }
  int woken() {
    const std::lock_guard guard(condition_);
    return numbers_.woken;
  }
  void notify(int n = 1) {
    const std::lock_guard guard(condition_);
    condition_.notify(n);
  }

  Condition condition_;
  platform::Region region_ = platform::Region::create(sizeof(Numbers));
  Numbers& numbers_ = *new (region_.data()) Numbers{};
};
using ConditionForkTest = ConditionTest;

TEST_F(ConditionTest, HasARecursiveLockOfItsOwn) {
  EXPECT_FALSE(condition_.locked());
  EXPECT_TRUE(condition_.acquire());
  EXPECT_TRUE(condition_.acquire(false));
  EXPECT_TRUE(condition_.locked());
  condition_.release();
  condition_.release();
  EXPECT_FALSE(condition_.locked());
  EXPECT_THROW(condition_.release(), AssertionError);
}

TEST_F(ConditionTest, TakesTheLockThatItIsGiven) {
  Lock lock;
  RLock rlock;
  Condition of_lock(lock), of_rlock(rlock), second(lock);
  const std::lock_guard guard(of_lock);
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(second.acquire(false));
  EXPECT_FALSE(of_lock.acquire(true, 10ms));
  const std::lock_guard other(of_rlock);
  EXPECT_TRUE(rlock.locked());
}

TEST_F(ConditionForkTest, NeedsTheLock) {
  EXPECT_THROW(condition_.wait(), RuntimeError);
  EXPECT_THROW(condition_.wait_for([] { return true; }), RuntimeError);
  EXPECT_THROW(condition_.notify(), RuntimeError);
  EXPECT_THROW(condition_.notify_all(), RuntimeError);
  const std::lock_guard guard(condition_);
  std::thread([&] {
    EXPECT_THROW(condition_.wait(Wait::none()), RuntimeError);
    EXPECT_THROW(condition_.notify(), RuntimeError);
  }).join();
  Lock lock;
  Condition of_lock(lock);
  EXPECT_THROW(of_lock.wait(), RuntimeError);
  lock.acquire();
  EXPECT_NO_THROW(of_lock.notify());
  Child child = Child::fork([&] {
    try {
      of_lock.notify();
    } catch (const RuntimeError&) {
      return 5;
    }
    return 1;
  });
  EXPECT_EQ(child.wait(Deadline::never()), 5);
}

TEST_F(ConditionTest, WaitGivesFalseAtItsTimeoutAndHoldsTheLock) {
  condition_.acquire();
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(condition_.wait(250ms));
  EXPECT_GE(Deadline::Clock::now() - begin, 250ms);
  EXPECT_FALSE(condition_.wait(Wait::none()));
  EXPECT_FALSE(condition_.wait(-1s));
  std::thread([&] { EXPECT_FALSE(condition_.acquire(false)); }).join();
  condition_.release();
}

// With every kind of lock, at every level.
TEST_F(ConditionTest, WaitFreesTheLockAtAllLevelsAndRestoresThem) {
  for (Condition condition : {Condition(), Condition(Lock())}) {
    const bool is_recursive = condition.acquire() && condition.acquire(false);
    std::atomic<bool> notified = false;
    std::thread notifier([&] {
      const std::lock_guard guard(condition);
      condition.notify();
      notified = true;
    });
    EXPECT_TRUE(condition.wait());
    EXPECT_TRUE(notified);
    notifier.join();
    if (is_recursive) condition.release();
    EXPECT_TRUE(condition.locked());
    condition.release();
    EXPECT_FALSE(condition.locked());
  }
}

TEST_F(ConditionForkTest, NotifyWakesOneAndNotifyNThatMany) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { wait_once(); });
  std::vector<Child> children;
  for (int i = 0; i < 3; ++i) children.push_back(child_that_waits());
  await_waiting(6);
  notify();
  await_woken(1);
  notify(2);
  await_woken(3);
  notify(0);
  notify(-1);
  const auto begin = Deadline::Clock::now();
  while (Deadline::Clock::now() - begin < 150ms) ASSERT_EQ(woken(), 3);  // can only pass wrongly
  notify(100);
  for (std::thread& thread : threads) thread.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_EQ(woken(), 6);
}

TEST_F(ConditionTest, NotifyAllWakesAllAndMoreThanThereAreLanes) {
  constexpr int kWaiters = 20;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWaiters; ++i) threads.emplace_back([&] { wait_once(); });
  await_waiting(kWaiters);
  {
    const std::lock_guard guard(condition_);
    condition_.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(woken(), kWaiters);
}

TEST_F(ConditionTest, TheOldestIsWokenFirst) {
  std::vector<std::thread> threads;
  std::vector<int> order;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      const std::lock_guard guard(condition_);
      ++numbers_.waiting;
      condition_.wait();
      order.push_back(i);
      ++numbers_.woken;
    });
    await_waiting(i + 1);
  }
  for (int i = 0; i < 10; ++i) {
    notify();
    await_woken(i + 1);
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(ConditionTest, ANotificationOfNobodyIsNotRemembered) {
  const std::lock_guard guard(condition_);
  condition_.notify();
  condition_.notify_all();
  EXPECT_FALSE(condition_.wait(20ms));
}

TEST_F(ConditionTest, WaitForGivesTheLastValueOfThePredicate) {
  const std::lock_guard guard(condition_);
  EXPECT_EQ(condition_.wait_for([] { return 7; }), 7);
  EXPECT_EQ(condition_.wait_for([] { return std::optional<int>(0); }, -1s), std::optional<int>(0));
  int asked = 0;
  const auto begin = Deadline::Clock::now();
  EXPECT_EQ(condition_.wait_for([&] { return ++asked, 0; }, 60ms), 0);
  EXPECT_GE(Deadline::Clock::now() - begin, 60ms);
  EXPECT_EQ(asked, 2);
  EXPECT_THROW(condition_.wait_for([]() -> bool { throw ValueError("no"); }), ValueError);
  EXPECT_TRUE(condition_.locked());
}

TEST_F(ConditionTest, WaitForGoesOnWhileThePredicateIsFalse) {
  std::thread waiter([&] {
    const std::lock_guard guard(condition_);
    ++numbers_.waiting;
    EXPECT_TRUE(condition_.wait_for([&] {
      ++numbers_.woken;
      return numbers_.items == 3;
    }));
  });
  await_waiting(1);
  for (int i = 1; i <= 3; ++i) {
    {
      const std::lock_guard guard(condition_);
      numbers_.items = i;
      condition_.notify();
    }
    await_woken(i + 1);
  }
  waiter.join();
}

TEST_F(ConditionTest, CopiesAndDecodedOnesAreTheSameCondition) {
  for (Condition condition : {Condition(), Condition(Lock())}) {
    Condition decoded = decode<Condition>(encode_message(condition));
    std::thread notifier;
    {
      const std::lock_guard guard(condition);
      notifier = std::thread([&] {
        const std::lock_guard guard(decoded);
        decoded.notify();
      });
      EXPECT_TRUE(condition.wait());
    }
    notifier.join();
  }
}

TEST_F(ConditionTest, WorksInChildrenOfEveryStartMethod) {
  for (const std::string& method : get_all_start_methods()) {
    const std::unique_lock guard(condition_);
    Process process(
        {.start_method = mp::start_method(method)},
        [](Condition condition) {
          const std::lock_guard guard(condition);
          condition.notify();
          if (!condition.wait()) exit(1);
          exit(7);
        },
        condition_);
    process.start();
    EXPECT_TRUE(condition_.wait());
    condition_.notify();
    condition_.release();
    process.join();
    condition_.acquire();
    EXPECT_EQ(process.exitcode(), 7);
  }
}

// Nothing is lost: each item is taken by whoever is notified, in processes and threads.
TEST_F(ConditionForkTest, EveryItemFindsAConsumer) {
  constexpr int kItems = 2'000;
  const auto consume = [&] {
    for (;;) {
      const std::lock_guard guard(condition_);
      condition_.wait_for([&] { return numbers_.items > 0 || numbers_.woken == kItems; });
      if (numbers_.woken == kItems) return 0;
      --numbers_.items;
      if (++numbers_.woken == kItems) condition_.notify_all();
    }
  };
  std::vector<Child> children;
  for (int i = 0; i < 2; ++i) children.push_back(Child::fork(consume));
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(consume);
  for (int i = 0; i < kItems; ++i) {
    const std::lock_guard guard(condition_);
    ++numbers_.items;
    condition_.notify();
  }
  for (std::thread& thread : threads) thread.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_EQ(numbers_.items, 0);
}

}  // namespace
}  // namespace mp
