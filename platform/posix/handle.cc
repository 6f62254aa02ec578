#include "platform/handle.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/error.h"

namespace mp::platform {

Handle Handle::duplicate() const {
  if (native_ == kNoHandle) return Handle();
  // Never 0, 1 or 2, even in a process that was started without them: a child would take it for its standard streams.
  const int copy = ::fcntl(static_cast<int>(native_), F_DUPFD_CLOEXEC, 3);
  if (copy < 0) throw OsError("duplicate a file descriptor", errno);
  return Handle(copy);
}

void Handle::close() noexcept {
  if (native_ == kNoHandle) return;
  const int saved = errno;  // callers report the error that made them close
  // The descriptor is gone even when close() is interrupted (close(2) of Linux; macOS does the same): a retry could close somebody else's.
  ::close(static_cast<int>(std::exchange(native_, kNoHandle)));
  errno = saved;
}

}  // namespace mp::platform
