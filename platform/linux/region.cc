#include "platform/region.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "platform/error.h"

namespace mp::platform {
namespace {

std::byte* map(const Handle& handle, std::size_t size) {
  const int descriptor = static_cast<int>(handle.native());
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (data == MAP_FAILED) throw OsError("map shared memory", errno);
  return static_cast<std::byte*>(data);
}

std::size_t size_of(const Handle& handle) {
  struct stat status;
  if (::fstat(static_cast<int>(handle.native()), &status) != 0)
    throw OsError("ask for the size of shared memory", errno);
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

Region Region::create(std::size_t size) {
  Handle handle(::memfd_create("region", MFD_CLOEXEC));  // the name is only for /proc/PID/maps
  if (!handle) throw OsError("create shared memory", errno);
  if (::ftruncate(static_cast<int>(handle.native()), static_cast<off_t>(size)) != 0) {
    throw OsError("size shared memory", errno);
  }
  std::byte* const data = map(handle, size);
  return Region(std::move(handle), data, size);
}

Region Region::adopt(Handle handle) {
  const std::size_t size = size_of(handle);
  std::byte* const data = map(handle, size);
  return Region(std::move(handle), data, size);
}

Region::Region(Region&& other) noexcept
    : handle_(std::move(other.handle_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Region& Region::operator=(Region&& other) noexcept {
  if (this != &other) {
    unmap();
    handle_ = std::move(other.handle_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Region::~Region() { unmap(); }

void Region::unmap() noexcept {
  if (data_ != nullptr) ::munmap(data_, size_);
  data_ = nullptr;
}

Handle Region::handle() const { return handle_.duplicate(); }

void Region::discard(std::size_t offset, std::size_t length) {
  static const std::size_t kPage = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t begin = (offset + kPage - 1) / kPage * kPage;
  const std::size_t end = (offset + length) / kPage * kPage;
  if (begin >= end) return;
  int result;
  do {
    result = ::fallocate(static_cast<int>(handle_.native()), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                         static_cast<off_t>(begin), static_cast<off_t>(end - begin));
  } while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EOPNOTSUPP) throw OsError("give shared memory back", errno);
}

}  // namespace mp::platform
