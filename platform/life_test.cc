#include "platform/life.h"

#include <gtest/gtest.h>

namespace mp::platform {
namespace {

TEST(LifeTest, OwnLifeIsNotOver) {
  EXPECT_NE(own_life(), 0u);
  EXPECT_EQ(own_life(), own_life());
  EXPECT_FALSE(is_over(own_life()));
  EXPECT_GT(pid_of(own_life()), 0);
}

// The number is the same, the start was another one.
TEST(LifeTest, AnEarlierOwnerOfTheNumberIsOver) { EXPECT_TRUE(is_over(own_life() ^ 1)); }

}  // namespace
}  // namespace mp::platform
