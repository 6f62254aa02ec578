#include "platform/posix/letter.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "platform/error.h"
#include "platform/posix/memory.h"

// Shared memory, which has a size of its own; it is known by a mark in front.
namespace mp::platform {
namespace {

using Mark = std::uint64_t;
constexpr Mark kMark = 0x6d702d6c65747465;

// Memory as long as this lives.
struct Mapped {
  explicit Mapped(const Handle& memory) : size(size_of_memory(memory)), data(map_memory(memory, size)) {}
  ~Mapped() { ::munmap(data, size); }
  Mapped(const Mapped&) = delete;

  std::size_t size;
  std::byte* data;
};

bool has_mark(int fd) {
  struct stat status;
  // Shared memory is none of the kinds of file.
  if (::fstat(fd, &status) != 0 || (status.st_mode & S_IFMT) != 0 || status.st_uid != ::geteuid()) return false;
  void* const place = ::mmap(nullptr, sizeof(Mark), PROT_READ, MAP_SHARED, fd, 0);
  if (place == MAP_FAILED) return false;
  Mark found;
  std::memcpy(&found, place, sizeof(found));
  ::munmap(place, sizeof(Mark));
  return found == kMark;
}

}  // namespace

Handle write_letter(const Message& message) {
  const std::string prefix = frame_prefix(message.bytes.size(), message.handles);
  Handle letter = make_memory(sizeof(Mark) + prefix.size() + message.bytes.size());
  const Mapped mapped(letter);
  std::byte* place = mapped.data;
  std::memcpy(place, &kMark, sizeof(kMark));
  place += sizeof(kMark);
  std::memcpy(place, prefix.data(), prefix.size());
  place += prefix.size();
  std::copy(message.bytes.begin(), message.bytes.end(), place);
  return letter;
}

void require_letter(int fd) {
  if (has_mark(fd)) return;
  throw OsError(
      "enter: descriptor " + std::to_string(fd) + " is not a starter's message; do not give --mp-entered by hand",
      EBADF);
}

void read_letter(const Handle& letter, ArrivingFrame& frame) {
  const Mapped mapped(letter);
  for (std::size_t offset = sizeof(Mark); !frame.is_complete();) {
    const auto room = frame.room();
    const std::size_t size = std::min(room.size(), mapped.size - offset);
    std::copy_n(mapped.data + offset, size, room.data());
    frame.came(size);
    if (size == 0 || frame.state() == ArrivingFrame::State::kBroken)
      throw OsError("enter: the starter's message cannot be read", EBADMSG);
    offset += size;
  }
}

}  // namespace mp::platform
