// Where names of shared memory outlive those who have it.
#include <gtest/gtest.h>

#include "reference/error.h"
#include "reference/shared_memory.h"

namespace mp {
namespace {

TEST(SharedMemoryUnlink, TakesTheNameAway) {
  SharedMemory block({.create = true, .size = 100});
  block.unlink();
  block.buf()[0] = std::byte{1};
  EXPECT_THROW(SharedMemory({.name = block.name()}), FileNotFoundError);
  EXPECT_THROW(block.unlink(), FileNotFoundError);
}

}  // namespace
}  // namespace mp
