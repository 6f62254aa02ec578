#include "platform/posix/poll.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "platform/error.h"

namespace mp::platform {
namespace {

// poll() counts milliseconds: the last one begun counts whole, so that nobody comes back early and turns in circles until the deadline.
int milliseconds_until(Deadline deadline) {
  constexpr std::int64_t kMost = 1'000'000'000;
  if (deadline.is_never()) return -1;
  return static_cast<int>(
      std::min(kMost, std::int64_t{std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining()).count()}));
}

}  // namespace

int poll_until(std::span<pollfd> entries, Deadline deadline) {
  for (;;) {
    const int ready = ::poll(entries.data(), static_cast<nfds_t>(entries.size()), milliseconds_until(deadline));
    if (ready > 0 || (ready == 0 && deadline.has_passed())) return ready;
    if (ready < 0 && errno != EINTR) throw OsError("wait for file descriptors", errno);
  }
}

}  // namespace mp::platform
