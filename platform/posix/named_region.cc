#include "platform/named_region.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "platform/error.h"
#include "platform/handle.h"
#include "platform/posix/memory.h"

namespace mp::platform {
namespace {

// As CPython has it: read and write for the owner only. (shm_open() itself sets close-on-exec.)
constexpr mode_t kMode = 0600;

std::string path_of(const std::string& name) { return "/" + name; }

View map(const Handle& handle, std::size_t size) {
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, static_cast<int>(handle.native()), 0);
  if (data == MAP_FAILED) throw OsError("map named shared memory", errno);
  return View(data, size);
}

}  // namespace

std::optional<NamedRegion> NamedRegion::create(const std::string& name, std::size_t size) {
  const Handle handle(::shm_open(path_of(name).c_str(), O_RDWR | O_CREAT | O_EXCL, kMode));
  if (!handle && errno == EEXIST) return std::nullopt;
  if (!handle) throw OsError("create named shared memory", errno);
  try {
    set_size(handle, size, "size named shared memory");
    return NamedRegion(map(handle, size));
  } catch (const OsError&) {
    ::shm_unlink(path_of(name).c_str());  // it is ours: nobody else could have created it
    throw;
  }
}

std::optional<NamedRegion> NamedRegion::open(const std::string& name) {
  const Handle handle(::shm_open(path_of(name).c_str(), O_RDWR, kMode));
  if (!handle && errno == ENOENT) return std::nullopt;
  if (!handle) throw OsError("open named shared memory", errno);
  struct stat status;
  if (::fstat(static_cast<int>(handle.native()), &status) != 0) {
    throw OsError("ask for the size of named shared memory", errno);
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  return NamedRegion(map(handle, size));
}

bool NamedRegion::remove(const std::string& name) {
  if (::shm_unlink(path_of(name).c_str()) == 0) return true;
  if (errno != ENOENT) throw OsError("remove named shared memory", errno);
  return false;
}

}  // namespace mp::platform
