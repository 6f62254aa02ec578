#include "platform/handle.h"

#include <gtest/gtest.h>

#include <utility>

namespace mp::platform {
namespace {

TEST(HandleTest, IsEmptyByDefaultAndHasAnEmptyDuplicate) {
  const Handle empty;
  EXPECT_FALSE(empty);
  EXPECT_EQ(empty.native(), kNoHandle);
  EXPECT_FALSE(empty.duplicate());
}

TEST(HandleTest, ClosingAnEmptyOneIsHarmless) {
  Handle empty;
  empty.close();
  EXPECT_FALSE(empty);
}

}  // namespace
}  // namespace mp::platform
