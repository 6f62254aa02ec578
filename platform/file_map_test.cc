#include "platform/file_map.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "platform/error.h"

namespace mp::platform {
namespace {

using Access = FileMap::Access;

class FileMapTest : public testing::Test {
 protected:
  FileMapTest() { std::ofstream(path_, std::ios::binary) << "hello world"; }
  ~FileMapTest() override { std::filesystem::remove(path_); }

  FileMap map(Access access) const { return FileMap::create(FileMap::open(path_, access), 0, 11, access); }
  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::string_view text(const FileMap& map) { return {reinterpret_cast<const char*>(map.data()), map.size()}; }

  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) / ("file_map_" + std::to_string(std::random_device()()));
};

TEST_F(FileMapTest, ShowsTheFile) {
  for (const Access access : {Access::kRead, Access::kWrite, Access::kCopy})
    EXPECT_EQ(text(map(access)), "hello world");
}

TEST_F(FileMapTest, WritesReachOtherMapsAndTheFile) {
  FileMap one = map(Access::kWrite);
  const FileMap other = map(Access::kRead);
  std::memcpy(one.data(), "HELLO", 5);
  EXPECT_EQ(text(other), "HELLO world");
  one.flush(0, one.size());
  EXPECT_EQ(content(), "HELLO world");
}

TEST_F(FileMapTest, ACopyKeepsItsWritesToItself) {
  const FileMap copy = map(Access::kCopy);
  std::memcpy(copy.data(), "HELLO", 5);
  EXPECT_EQ(text(copy), "HELLO world");
  EXPECT_EQ(content(), "hello world");
}

TEST_F(FileMapTest, MapsAPartAndKnowsTheWhole) {
  std::ofstream(path_, std::ios::binary) << std::string(FileMap::granularity(), 'a') << "tail";
  const FileMap tail = FileMap::create(FileMap::open(path_, Access::kRead), FileMap::granularity(), 4, Access::kRead);
  EXPECT_EQ(text(tail), "tail");
  EXPECT_EQ(tail.file_size(), FileMap::granularity() + 4);
}

TEST_F(FileMapTest, WhatCannotBeOpenedOrMappedIsAnError) {
  EXPECT_THROW(FileMap::open(path_ / "none", Access::kRead), OsError);
  EXPECT_THROW(FileMap::create(Handle(), 0, 1, Access::kRead), OsError);
  EXPECT_THROW(FileMap::create(FileMap::open(path_, Access::kRead), 1, 1, Access::kRead), OsError);
}

}  // namespace
}  // namespace mp::platform
