// The numbers of errno; those of Windows are in platform/windows/error_test.cc.
#include <gtest/gtest.h>

#include <cerrno>

#include "platform/error.h"
#include "reference/error.h"

namespace mp {
namespace {

TEST(Error, OfTheSystemBecomesItsClass) {
  EXPECT_THROW(raise(platform::OsError("connect", ECONNREFUSED)), ConnectionRefusedError);
  EXPECT_THROW(raise(platform::OsError("open", ENOENT)), FileNotFoundError);
  EXPECT_THROW(raise(platform::OsError("bind", EADDRINUSE)), OSError);
  EXPECT_EQ(names_of(platform::OsError("write", EPIPE)).front(), "BrokenPipeError");
}

}  // namespace
}  // namespace mp
