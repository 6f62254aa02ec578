#include "reference/integer.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace mp {
namespace {

Integer big(std::string_view digits) { return Integer::from_decimal(digits).value(); }

TEST(Integer, PrintsWhatItRead) {
  for (const char* digits : {"0", "1", "-1", "999999999", "1000000000", "-1000000001", "4294967296", "18446744073709551616",
                             "-340282366920938463463374607431768211457", "100000000000000000000000000000000000000000000000000"}) {
    EXPECT_EQ(big(digits).decimal(), digits);
    EXPECT_EQ(Integer::from_twos_complement(big(digits).twos_complement()), big(digits)) << digits;
  }
  EXPECT_EQ(big("+0007").decimal(), "7");
  EXPECT_EQ(big("-0"), Integer());
}

TEST(Integer, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", "+", "1x", "x1", "1234567890x", " 1", "1.0", "--1"}) {
    EXPECT_FALSE(Integer::from_decimal(text)) << text;
  }
}

TEST(Integer, HasTheShortestTwosComplement) {
  const auto bytes = [](std::int64_t value) { return Integer(value).twos_complement(); };
  const auto as_bytes = [](std::initializer_list<int> values) {
    std::vector<std::byte> result;
    for (const int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
  };
  EXPECT_EQ(bytes(0), as_bytes({}));
  EXPECT_EQ(bytes(127), as_bytes({0x7f}));
  EXPECT_EQ(bytes(128), as_bytes({0x80, 0}));
  EXPECT_EQ(bytes(-128), as_bytes({0x80}));
  EXPECT_EQ(bytes(-129), as_bytes({0x7f, 0xff}));
  EXPECT_EQ(bytes(-1), as_bytes({0xff}));
  EXPECT_EQ(big("4294967296").twos_complement(), as_bytes({0, 0, 0, 0, 1}));
}

TEST(Integer, FitsExactlyUpToTheLimits) {
  EXPECT_EQ(big("9223372036854775807").as_int64(), INT64_MAX);
  EXPECT_FALSE(big("9223372036854775808").as_int64());
  EXPECT_EQ(big("-9223372036854775808").as_int64(), INT64_MIN);
  EXPECT_FALSE(big("-9223372036854775809").as_int64());
  EXPECT_EQ(big("18446744073709551615").as_uint64(), UINT64_MAX);
  EXPECT_FALSE(big("18446744073709551616").as_uint64());
  EXPECT_FALSE(big("-1").as_uint64());
}

TEST(Integer, ConvertsFromDoublesExactly) {
  EXPECT_EQ(Integer::from_double(-3.0)->decimal(), "-3");
  EXPECT_EQ(Integer::from_double(1e22)->decimal(), "10000000000000000000000");
  EXPECT_EQ(Integer::from_double(std::ldexp(1.0, 100))->decimal(), "1267650600228229401496703205376");
  EXPECT_EQ(Integer::from_double(-0.0), Integer());
  EXPECT_EQ(Integer::from_double(9007199254740993.0)->decimal(), "9007199254740992");
  EXPECT_FALSE(Integer::from_double(0.5));
  EXPECT_FALSE(Integer::from_double(std::nan("")));
  EXPECT_FALSE(Integer::from_double(HUGE_VAL));
}

TEST(Integer, ConvertsToTheNearestDouble) {
  EXPECT_EQ(big("9007199254740993").as_double(), 9007199254740992.0);  // a tie goes to even
  EXPECT_EQ(big("9007199254740995").as_double(), 9007199254740996.0);
  EXPECT_EQ(big("-1267650600228229401496703205376").as_double(), -std::ldexp(1.0, 100));
  // Half a unit above a power of two, and one more far below: up, not to even.
  EXPECT_EQ(big("1267650600228229542234191560705").as_double(), std::ldexp(1.0 + std::ldexp(1.0, -52), 100));
  EXPECT_FALSE(big("1" + std::string(400, '0')).as_double());
  const double largest = std::numeric_limits<double>::max();
  EXPECT_EQ(Integer::from_double(largest)->as_double(), largest);
}

TEST(Integer, IsOrdered) {
  const char* ascending[] = {"-18446744073709551617", "-18446744073709551616", "-5", "0", "4", "18446744073709551616"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) EXPECT_EQ(big(ascending[i]) <=> big(ascending[j]), i <=> j);
  }
}

}  // namespace
}  // namespace mp
