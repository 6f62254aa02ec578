#include "platform/bell.h"

#include <gtest/gtest.h>

#include <chrono>
#include <new>
#include <thread>
#include <vector>

#include "platform/region.h"

namespace mp::platform {
namespace {

using namespace std::chrono_literals;

class BellTest : public testing::Test {
 protected:
  Region region_ = Region::create(sizeof(BellState));
  BellState& state_ = *new (region_.data()) BellState;
  Bell bell_ = Bell::create(state_);
};

TEST_F(BellTest, CountsItsRings) {
  const std::uint32_t heard = bell_.rings();
  bell_.ring();
  EXPECT_NE(bell_.rings(), heard);
  EXPECT_TRUE(bell_.listen(heard, Deadline::passed()));
  EXPECT_FALSE(bell_.listen(bell_.rings(), Deadline::passed()));
}

// Longer than the slices that a sleep is made of.
TEST_F(BellTest, IsNeverLateTooEarly) {
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(bell_.listen(bell_.rings(), Deadline::after(450ms)));
  EXPECT_GE(Deadline::Clock::now() - begin, 450ms);
}

TEST_F(BellTest, WakesAllSleepers) {
  const std::uint32_t heard = bell_.rings();
  std::vector<std::thread> sleepers;
  for (int i = 0; i < 3; ++i) {
    sleepers.emplace_back([&] { EXPECT_TRUE(bell_.listen(heard, Deadline::never())); });
  }
  while (state_.sleepers.load() == 0) std::this_thread::yield();
  bell_.ring();
  for (std::thread& sleeper : sleepers) sleeper.join();
}

TEST_F(BellTest, AdoptedIsTheSame) {
  const Region adopted = Region::adopt(region_.handle());
  Bell other = Bell::adopt(*reinterpret_cast<BellState*>(adopted.data()), bell_.handle());
  const std::uint32_t heard = bell_.rings();
  other.ring();
  EXPECT_TRUE(bell_.listen(heard, Deadline::passed()));
}

// Who asked before he looked never sleeps over a change; each round waits for the slowest.
TEST_F(BellTest, NobodyOversleepsAChange) {
  constexpr int kListeners = 4;
  constexpr int kRounds = 2'000;
  std::atomic<int> changes = 0;
  std::atomic<int> seen = 0;
  std::vector<std::thread> listeners;
  for (int i = 0; i < kListeners; ++i) {
    listeners.emplace_back([&] {
      for (int round = 1; round <= kRounds; ++round) {
        for (;;) {
          const std::uint32_t heard = bell_.rings();
          if (changes.load() >= round) break;
          ASSERT_TRUE(bell_.listen(heard, Deadline::never()));
        }
        ++seen;
      }
    });
  }
  for (int round = 1; round <= kRounds; ++round) {
    changes = round;
    bell_.ring();
    while (seen < kListeners * round) std::this_thread::yield();
  }
  for (std::thread& listener : listeners) listener.join();
}

}  // namespace
}  // namespace mp::platform
