#include "conformance/protocol/line.h"

#include <gtest/gtest.h>

#include <system_error>

namespace mp::conformance {
namespace {

TEST(LineSplitter, GivesWholeLinesOnly) {
  LineSplitter splitter;
  EXPECT_EQ(splitter.next(), std::nullopt);
  splitter.feed("one\ntw");
  EXPECT_EQ(splitter.next(), "one");
  EXPECT_EQ(splitter.next(), std::nullopt);
  EXPECT_EQ(splitter.unfinished(), 2u);
  splitter.feed("o\n\n");
  EXPECT_EQ(splitter.next(), "two");
  EXPECT_EQ(splitter.next(), "");
  EXPECT_EQ(splitter.next(), std::nullopt);
  EXPECT_EQ(splitter.unfinished(), 0u);
}

TEST(LineSplitter, TakesALineOfTheGreatestLengthAndNoLonger) {
  LineSplitter splitter;
  splitter.feed(std::string(kMaxLine, 'x'));
  splitter.feed("\nshort\n");
  EXPECT_EQ(splitter.next()->size(), kMaxLine);
  EXPECT_EQ(splitter.next(), "short");
  splitter.feed(std::string(kMaxLine, 'x'));
  EXPECT_THROW(splitter.feed("x"), LineTooLong);
}

TEST(Line, SaysWhatIsWrongWithAnAddress) {
  EXPECT_THROW(Line::connect("nowhere"), std::system_error);
  EXPECT_THROW(Line::connect("127.0.0.1:1"), std::system_error);
}

}  // namespace
}  // namespace mp::conformance
