#include "platform/named_region.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace mp::platform {
namespace {

TEST(WindowsNamedRegion, TheNameGoesWithTheLastMappingAndNotBefore) {
  const std::string name = "t" + std::to_string(std::random_device()());
  auto region = NamedRegion::create(name, 100);
  auto opened = NamedRegion::open(name);
  EXPECT_TRUE(NamedRegion::remove(name));
  region.reset();
  EXPECT_TRUE(NamedRegion::open(name));
  opened.reset();
  EXPECT_FALSE(NamedRegion::open(name));
  EXPECT_TRUE(NamedRegion::remove(name));
}

}  // namespace
}  // namespace mp::platform
