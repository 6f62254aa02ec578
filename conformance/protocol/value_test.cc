#include "conformance/protocol/value.h"

#include <gtest/gtest.h>

namespace mp::conformance {
namespace {

TEST(Value, KindsAreNeverEqual) {
  EXPECT_NE(Value(1), Value(1.0));
  EXPECT_NE(Value(1), Value(true));
  EXPECT_NE(Value(Tuple{1}), Value(List{1}));
  EXPECT_NE(Value("a"), Value(Bytes("a")));
  EXPECT_NE(Value(None), Value(0));
}

TEST(Value, NaNEqualsItselfAndZerosHaveSigns) {
  EXPECT_EQ(Value(kNaN), Value(kNaN));
  EXPECT_NE(Value(0.0), Value(-0.0));
}

TEST(Value, OpaqueEqualsNothing) { EXPECT_NE(Value(Opaque{"x"}), Value(Opaque{"x"})); }

TEST(Value, SetsAndDictsIgnoreOrder) {
  EXPECT_EQ(Value(Set{1, 2}), Value(Set{2, 1}));
  EXPECT_NE(Value(Set{1, 2}), Value(Set{1, 3}));
  EXPECT_EQ(Value(Dict({{1, "a"}, {2, "b"}})), Value(Dict({{2, "b"}, {1, "a"}})));
}

TEST(Value, OrderExistsBetweenNumbersAndBetweenStrings) {
  EXPECT_LT(Value(1), Value(1.5));
  EXPECT_GE(Value("b"), Value("a"));
  EXPECT_FALSE(Value(1) < Value("a"));
  EXPECT_FALSE(Value(1) >= Value("a"));
}

TEST(Value, NumbersBeyondAnyFloatHaveAnOrder) {
  EXPECT_GT(big(std::string(400, '9')), Value(1));
  EXPECT_LT(big("-" + std::string(400, '9')), Value(1));
}

TEST(Value, BigIntegersAreBigOnlyWhenTheyMustBe) {
  EXPECT_EQ(big("-0042"), Value(-42));
  EXPECT_TRUE(big("9223372036854775808").is<BigInt>());
  EXPECT_EQ(big("18446744073709551615"), Value(UINT64_MAX));
  EXPECT_THROW(big("12a"), WrongKind);
  EXPECT_THROW(big(""), WrongKind);
}

TEST(Value, PrintsLikePython) {
  EXPECT_EQ(printed(Tuple{1}), "(1,)");
  EXPECT_EQ(printed(List{None, true, "it's", Bytes("\x01z"), 2.0}), "[None, True, 'it\\'s', b'\\x01z', 2.0]");
  EXPECT_EQ(printed(Dict({{"k", Tuple{}}})), "{'k': ()}");
  EXPECT_EQ(printed(Bytes(1 << 20, 'x')), "b'x' * 1048576");
  EXPECT_LT(printed(Value(std::string(5000, 'a') + "b")).size(), 300u);
}

TEST(Value, AccessorsSayWhatTheyFound) {
  EXPECT_EQ(Value(3).integer(), 3);
  EXPECT_EQ(Value(3).number(), 3.0);
  try {
    Value("three").integer();
    FAIL() << "no exception";
  } catch (const WrongKind& error) {
    EXPECT_STREQ(error.what(), "expected an integer, got 'three'");
  }
}

}  // namespace
}  // namespace mp::conformance
