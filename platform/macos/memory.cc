#include "platform/posix/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "platform/error.h"
#include "platform/posix/descriptor.h"

// Named shared memory whose name goes at once; only a process that is killed between these two calls leaves one. The system rounds
// the size up to whole pages and forgets what was asked for, so the last eight bytes of the last page say it.
namespace mp::platform {
namespace {

using Size = std::uint64_t;

// Not kept in a static, which a fork beside a thread that initialises it would leave half initialised. The C library has it at hand.
std::size_t page() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

Handle make_nameless() {
  for (;;) {
    std::uint64_t number;
    ::arc4random_buf(&number, sizeof(number));
    const std::string name = "/mp-" + std::to_string(number);                  // 31 bytes are possible
    const int fd = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);  // sets close-on-exec itself
    if (fd >= 0) ::shm_unlink(name.c_str());
    Handle made(above_streams(fd));
    if (made) return made;
    if (errno != EEXIST) throw OsError("create shared memory", errno);
  }
}

std::size_t whole_size(const Handle& memory) {
  struct stat status;
  if (::fstat(static_cast<int>(memory.native()), &status) != 0)
    throw OsError("ask for the size of shared memory", errno);
  return static_cast<std::size_t>(status.st_size);
}

void* map(const Handle& memory, std::size_t offset, std::size_t size, int protection) {
  void* const data =
      ::mmap(nullptr, size, protection, MAP_SHARED, static_cast<int>(memory.native()), static_cast<off_t>(offset));
  if (data == MAP_FAILED) throw OsError("map shared memory", errno);
  return data;
}

// Calls use(place of the size), which lies in the last page.
template <class Use>
void with_size(const Handle& memory, std::size_t whole, int protection, Use use) {
  void* const last = map(memory, whole - page(), page(), protection);
  use(static_cast<std::byte*>(last) + page() - sizeof(Size));
  ::munmap(last, page());
}

}  // namespace

// Shared memory is no file here, and no limit for files holds.
void set_size(const Handle& memory, std::size_t size, const char* operation) {
  if (::ftruncate(static_cast<int>(memory.native()), static_cast<off_t>(size)) != 0) throw OsError(operation, errno);
}

Handle make_memory(std::size_t size) {
  if (size > SIZE_MAX / 2) throw OsError("size shared memory", EFBIG);
  const std::size_t whole = (size + sizeof(Size) + page() - 1) / page() * page();
  Handle memory = make_nameless();
  set_size(memory, whole, "size shared memory");
  const Size written = size;
  with_size(memory, whole, PROT_READ | PROT_WRITE,
            [&](std::byte* place) { std::memcpy(place, &written, sizeof(written)); });
  return memory;
}

std::size_t size_of_memory(const Handle& memory) {
  const std::size_t whole = whole_size(memory);
  if (whole == 0 || whole % page() != 0) throw OsError("map shared memory: this is something else", EINVAL);
  Size size = 0;
  with_size(memory, whole, PROT_READ, [&](const std::byte* place) { std::memcpy(&size, place, sizeof(size)); });
  if (size > whole) throw OsError("map shared memory: this is something else", EINVAL);
  return size;
}

std::byte* map_memory(const Handle& memory, std::size_t size) {
  return static_cast<std::byte*>(map(memory, 0, size, PROT_READ | PROT_WRITE));
}

// There are no holes to punch. Pages of zeros that may be dropped read as zeros, whether or not that has happened. In steps, so that
// what was never touched does not fill the memory first.
void give_back_memory(const Handle&, std::byte* mapped, std::size_t offset, std::size_t length) {
  constexpr std::size_t kStep = std::size_t{1} << 20;
  for (std::size_t done = 0; done < length; done += kStep) {
    const std::size_t size = std::min(kStep, length - done);
    std::memset(mapped + offset + done, 0, size);
    ::madvise(mapped + offset + done, size, MADV_FREE);
  }
}

}  // namespace mp::platform
