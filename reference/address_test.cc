#include "reference/address.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/error.h"

namespace mp {
namespace {

using namespace std::string_literals;
using Family = platform::Address::Family;

TEST(Address, FamilyFollowsItsForm) {
  EXPECT_EQ(Address("localhost", 6000).family(), "AF_INET");
  EXPECT_EQ(Address("/tmp/x").family(), "AF_UNIX");
  EXPECT_EQ(Address("x"s).family(), "AF_UNIX");
  EXPECT_EQ(Address(R"(\\.\pipe\x)").family(), "AF_PIPE");
  EXPECT_EQ(Address(R"(\one)").family(), "AF_UNIX");
  EXPECT_EQ(Address().family(), "");
}

TEST(Address, HasItsParts) {
  EXPECT_EQ(Address("localhost", 6000).host(), "localhost");
  EXPECT_EQ(Address("localhost", 6000).port(), 6000);
  EXPECT_EQ(Address("/tmp/x").path(), "/tmp/x");
  EXPECT_TRUE(Address().is_arbitrary());
  EXPECT_FALSE(Address("", 0).is_arbitrary());
  EXPECT_THROW(Address("localhost", 6000).path(), TypeError);
  EXPECT_THROW(Address("/tmp/x").port(), TypeError);
  EXPECT_THROW(Address().host(), TypeError);
  EXPECT_THROW(Address().path(), TypeError);
}

TEST(Address, RefusesWhatIsNone) {
  EXPECT_THROW(Address("localhost", -1), OverflowError);
  EXPECT_THROW(Address("localhost", 65536), OverflowError);
  EXPECT_EQ(Address("localhost", 65535).port(), 65535);
  EXPECT_THROW(Address(""), ValueError);
  EXPECT_THROW(Address("a\0b"s), ValueError);
  EXPECT_THROW(Address("a\0b"s, 1), ValueError);
}

TEST(Address, IsPrintedAsPythonDoes) {
  EXPECT_EQ(Address("localhost", 6000).repr(), "('localhost', 6000)");
  EXPECT_EQ(Address("/tmp/x").repr(), "'/tmp/x'");
  EXPECT_EQ(Address().repr(), "None");
}

TEST(FamilyNamed, KnowsTheNames) {
  EXPECT_EQ(family_named("AF_INET"), Family::kInet);
  EXPECT_EQ(family_named(""), std::nullopt);
  EXPECT_THROW(family_named("AF_INET6"), ValueError);
  EXPECT_THROW(family_named("INET"), ValueError);
  EXPECT_EQ(platform::Endpoint::offers(Family::kPipe), !platform::Endpoint::offers(Family::kUnix));
  EXPECT_THROW(family_named(platform::Endpoint::offers(Family::kPipe) ? "AF_UNIX" : "AF_PIPE"), ValueError);
}

}  // namespace
}  // namespace mp
