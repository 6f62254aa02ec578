#include "platform/named_region.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "platform/error.h"

namespace mp::platform {
namespace {

class NamedRegionTest : public testing::Test {
 protected:
  void TearDown() override { NamedRegion::remove(name_); }

  const std::string name_ = "t" + std::to_string(std::random_device()());
};

TEST_F(NamedRegionTest, BeginsAsZerosAndIsLargeEnough) {
  const auto region = NamedRegion::create(name_, 10'000);
  ASSERT_TRUE(region);
  EXPECT_GE(region->size(), 10'000u);
  EXPECT_TRUE(
      std::all_of(region->data(), region->data() + region->size(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST_F(NamedRegionTest, WhoOpensItHasTheSameMemory) {
  const auto region = NamedRegion::create(name_, 100);
  const auto opened = NamedRegion::open(name_);
  ASSERT_TRUE(region && opened);
  EXPECT_GE(opened->size(), 100u);
  region->data()[99] = std::byte{7};
  EXPECT_EQ(opened->data()[99], std::byte{7});
}

TEST_F(NamedRegionTest, ATakenNameIsAResultAndChangesNothing) {
  const auto region = NamedRegion::create(name_, 100);
  region->data()[0] = std::byte{1};
  EXPECT_FALSE(NamedRegion::create(name_, 200));
  EXPECT_EQ(NamedRegion::open(name_)->data()[0], std::byte{1});
}

TEST_F(NamedRegionTest, ANameThatNobodyHasIsAResult) {
  EXPECT_FALSE(NamedRegion::open(name_));
  EXPECT_NO_THROW(NamedRegion::remove(name_));
}

TEST_F(NamedRegionTest, TheMemoryOutlivesItsName) {
  const auto region = NamedRegion::create(name_, 100);
  NamedRegion::remove(name_);
  region->data()[0] = std::byte{1};
  EXPECT_EQ(region->data()[0], std::byte{1});
}

TEST_F(NamedRegionTest, MovesKeepTheMemory) {
  auto region = NamedRegion::create(name_, 100);
  std::byte* const data = region->data();
  NamedRegion moved = *std::move(region);
  EXPECT_EQ(moved.data(), data);
}

TEST_F(NamedRegionTest, TooLargeIsAnErrorAndLeavesNoName) {
  EXPECT_THROW(NamedRegion::create(name_, std::size_t{1} << 62), OsError);
  EXPECT_FALSE(NamedRegion::open(name_));
}

}  // namespace
}  // namespace mp::platform
