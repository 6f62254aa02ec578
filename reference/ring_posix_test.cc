// What a process with a limit for files has of a ring.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "reference/ring.h"

namespace mp {
namespace {

// Shared memory is a file to the limit, where it is one; the process neither dies of it nor goes without.
TEST(RingPosixTest, HasFewerSegmentsWhereFilesAreLimited) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit low{std::size_t{1} << 30, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  Ring ring = Ring::create();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_NE(ring.reserve(1'000'000, true), nullptr);
  ring.commit(1'000'000);
  ASSERT_TRUE(ring.front());
  EXPECT_EQ(ring.front()->size(), 1'000'000u);
}

}  // namespace
}  // namespace mp
