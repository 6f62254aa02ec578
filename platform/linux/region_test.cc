#include "platform/region.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "platform/error.h"

namespace mp::platform {
namespace {

// The system refuses to take pages from memory that is sealed against writers to come; who has it mapped may go on to write.
TEST(RegionLinuxTest, DiscardsNothingWhereTheSystemRefuses) {
  constexpr std::size_t kSize = 1 << 16;
  Handle handle(::memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const int descriptor = static_cast<int>(handle.native());
  ASSERT_EQ(::ftruncate(descriptor, kSize), 0);
  Region region = Region::adopt(std::move(handle));
  region.data()[kSize / 2] = std::byte{1};
  ASSERT_EQ(::fcntl(descriptor, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
  ASSERT_EQ(::fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kSize), -1);
  region.discard(0, kSize);
  EXPECT_EQ(region.data()[kSize / 2], std::byte{1});
}

// Else what a process without standard streams prints would be written into shared memory.
TEST(RegionLinuxTest, NeverTakesTheNumberOfAStandardStream) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (int stream = 0; stream < 3; ++stream) ::close(stream);
    const Region region = Region::create(100);
    for (int stream = 0; stream < 3; ++stream) {
      if (::fcntl(stream, F_GETFD) >= 0) ::_exit(1);
    }
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// The system would end the process by SIGXFSZ.
TEST(RegionLinuxTest, BeyondTheLimitOfFilesIsRefused) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit low{1 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  EXPECT_EQ(Region::create(1 << 20).size(), 1u << 20);
  try {
    Region::create((1 << 20) + 1);
    ADD_FAILURE();
  } catch (const OsError& error) {
    EXPECT_EQ(error.condition(), std::errc::file_too_large);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
}

}  // namespace
}  // namespace mp::platform
