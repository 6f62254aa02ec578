#include "platform/posix/letter.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "platform/error.h"
#include "platform/posix/descriptor.h"
#include "platform/posix/memory.h"

// A file in memory that nobody can change any more, which is also what it is known by.
namespace mp::platform {
namespace {

constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

int descriptor(const Handle& handle) { return static_cast<int>(handle.native()); }

}  // namespace

Handle write_letter(const Message& message) {
  Handle file(above_streams(::memfd_create("mp-message", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (!file) throw OsError("make room for a child's message", errno);
  std::string prefix = frame_prefix(message.bytes.size(), message.handles);
  std::array<iovec, 2> parts{iovec{prefix.data(), prefix.size()},
                             iovec{const_cast<std::byte*>(message.bytes.data()), message.bytes.size()}};
  set_size(file, prefix.size() + message.bytes.size(), "size a child's message");  // writing raises no signal then
  for (iovec& part : parts) {
    while (part.iov_len > 0) {
      const ssize_t written = ::write(descriptor(file), part.iov_base, part.iov_len);
      if (written < 0 && errno != EINTR) throw OsError("write a child's message", errno);
      if (written < 0) continue;
      part.iov_base = static_cast<char*>(part.iov_base) + written;
      part.iov_len -= static_cast<std::size_t>(written);
    }
  }
  if (::fcntl(descriptor(file), F_ADD_SEALS, kSeals) != 0) throw OsError("seal a child's message", errno);
  return file;
}

// There may be more seals than ours: where vm.memfd_noexec is set, the system adds F_SEAL_EXEC.
void require_letter(int fd) {
  struct stat status;
  const int seals = ::fcntl(fd, F_GET_SEALS);
  const bool is_sealed = seals >= 0 && (seals & kSeals) == kSeals;
  if (is_sealed && ::fstat(fd, &status) == 0 && status.st_uid == ::geteuid()) return;
  throw OsError(
      "enter: descriptor " + std::to_string(fd) + " is not a starter's message; do not give --mp-entered by hand",
      EBADF);
}

void read_letter(const Handle& letter, ArrivingFrame& frame) {
  for (off_t offset = 0; !frame.is_complete();) {
    const auto room = frame.room();
    const ssize_t got = ::pread(static_cast<int>(letter.native()), room.data(), room.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) frame.came(static_cast<std::size_t>(got));
    if (got <= 0 || frame.state() == ArrivingFrame::State::kBroken) {
      throw OsError("enter: the starter's message cannot be read", got < 0 ? errno : EBADMSG);
    }
    offset += got;
  }
}

}  // namespace mp::platform
