#include "reference/exception.h"

#include <gtest/gtest.h>

#include <string>

namespace mp {
namespace {

TEST(Exception, IsRaisedAsItsClassWithItsText) {
  const auto text_of = [](const Object& exception) -> std::string {
    try {
      raise_object(exception);
    } catch (const ValueError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(text_of(exception_object("builtins", "ValueError", {})), "");
  EXPECT_EQ(text_of(exception_object("builtins", "ValueError", {"no"})), "no");
  EXPECT_EQ(text_of(exception_object("builtins", "ValueError", {7})), "7");
  EXPECT_EQ(text_of(exception_object("builtins", "ValueError", {2, "gone"})), "[Errno 2] gone");
  EXPECT_EQ(text_of(exception_object("builtins", "ValueError", {"no", 3})), "('no', 3)");
  EXPECT_EQ(text_of(exception_object("builtins", "ValueError", {std::string(20'000, 'x')})), std::string(20'000, 'x'));
}

TEST(Exception, OfAValueThatSharesItsPartsHasAShortText) {
  Object doubled = tuple();
  for (int i = 0; i < 40; ++i) doubled = tuple(doubled, doubled);  // 2^40 parts
  EXPECT_THROW(raise_object(doubled), RemoteError);
  for (const List& args : {List{doubled}, List{1, doubled}, List{doubled, doubled}}) {
    EXPECT_LT(std::string(ObjectError(exception_object("builtins", "ValueError", args)).what()).size(), 20'000u);
  }
}

}  // namespace
}  // namespace mp
