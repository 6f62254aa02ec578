#include "platform/macos/process_queue.h"

#include <fcntl.h>
#include <sys/event.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdint>

#include "platform/error.h"
#include "platform/posix/memory.h"

namespace mp::platform {
namespace {

struct Note {
  std::uint64_t mark;
  Life life;
};
constexpr std::uint64_t kMark = 0x6d702d70726f6365;

bool change(const Handle& queue, std::uint64_t identity, std::int16_t filter, std::uint16_t flags,
            std::uint32_t wanted) {
  struct kevent event;
  EV_SET(&event, identity, filter, flags, wanted, 0, nullptr);
  return ::kevent(static_cast<int>(queue.native()), &event, 1, nullptr, 0, nullptr) == 0;
}

Handle new_queue() {
  Handle queue(::kqueue());
  if (!queue) throw OsError("watch a process", errno);
  ::fcntl(static_cast<int>(queue.native()), F_SETFD, FD_CLOEXEC);
  return queue;
}

void make_ready(const Handle& queue) {
  if (change(queue, 0, EVFILT_USER, EV_ADD, 0) && change(queue, 0, EVFILT_USER, 0, NOTE_TRIGGER)) return;
  throw OsError("watch a process that has ended", errno);
}

}  // namespace

Handle queue_of(Life life) {
  Handle queue = new_queue();
  const bool watched = change(queue, static_cast<std::uint64_t>(pid_of(life)), EVFILT_PROC, EV_ADD, NOTE_EXIT);
  if (!watched && errno != ESRCH) throw OsError("watch a process", errno);
  // Looked at only now: an end that comes later the queue tells. The number may have gone to another process before.
  if (!watched || is_over(life)) make_ready(queue);
  return queue;
}

Handle ready_queue() {
  Handle queue = new_queue();
  make_ready(queue);
  return queue;
}

Handle note_of(Life life) {
  Handle memory = make_memory(sizeof(Note));
  std::byte* const place = map_memory(memory, sizeof(Note));
  *reinterpret_cast<Note*>(place) = {kMark, life};
  ::munmap(place, sizeof(Note));
  return memory;
}

std::optional<Life> life_in(NativeHandle note) {
  struct stat status;
  // Shared memory is none of the kinds of file; sockets, pipes and queues are.
  if (::fstat(static_cast<int>(note), &status) != 0 || (status.st_mode & S_IFMT) != 0) return std::nullopt;
  void* const place = ::mmap(nullptr, sizeof(Note), PROT_READ, MAP_SHARED, static_cast<int>(note), 0);
  if (place == MAP_FAILED) return std::nullopt;
  const Note found = *static_cast<const Note*>(place);
  ::munmap(place, sizeof(Note));
  return found.mark == kMark ? std::optional(found.life) : std::nullopt;
}

}  // namespace mp::platform
