#include "platform/named_region.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <random>
#include <string>

#include "platform/error.h"

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

// The system would end the process by SIGXFSZ.
TEST(NamedRegionLinuxTest, BeyondTheLimitOfFilesIsRefusedAndLeavesNoName) {
  const std::string name = "t" + std::to_string(std::random_device()());
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit low{1 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  EXPECT_THROW(NamedRegion::create(name, (1 << 20) + 1), OsError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(NamedRegion::open(name));
}

}  // namespace
}  // namespace mp::platform
