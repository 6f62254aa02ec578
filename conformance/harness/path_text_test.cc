#include "conformance/harness/path_text.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace mp::conformance {
namespace {

// In no code page of Windows are all of these.
const std::string kName = "\xC3\xA9t\xC3\xA9-\xD0\xBB\xD0\xB5\xD1\x82\xD0\xBE-\xE5\xA4\x8F-\xF0\x9F\x8C\x9E";

TEST(PathText, ComesBackAsItWas) {
  EXPECT_EQ(text_of(path_of(kName)), kName);
  EXPECT_EQ(text_of(path_of("")), "");
}

TEST(PathText, NamesAFile) {
  const auto path = path_of(testing::TempDir()) / path_of(kName);
  EXPECT_TRUE(std::ofstream(path) << "x");
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
  EXPECT_EQ(text_of(path.filename()), kName);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace mp::conformance
