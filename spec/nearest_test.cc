#include "spec/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace mp::spec {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"lock.acquire.blocks", "queue.get.empty", "queue.put.full",
                                                    "queue.put.waits", "Source"};

TEST(Nearest, FindsAMisspeltName) {
  EXPECT_EQ(did_you_mean("queue.putt.full", kNames), "did you mean queue.put.full?");
}

TEST(Nearest, FindsASwappedPairOfLetters) { EXPECT_EQ(did_you_mean("Soucre", kNames), "did you mean Source?"); }

TEST(Nearest, FindsAllThatContainAPart) {
  EXPECT_EQ(did_you_mean("queue.put", kNames), "did you mean queue.put.full or queue.put.waits?");
}

TEST(Nearest, PutsTheBetterNameFirst) {
  ASSERT_FALSE(nearest("queue.put.wait", kNames, 3).empty());
  EXPECT_EQ(nearest("queue.put.wait", kNames, 3).front(), "queue.put.waits");
}

TEST(Nearest, LeavesOutWhatIsMuchWorseThanTheBest) {
  constexpr std::array<std::string_view, 2> kAlike = {"queue.put.full", "queue.get.fill"};
  EXPECT_EQ(did_you_mean("queue.put.fulll", kAlike), "did you mean queue.put.full?");
}

TEST(Nearest, GivesNoMoreThanAsked) { EXPECT_EQ(nearest("queue", kNames, 2).size(), 2u); }

TEST(Nearest, SaysNothingWhenNothingIsNear) { EXPECT_EQ(did_you_mean("xyzzy", kNames), ""); }

TEST(Nearest, SaysNothingForNoWordAtAll) { EXPECT_EQ(did_you_mean("", kNames), ""); }

}  // namespace
}  // namespace mp::spec
