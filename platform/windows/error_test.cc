#include "platform/error.h"

#include <gtest/gtest.h>
#include <winsock2.h>
// After winsock2.h, as it brings an older one else.
#include <windows.h>

namespace mp::platform {
namespace {

TEST(WindowsError, MeansWhatItMeansElsewhere) {
  EXPECT_EQ(OsError("connect", WSAECONNREFUSED).condition(), std::errc::connection_refused);
  EXPECT_EQ(OsError("connect", ERROR_CONNECTION_REFUSED).condition(), std::errc::connection_refused);
  EXPECT_EQ(OsError("receive", WSAECONNRESET).condition(), std::errc::connection_reset);
  EXPECT_EQ(OsError("write", ERROR_BROKEN_PIPE).condition(), std::errc::broken_pipe);
  EXPECT_EQ(OsError("write", ERROR_NO_DATA).condition(), std::errc::broken_pipe);
  EXPECT_EQ(OsError("open", ERROR_FILE_NOT_FOUND).condition(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(OsError("open", ERROR_PATH_NOT_FOUND).condition(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(OsError("create", ERROR_ALREADY_EXISTS).condition(), std::errc::file_exists);
  EXPECT_EQ(OsError("open", ERROR_ACCESS_DENIED).condition(), std::errc::permission_denied);
  EXPECT_EQ(OsError("map", ERROR_NOT_ENOUGH_MEMORY).condition(), std::errc::not_enough_memory);
  EXPECT_EQ(OsError("bind", WSAEADDRINUSE).condition(), std::errc::address_in_use);
}

}  // namespace
}  // namespace mp::platform
