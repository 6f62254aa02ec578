#include "platform/region.h"

#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "platform/posix/memory.h"

namespace mp::platform {

Region Region::create(std::size_t size) {
  Handle handle = make_memory(size);
  std::byte* const data = map_memory(handle, size);
  return Region(std::move(handle), data, size);
}

Region Region::adopt(Handle handle) {
  const std::size_t size = size_of_memory(handle);
  std::byte* const data = map_memory(handle, size);
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
  give_back_memory(handle_, data_, begin, end - begin);
}

}  // namespace mp::platform
