// Clients that die while they wait for a lock's or a condition's sake. Each is a thread here, as in a server.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "reference/caller.h"
#include "reference/error.h"
#include "reference/managed.h"

namespace mp::managed {
namespace {

using platform::Deadline;

// Says when a waiter of its condition has been woken, and comes back for the lock.
template <class L>
class Watched : public L {
 public:
  void acquire_restore(std::uint64_t depth) override {
    on_return();
    L::acquire_restore(depth);
  }

  std::function<void()> on_return = [] {};
};

template <class L>
class ConditionTest : public testing::Test {
 protected:
  void acquire() { lock_->acquire(true, Deadline::never()); }

  const std::shared_ptr<Watched<L>> lock_ = std::make_shared<Watched<L>>();
  Condition condition_{lock_};
};

using Locks = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(ConditionTest, Locks);

TYPED_TEST(ConditionTest, AClientThatDiesAfterItWasNotifiedTakesNoLockAndHandsOn) {
  std::atomic<bool> dead_is_waiting = false;
  static thread_local bool is_dead;
  this->lock_->on_return = [&] { is_dead = dead_is_waiting.exchange(false); };
  std::thread dead([&] {
    const Caller caller([] { return is_dead; });
    this->acquire();
    dead_is_waiting = true;
    EXPECT_THROW(this->condition_.wait({}), CallerGone);
  });
  while (!dead_is_waiting) std::this_thread::yield();
  std::atomic<bool> is_woken = false;
  std::atomic<bool> is_waiting = false;
  std::thread alive([&] {
    this->acquire();  // the dead one is waiting, and the first
    is_waiting = true;
    EXPECT_TRUE(this->condition_.wait({}));
    is_woken = true;
    this->lock_->release();
  });
  while (!is_waiting) std::this_thread::yield();
  this->acquire();
  this->condition_.notify({});
  dead.join();  // which does not wait for the lock
  EXPECT_FALSE(is_woken);
  this->lock_->release();
  alive.join();
  EXPECT_TRUE(this->lock_->acquire(false, Deadline::passed()));
}

// It gave nothing up, so nobody is to find it among those who wait.
TEST(ConditionOfALock, ForgetsAWaiterWhoseLockAnotherReleased) {
  struct Taken : Lock {
    bool is_owned() override { return true; }
  };
  const auto lock = std::make_shared<Taken>();
  Condition condition(lock);
  EXPECT_THROW(condition.wait({}), RuntimeError);
  std::atomic<bool> is_waiting = false;
  std::thread waiter([&] {
    lock->acquire(true, Deadline::never());
    is_waiting = true;
    EXPECT_TRUE(condition.wait({}));
    lock->release();
  });
  while (!is_waiting) std::this_thread::yield();
  lock->acquire(true, Deadline::never());
  condition.notify({});
  lock->release();
  waiter.join();
}

}  // namespace
}  // namespace mp::managed
