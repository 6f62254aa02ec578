#include "reference/shared_memory.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

class SharedMemoryTest : public testing::Test {
 protected:
  void TearDown() override {
    block_.close();
    try {
      block_.unlink();
    } catch (const FileNotFoundError&) {
    }
  }

  SharedMemory block_{{.create = true, .size = 100}};
};

TEST_F(SharedMemoryTest, BeginsAsZerosWithANameOfItsOwn) {
  EXPECT_GE(block_.size(), 100u);
  for (const std::byte byte : block_.buf()) ASSERT_EQ(byte, std::byte{0});
  SharedMemory other({.create = true, .size = 100});
  EXPECT_NE(other.name(), block_.name());
  other.unlink();
}

TEST_F(SharedMemoryTest, WhoAttachesSeesTheSame) {
  const SharedMemory same({.name = block_.name(), .size = 7});
  EXPECT_GE(same.size(), block_.size());
  same.buf()[99] = std::byte{7};
  EXPECT_EQ(block_.buf()[99], std::byte{7});
}

TEST_F(SharedMemoryTest, TravelsAnywhereAsItsName) {
  const auto decoded = decode<SharedMemory>(encode(block_));
  block_.buf()[0] = std::byte{1};
  EXPECT_EQ(decoded.buf()[0], std::byte{1});
}

TEST_F(SharedMemoryTest, CloseEndsTheAccessHereOnly) {
  const SharedMemory same({.name = block_.name()});
  block_.close();
  block_.close();
  EXPECT_THROW(block_.buf(), ValueError);
  EXPECT_GE(block_.size(), 100u);
  same.buf()[0] = std::byte{1};
  EXPECT_EQ(SharedMemory({.name = block_.name()}).buf()[0], std::byte{1});
}

TEST_F(SharedMemoryTest, RefusesWhatCannotBe) {
  EXPECT_THROW(SharedMemory({.name = block_.name(), .create = true, .size = 1}), FileExistsError);
  EXPECT_THROW(SharedMemory({.create = true}), ValueError);
  EXPECT_THROW(SharedMemory({.create = true, .size = -1}), ValueError);
  EXPECT_THROW(SharedMemory(SharedMemoryOptions{}), ValueError);
  EXPECT_THROW(SharedMemory({.name = "", .create = true, .size = 1}), ValueError);
}

}  // namespace
}  // namespace mp
