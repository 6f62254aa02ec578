#include "platform/region.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "platform/error.h"

namespace mp::platform {
namespace {

TEST(RegionTest, BeginsAsZeros) {
  const Region region = Region::create(10'000);
  ASSERT_EQ(region.size(), 10'000u);
  EXPECT_TRUE(std::all_of(region.data(), region.data() + region.size(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST(RegionTest, AdoptedIsTheSameMemoryAndKnowsItsSize) {
  const Region region = Region::create(5'000);
  const Region adopted = Region::adopt(region.handle());
  ASSERT_EQ(adopted.size(), region.size());
  ASSERT_NE(adopted.data(), region.data());
  region.data()[4'999] = std::byte{7};
  EXPECT_EQ(adopted.data()[4'999], std::byte{7});
}

TEST(RegionTest, LivesAsLongAsAHandleOrAMapping) {
  Handle handle;
  {
    const Region region = Region::create(100);
    region.data()[0] = std::byte{1};
    handle = region.handle();
  }
  const Region adopted = Region::adopt(std::move(handle));
  EXPECT_EQ(adopted.data()[0], std::byte{1});
}

TEST(RegionTest, LargeCostsNothingBeforeItIsTouched) {
  const Region region = Region::create(std::size_t{16} << 30);
  region.data()[region.size() - 1] = std::byte{1};
  EXPECT_EQ(region.data()[region.size() - 1], std::byte{1});
}

TEST(RegionTest, DiscardsWholePagesOnly) {
  constexpr std::size_t kSize = 1 << 20;
  Region region = Region::create(kSize);
  std::memset(region.data(), 0xab, kSize);
  region.discard(1, kSize - 2);
  EXPECT_EQ(region.data()[0], std::byte{0xab});
  EXPECT_EQ(region.data()[kSize - 1], std::byte{0xab});
  EXPECT_EQ(region.data()[kSize / 2], std::byte{0});
  region.data()[kSize / 2] = std::byte{1};
  EXPECT_EQ(region.data()[kSize / 2], std::byte{1});
}

TEST(RegionTest, MovesLeaveAnEmptyOneBehind) {
  Region first = Region::create(100);
  std::byte* const data = first.data();
  Region second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_EQ(second.data(), data);
  second = Region::create(200);
  EXPECT_EQ(second.size(), 200u);
}

TEST(RegionTest, TooLargeIsAnError) {
  EXPECT_THROW(Region::create(std::size_t{1} << 60), OsError);
  EXPECT_THROW(Region::create(SIZE_MAX), OsError);
  EXPECT_THROW(Region::adopt(Handle()), OsError);
}

}  // namespace
}  // namespace mp::platform
