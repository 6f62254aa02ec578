#include "reference/memory_map.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "platform/child.h"
#include "reference/error.h"

namespace mp {
namespace {

class MemoryMapTest : public testing::Test {
 protected:
  MemoryMapTest() { std::ofstream(path_, std::ios::binary) << "Hello Python!\nsecond line\nlast"; }
  ~MemoryMapTest() override { std::filesystem::remove(path_); }

  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) / ("memory_map_" + std::to_string(std::random_device()()));
};
using MemoryMapForkTest = MemoryMapTest;

TEST_F(MemoryMapTest, TheExampleOfTheDocumentation) {
  std::ofstream(path_, std::ios::binary) << "Hello Python!\n";
  MemoryMap map(path_);
  EXPECT_EQ(map.readline(), "Hello Python!\n");
  EXPECT_EQ(map.get({.stop = 5}), "Hello");
  map.set({.start = 6}, " world!\n");
  map.seek(0);
  EXPECT_EQ(map.readline(), "Hello  world!\n");
  map.close();
  EXPECT_EQ(content(), "Hello  world!\n");
}

TEST_F(MemoryMapTest, ReadsAsAFile) {
  MemoryMap map(path_);
  EXPECT_EQ(map.read(5), "Hello");
  EXPECT_EQ(map.tell(), 5u);
  EXPECT_EQ(map.read_byte(), ' ');
  EXPECT_EQ(map.readline(), "Python!\n");
  EXPECT_EQ(map.readline(), "second line\n");
  EXPECT_EQ(map.readline(), "last");
  EXPECT_EQ(map.readline(), "");
  EXPECT_EQ(map.read(), "");
  EXPECT_THROW(map.read_byte(), ValueError);
  map.seek(-4, MemoryMap::Whence::kEnd);
  map.seek(1, MemoryMap::Whence::kPosition);
  EXPECT_EQ(map.read(100), "ast");
}

TEST_F(MemoryMapTest, WritesAsAFile) {
  MemoryMap map(path_);
  EXPECT_EQ(map.write("HELLO"), 5u);
  map.write_byte('_');
  EXPECT_EQ(map.tell(), 6u);
  EXPECT_THROW(map.write(std::string(1'000, 'x')), ValueError);
  EXPECT_EQ(map.tell(), 6u);
  map.flush();
  EXPECT_EQ(content(), "HELLO_Python!\nsecond line\nlast");
}

TEST_F(MemoryMapTest, ReadsAndWritesByIndexAndSlice) {
  MemoryMap map(path_);
  map.set(0, 'J');
  map.set({.start = -4}, "LAST");
  map.set({.start = 1, .stop = 5, .step = 2}, "EL");
  EXPECT_EQ(map.get({.stop = 5}), "JElLo");
  EXPECT_EQ(map.get({.start = -1, .stop = -5, .step = -1}), "TSAL");
  EXPECT_EQ(map.get(-1), 'T');
  EXPECT_EQ(map.tell(), 0u);
  EXPECT_THROW(map.set({.stop = 5}, "four"), IndexError);
  EXPECT_THROW(map.get(1'000), IndexError);
}

TEST_F(MemoryMapTest, Finds) {
  MemoryMap map(path_);
  EXPECT_EQ(map.find("l"), 2);
  EXPECT_EQ(map.rfind("l"), 26);
  EXPECT_EQ(map.find("l", 5), 21);
  EXPECT_EQ(map.find("l", 5, 20), -1);
  EXPECT_EQ(map.find("last", -4), 26);
  map.seek(10);
  EXPECT_EQ(map.find("Hello"), -1);
  EXPECT_EQ(map.find("Hello", 0), 0);
}

TEST_F(MemoryMapTest, MovesInsideItself) {
  MemoryMap map(path_);
  map.move(1, 0, 5);
  EXPECT_EQ(map.get({.stop = 6}), "HHello");
  EXPECT_THROW(map.move(28, 0, 5), ValueError);
}

TEST_F(MemoryMapTest, PositionsStayInside) {
  MemoryMap map(path_);
  map.seek(3);
  EXPECT_THROW(map.seek(-1), ValueError);
  EXPECT_THROW(map.seek(1, MemoryMap::Whence::kEnd), ValueError);
  EXPECT_EQ(map.tell(), 3u);
}

TEST_F(MemoryMapTest, LengthsAndOffsetsMustFitTheFile) {
  EXPECT_EQ(MemoryMap(path_, 5).length(), 5u);
  EXPECT_EQ(MemoryMap(path_, 5).size(), 30u);
  EXPECT_THROW(MemoryMap(path_, 31), ValueError);
  EXPECT_THROW(MemoryMap(path_, 1, MemoryMap::Access::kWrite, 1), ValueError);
  std::ofstream(path_, std::ios::binary | std::ios::trunc).close();
  EXPECT_THROW(MemoryMap map(path_), ValueError);
  EXPECT_THROW(MemoryMap map(path_ / "none"), OSError);
}

TEST_F(MemoryMapTest, AccessSaysWhereChangesGo) {
  MemoryMap read(path_, 0, MemoryMap::Access::kRead);
  EXPECT_THROW(read.write("x"), TypeError);
  EXPECT_THROW(read.set(0, 'x'), TypeError);
  MemoryMap copy(path_, 0, MemoryMap::Access::kCopy);
  copy.write("x");
  EXPECT_EQ(copy.get(0), 'x');
  EXPECT_EQ(read.get(0), 'H');
}

TEST_F(MemoryMapTest, AClosedOneIsAValueError) {
  MemoryMap map(path_);
  EXPECT_FALSE(map.closed());
  map.close();
  EXPECT_TRUE(map.closed());
  EXPECT_THROW(map.read(), ValueError);
  EXPECT_THROW(map.get(0), ValueError);
  EXPECT_THROW(map.length(), ValueError);
  EXPECT_THROW(map.tell(), ValueError);
  EXPECT_NO_THROW(map.close());
}

TEST_F(MemoryMapForkTest, WithoutAFileItIsSharedWithForkedChildren) {
  MemoryMap map = MemoryMap::anonymous(13);
  EXPECT_EQ(map.get(Slice{}), std::string(13, '\0'));
  map.write("Hello");
  platform::Child child = platform::Child::fork([&] {
    map.set({.stop = 5}, "HELLO");
    return map.tell() == 5 ? 0 : 1;
  });
  EXPECT_EQ(child.wait(platform::Deadline::never()), 0);
  EXPECT_EQ(map.get({.stop = 5}), "HELLO");
  EXPECT_THROW(MemoryMap::anonymous(0), ValueError);
}

}  // namespace
}  // namespace mp
