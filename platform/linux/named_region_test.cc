#include "platform/named_region.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace mp::platform {
namespace {

// Here a name stays until it is removed, whether or not somebody maps the memory.
TEST(NamedRegionLinuxTest, TheNameOutlivesItsMaker) {
  const std::string name = "t" + std::to_string(std::random_device()());
  NamedRegion::create(name, 100)->data()[0] = std::byte{1};
  EXPECT_EQ(NamedRegion::open(name)->data()[0], std::byte{1});
  EXPECT_EQ(NamedRegion::open(name)->size(), 100u);
  EXPECT_TRUE(NamedRegion::remove(name));
  EXPECT_FALSE(NamedRegion::remove(name));
  EXPECT_FALSE(NamedRegion::open(name));
}

}  // namespace
}  // namespace mp::platform
