#include "reference/text.h"

#include "gtest/gtest.h"

namespace mp {
namespace {

TEST(Text, IsUtf8WithSurrogates) {
  EXPECT_FALSE(first_bad_byte("plain, and more than eight bytes"));
  EXPECT_FALSE(first_bad_byte("h\u00e9llo \u20ac \U0001f600"));
  EXPECT_FALSE(first_bad_byte("\xed\xa0\x80"));  // U+D800
}

TEST(Text, TellsTheFirstBadByte) {
  EXPECT_EQ(first_bad_byte("abcdefghij\xff"), 10u);
  EXPECT_EQ(first_bad_byte("\xc0\x80"), 0u);          // overlong
  EXPECT_EQ(first_bad_byte("a\xe0\x80\x80"), 1u);     // overlong
  EXPECT_EQ(first_bad_byte("\xf0\x80\x80\x80"), 0u);  // overlong
  EXPECT_EQ(first_bad_byte("\xf4\x90\x80\x80"), 0u);  // above U+10FFFF
  EXPECT_EQ(first_bad_byte("ab\xe2\x82"), 2u);        // cut
  EXPECT_EQ(first_bad_byte("\x80"), 0u);
}

TEST(Text, GoesToCodePointsAndBack) {
  for (const char32_t point : {U'\0', U'a', U'\x7f', U'\x80', U'\u07ff', U'\u0800', char32_t{0xd800}, char32_t{0xdfff},
                               U'\uffff', U'\U00010000', U'\U0010ffff'}) {
    std::string text;
    append_code_point(text, point);
    EXPECT_FALSE(first_bad_byte(text));
    EXPECT_EQ(count_code_points(text), 1u);
    std::string_view rest = text;
    EXPECT_EQ(take_code_point(rest), point);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Text, IsQuotedAsPythonDoes) {
  EXPECT_EQ(quoted("it"), "'it'");
  EXPECT_EQ(quoted("it's"), "\"it's\"");
  EXPECT_EQ(quoted("'\""), "'\\'\"'");
  EXPECT_EQ(quoted("\\\n\r\t\x01\x7f"), "'\\\\\\n\\r\\t\\x01\\x7f'");
  EXPECT_EQ(quoted("\u00e9\u00a0\u2028\xed\xa0\x80\U0001f600\U000e0001"), "'\u00e9\\xa0\\u2028\\ud800\U0001f600\\U000e0001'");
  EXPECT_EQ(quoted_bytes(std::string_view("a'\0\xff", 4)), "\"a'\\x00\\xff\"");
}

}  // namespace
}  // namespace mp
