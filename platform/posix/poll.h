#ifndef PLATFORM_POSIX_POLL_H_
#define PLATFORM_POSIX_POLL_H_

#include <poll.h>

#include <span>

#include "platform/deadline.h"
#include "platform/handle.h"

namespace mp::platform {

// Waits until an entry is ready: how many are. Zero only once the deadline has passed; a signal makes no difference.
int poll_until(std::span<pollfd> entries, Deadline deadline);

// The same for one descriptor: false when the deadline passed first. Errors and the end of the road count as ready.
inline bool poll_until(NativeHandle native, short events, Deadline deadline) {
  pollfd entry{.fd = static_cast<int>(native), .events = events, .revents = 0};
  return poll_until(std::span(&entry, 1), deadline) > 0;
}

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_POLL_H_
