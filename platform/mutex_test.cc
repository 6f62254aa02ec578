#include "platform/mutex.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "platform/region.h"

namespace mp::platform {
namespace {

using namespace std::chrono_literals;
using Outcome = Mutex::Outcome;

class MutexTest : public testing::Test {
 protected:
  MutexState& state() { return *reinterpret_cast<MutexState*>(region_.data()); }

  Region region_ = Region::create(sizeof(MutexState));
  Mutex mutex_ = Mutex::create(state());
};

TEST_F(MutexTest, LetsInOneAtATime) {
  ASSERT_EQ(mutex_.lock(Deadline::never()), Outcome::kLocked);
  std::thread other([&] {
    EXPECT_EQ(mutex_.try_lock(), Outcome::kLate);
    EXPECT_EQ(mutex_.lock(Deadline::passed()), Outcome::kLate);
  });
  other.join();
  mutex_.unlock();
  EXPECT_EQ(mutex_.try_lock(), Outcome::kLocked);
  mutex_.unlock();
}

TEST_F(MutexTest, IsNeverLateTooEarly) {
  ASSERT_EQ(mutex_.try_lock(), Outcome::kLocked);
  std::thread other([&] {
    const auto begin = Deadline::Clock::now();
    EXPECT_EQ(mutex_.lock(Deadline::after(30ms)), Outcome::kLate);
    EXPECT_GE(Deadline::Clock::now() - begin, 30ms);
  });
  other.join();
  mutex_.unlock();
}

TEST_F(MutexTest, GuardsWhatItShould) {
  int guarded = 0;
  const auto work = [&] {
    for (int i = 0; i < 20'000; ++i) {
      mutex_.lock(Deadline::never());
      ++guarded;
      mutex_.unlock();
    }
  };
  std::thread first(work), second(work), third(work);
  first.join();
  second.join();
  third.join();
  EXPECT_EQ(guarded, 60'000);
}

TEST_F(MutexTest, AdoptedIsTheSame) {
  const Region adopted = Region::adopt(region_.handle());
  Mutex other = Mutex::adopt(*reinterpret_cast<MutexState*>(adopted.data()), mutex_.handle());
  ASSERT_EQ(other.try_lock(), Outcome::kLocked);
  EXPECT_EQ(mutex_.try_lock(), Outcome::kLate);
  other.unlock();
}

TEST_F(MutexTest, UnlockTellsWhetherSomebodyHeldIt) {
  EXPECT_FALSE(mutex_.unlock());
  mutex_.lock(Deadline::never());
  EXPECT_TRUE(mutex_.is_locked());
  EXPECT_EQ(mutex_.holder(), own_life());
  EXPECT_TRUE(mutex_.unlock());
  EXPECT_FALSE(mutex_.is_locked());
  EXPECT_EQ(mutex_.holder(), 0u);
}

}  // namespace
}  // namespace mp::platform
