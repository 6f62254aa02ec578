#include "platform/wait.h"

#include <cerrno>

#include "platform/error.h"
#include "platform/look.h"
#include "platform/posix/poll.h"
#include "platform/posix/stand_in.h"

namespace mp::platform {

std::vector<std::size_t> wait_any(std::span<const NativeHandle> handles, Deadline deadline) {
  std::vector<Handle> stand_ins;
  std::vector<pollfd> entries;
  entries.reserve(handles.size());
  for (const NativeHandle native : handles) {
    if (native < 0) throw OsError("wait for a handle that is empty or closed", EBADF);  // poll() would overlook it
    Handle other = stand_in(native);
    const NativeHandle asked = other ? other.native() : native;
    if (other) stand_ins.push_back(std::move(other));
    entries.push_back({.fd = static_cast<int>(asked), .events = POLLIN, .revents = 0});
  }
  const auto ready_now = [&] { return poll_until(entries, Deadline::passed()) > 0; };
  if (!ready_now() && !deadline.has_passed() && !look(ready_now, std::chrono::nanoseconds(0)))
    poll_until(entries, deadline);

  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].revents & POLLNVAL) throw OsError("wait for a handle that is not open", EBADF);
    if (entries[i].revents != 0) ready.push_back(i);
  }
  return ready;
}

}  // namespace mp::platform
