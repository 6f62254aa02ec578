#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "platform/child.h"
#include "platform/mutex.h"
#include "platform/region.h"

namespace mp::platform {
namespace {

using namespace std::chrono_literals;
using Outcome = Mutex::Outcome;

class MutexOfTheDeadTest : public testing::Test {
 protected:
  Child take_and_die() {
    Child child = Child::fork([&] {
      mutex_.lock(Deadline::never());
      return 0;
    });
    EXPECT_EQ(child.wait(Deadline::never()), 0);
    return child;
  }

  Region region_ = Region::create(sizeof(MutexState));
  MutexState& state_ = *reinterpret_cast<MutexState*>(region_.data());
  Mutex mutex_ = Mutex::create(state_);
};

TEST_F(MutexOfTheDeadTest, TellsTheNextOneThatItsOwnerDied) {
  Child owner = take_and_die();
  Life dead = 0;
  EXPECT_EQ(mutex_.lock(Deadline::never(), &dead), Outcome::kOwnerDied);
  EXPECT_EQ(pid_of(dead), owner.pid());
  EXPECT_EQ(mutex_.try_lock(), Outcome::kLate);
  mutex_.unlock();
  EXPECT_EQ(mutex_.lock(Deadline::never()), Outcome::kLocked);
  mutex_.unlock();
}

TEST_F(MutexOfTheDeadTest, TellsWhoOnlyTriesToo) {
  take_and_die();
  EXPECT_EQ(mutex_.try_lock(), Outcome::kOwnerDied);
  mutex_.unlock();
}

TEST_F(MutexOfTheDeadTest, GoesToASleeperWhenItsOwnerDies) {
  Child owner = Child::fork([&] {
    mutex_.lock(Deadline::never());
    for (;;) std::this_thread::sleep_for(1h);
    return 0;
  });
  while (!mutex_.is_locked()) std::this_thread::yield();
  std::thread sleeper([&] {
    EXPECT_EQ(mutex_.lock(Deadline::never()), Outcome::kOwnerDied);
    mutex_.unlock();
  });
  while (state_.sleepers == 0) std::this_thread::yield();
  owner.kill();  // nobody waits for it: a zombie counts as dead
  sleeper.join();
}

}  // namespace
}  // namespace mp::platform
