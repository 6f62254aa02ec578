#include "platform/look.h"

#include <gtest/gtest.h>

#include <chrono>

namespace mp::platform {
namespace {

TEST(LookTest, StopsAtTheFirstYesAndAsksNobodyWhereItDoesNotPay) {
  for (const auto without_yield : {std::chrono::seconds(0), std::chrono::seconds(1)}) {
    int asked = 0;
    EXPECT_EQ(look([&] { return ++asked > 0; }, without_yield), looking_pays());
    EXPECT_EQ(asked, looking_pays() ? 1 : 0);
  }
}

// How often it asks meanwhile is the scheduler's affair: one yield() may last longer than the whole look should.
TEST(LookTest, GivesUpByItself) { EXPECT_FALSE(look([] { return false; })); }

}  // namespace
}  // namespace mp::platform
