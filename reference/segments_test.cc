#include "reference/segments.h"

#include <gtest/gtest.h>

#include "reference/error.h"
#include "reference/shared_memory.h"

namespace mp {
namespace {

bool is_there(const std::string& name) {
  try {
    SharedMemory({.name = name});
    return true;
  } catch (const FileNotFoundError&) {
    return false;
  }
}

// Where a name goes with the last who is attached (Windows) it is gone already.
std::string new_block() {
  SharedMemory block({.create = true, .size = 10});
  block.close();
  return block.name();
}

TEST(Segments, AreRemovedTogether) {
  Segments segments;
  const std::string one = new_block(), other = new_block();
  segments.track(one);
  segments.track(other);
  EXPECT_EQ(segments.names(), (std::vector{one, other}));
  segments.remove_all();
  EXPECT_FALSE(is_there(one));
  EXPECT_FALSE(is_there(other));
  EXPECT_TRUE(segments.names().empty());
}

TEST(Segments, AreReleasedOneByOne) {
  Segments segments;
  const std::string one = new_block(), other = new_block();
  segments.track(one);
  segments.track(other);
  segments.release(one);
  EXPECT_FALSE(is_there(one));
  EXPECT_EQ(segments.names(), std::vector{other});
  EXPECT_THROW(segments.release(one), KeyError);
  segments.remove_all();
}

// A server that tells its clients "shutdown" may still be asked by another one.
TEST(Segments, AreNotTrackedWhenNobodyWouldRemoveThem) {
  Segments segments;
  segments.remove_all();
  EXPECT_THROW(segments.track("psm_00000000"), ProcessError);
}

TEST(Segments, ThatAreGoneOrRefusedHoldUpNoOther) {
  Segments segments;
  SharedMemory gone({.create = true, .size = 10});
  const std::string last = new_block();
  segments.track(gone.name());
  segments.track("no/name");
  segments.track(last);
  gone.unlink();
  segments.remove_all();
  EXPECT_FALSE(is_there(last));
}

}  // namespace
}  // namespace mp
