#include "platform/posix/memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/error.h"
#include "platform/posix/descriptor.h"

namespace mp::platform {

// Beyond the limit ftruncate() gives EFBIG only after SIGXFSZ, which ends the process. So it is not called there.
void set_size(const Handle& memory, std::size_t size, const char* operation) {
  rlimit limit;
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && size > limit.rlim_cur) throw OsError(operation, EFBIG);
  if (::ftruncate(static_cast<int>(memory.native()), static_cast<off_t>(size)) != 0) throw OsError(operation, errno);
}

Handle make_memory(std::size_t size) {
  Handle memory(above_streams(::memfd_create("region", MFD_CLOEXEC)));  // the name is only for /proc/PID/maps
  if (!memory) throw OsError("create shared memory", errno);
  set_size(memory, size, "size shared memory");
  return memory;
}

std::size_t size_of_memory(const Handle& memory) {
  struct stat status;
  if (::fstat(static_cast<int>(memory.native()), &status) != 0)
    throw OsError("ask for the size of shared memory", errno);
  return static_cast<std::size_t>(status.st_size);
}

std::byte* map_memory(const Handle& memory, std::size_t size) {
  const int descriptor = static_cast<int>(memory.native());
  void* const data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (data == MAP_FAILED) throw OsError("map shared memory", errno);
  return static_cast<std::byte*>(data);
}

// A hint, so that no error matters: a file system may have no holes, a sandbox may not let the call through (ENOSYS, EPERM).
void give_back_memory(const Handle& memory, std::byte*, std::size_t offset, std::size_t length) {
  int result;
  do {
    result = ::fallocate(static_cast<int>(memory.native()), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                         static_cast<off_t>(offset), static_cast<off_t>(length));
  } while (result != 0 && errno == EINTR);
}

}  // namespace mp::platform
