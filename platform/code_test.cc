#include "platform/code.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "platform/error.h"

namespace mp::platform {
namespace {

void here() {}

TEST(Code, IsFoundByItsName) { EXPECT_EQ(find(name_of(&here)), &here); }

TEST(Code, OfAnotherModuleIsFoundByItsName) {
  const Code code = reinterpret_cast<Code>(&std::getenv);
  EXPECT_EQ(find(name_of(code)), code);
}

TEST(Code, OfAnUnknownModuleIsNotFound) {
  CodeName name = name_of(&here);
  name.module[0] ^= std::byte{1};
  EXPECT_EQ(find(name), nullptr);
}

TEST(Code, OutsideOfItsModuleIsNotFound) {
  CodeName name = name_of(&here);
  for (const std::uint64_t offset : {std::uint64_t{1} << 40, UINT64_MAX}) {
    name.offset = offset;
    EXPECT_EQ(find(name), nullptr) << offset;
  }
}

TEST(Code, InNoModuleHasNoName) {
  int data = 0;
  EXPECT_THROW(name_of(reinterpret_cast<Code>(&data)), OsError);
}

TEST(Code, ATypeIsNamedAsInItsSource) { EXPECT_EQ(readable_name(typeid(OsError)), "mp::platform::OsError"); }

}  // namespace
}  // namespace mp::platform
