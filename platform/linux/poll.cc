#include "platform/posix/poll.h"

#include <cerrno>
#include <ctime>

#include "platform/error.h"

namespace mp::platform {

int poll_until(std::span<pollfd> entries, Deadline deadline) {
  for (;;) {
    timespec left{};
    if (!deadline.is_never()) {
      const auto nanoseconds = deadline.remaining().count();
      left = {.tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000};
    }
    const int ready = ::ppoll(entries.data(), entries.size(), deadline.is_never() ? nullptr : &left, nullptr);
    if (ready > 0 || (ready == 0 && deadline.has_passed())) return ready;
    if (ready < 0 && errno != EINTR) throw OsError("wait for file descriptors", errno);
  }
}

}  // namespace mp::platform
