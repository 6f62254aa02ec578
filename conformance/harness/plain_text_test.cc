#include "conformance/harness/plain_text.h"

#include <gtest/gtest.h>

namespace mp::conformance {
namespace {

TEST(PlainText, CountsInEnglish) {
  EXPECT_EQ(counted(0, "test"), "0 tests");
  EXPECT_EQ(counted(1, "test"), "1 test");
  EXPECT_EQ(counted(2, "test"), "2 tests");
}

TEST(PlainText, NoTerminalObeysIt) {
  EXPECT_EQ(harmless("a\tb grüße 日本"), "a\tb grüße 日本");
  EXPECT_EQ(harmless("\x1b[2J\x07\x7f"), "?[2J??");
  EXPECT_EQ(harmless("\xc2\x9b"
                     "2J"),
            "??2J");  // the same command as one character
  EXPECT_EQ(harmless("1\nqueue fail"), "1?queue fail");
  EXPECT_EQ(harmless("1\n\r2", true), "1\n?2");
}

}  // namespace
}  // namespace mp::conformance
