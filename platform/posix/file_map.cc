#include "platform/file_map.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "platform/error.h"

namespace mp::platform {

Handle FileMap::open(const std::filesystem::path& file, Access access) {
  Handle handle(::open(file.c_str(), (access == Access::kWrite ? O_RDWR : O_RDONLY) | O_CLOEXEC));
  if (!handle) throw OsError("open the file " + file.string(), errno);
  return handle;
}

std::uint64_t FileMap::size_of(const Handle& file) {
  struct stat status;
  if (::fstat(static_cast<int>(file.native()), &status) != 0) throw OsError("ask for the size of a file", errno);
  return static_cast<std::uint64_t>(status.st_size);
}

FileMap FileMap::create(Handle file, std::uint64_t offset, std::size_t length, Access access) {
  const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
  const int sharing = access == Access::kCopy ? MAP_PRIVATE : MAP_SHARED;
  void* data =
      ::mmap(nullptr, length, protection, sharing, static_cast<int>(file.native()), static_cast<off_t>(offset));
  if (data == MAP_FAILED) throw OsError("map a file", errno);
  return FileMap(std::move(file), View(data, length));
}

std::size_t FileMap::granularity() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

void FileMap::flush(std::size_t offset, std::size_t length) {
  if (::msync(data() + offset, length, MS_SYNC) != 0) throw OsError("flush a mapped file", errno);
}

}  // namespace mp::platform
