#include "platform/error.h"

#include <gtest/gtest.h>

namespace mp::platform {
namespace {

TEST(OsErrorTest, TellsOperationCodeAndTheSystemsWords) {
  const OsError error("open a door", 2);
  EXPECT_EQ(error.operation(), "open a door");
  EXPECT_EQ(error.code(), 2);
  const std::string text = error.what();
  EXPECT_EQ(text.find("open a door: "), 0u) << text;
  EXPECT_NE(text.find("(error 2)"), std::string::npos) << text;
}

}  // namespace
}  // namespace mp::platform
