#include "reference/wait.h"

#include <limits>

#include "gtest/gtest.h"

namespace mp {
namespace {

using namespace std::chrono_literals;

TEST(Wait, NegativeIsZero) {
  EXPECT_TRUE(Wait(-5s).deadline().has_passed());
  EXPECT_TRUE(Wait(0s).deadline().has_passed());
  EXPECT_TRUE(Wait::none().deadline().has_passed());
}

TEST(Wait, ForeverNeverEnds) {
  EXPECT_TRUE(Wait::forever().deadline().is_never());
  EXPECT_FALSE(Wait(1h).deadline().is_never());
}

TEST(Wait, TooLongForTheClockIsForever) {
  EXPECT_TRUE(Wait(std::chrono::hours::max()).deadline().is_never());
  EXPECT_TRUE(Wait(std::chrono::duration<double>(std::numeric_limits<double>::infinity())).deadline().is_never());
}

TEST(Wait, FractionsAreNeverRoundedDown) {
  const auto before = platform::Deadline::Clock::now();
  EXPECT_GE(Wait(std::chrono::duration<double>(1.5)).deadline().when(), before + 1500ms);
  EXPECT_FALSE(Wait(std::chrono::duration<double, std::pico>(1)).deadline().when() < before);
}

}  // namespace
}  // namespace mp
