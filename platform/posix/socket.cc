#include "platform/posix/socket.h"

#include <fcntl.h>

namespace mp::platform {

void set_blocking(int fd, bool blocking) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  ::fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

}  // namespace mp::platform
