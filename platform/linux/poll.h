#ifndef PLATFORM_LINUX_POLL_H_
#define PLATFORM_LINUX_POLL_H_

#include <poll.h>

#include <cerrno>
#include <ctime>
#include <span>

#include "platform/deadline.h"
#include "platform/error.h"
#include "platform/handle.h"

namespace mp::platform {

// Waits until an entry is ready: how many are. Zero only once the deadline has passed; a signal makes no difference.
inline int poll_until(std::span<pollfd> entries, Deadline deadline) {
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

// The same for one descriptor: false when the deadline passed first. Errors and the end of the road count as ready.
inline bool poll_until(NativeHandle native, short events, Deadline deadline) {
  pollfd entry{.fd = static_cast<int>(native), .events = events, .revents = 0};
  return poll_until(std::span(&entry, 1), deadline) > 0;
}

}  // namespace mp::platform

#endif  // PLATFORM_LINUX_POLL_H_
