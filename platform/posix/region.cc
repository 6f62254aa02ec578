#include "platform/region.h"

#include <unistd.h>

#include <utility>

#include "platform/posix/memory.h"

namespace mp::platform {

Region Region::create(std::size_t size) {
  Handle handle = make_memory(size);
  View view(map_memory(handle, size), size);
  return Region(std::move(handle), std::move(view));
}

Region Region::adopt(Handle handle) {
  const std::size_t size = size_of_memory(handle);
  View view(map_memory(handle, size), size);
  return Region(std::move(handle), std::move(view));
}

Handle Region::handle() const { return handle_.duplicate(); }

void Region::discard(std::size_t offset, std::size_t length) {
  // Not kept in a static, which a fork beside a thread that initialises it would leave half initialised. The C library has it at hand.
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t begin = (offset + page - 1) / page * page;
  const std::size_t end = (offset + length) / page * page;
  if (begin >= end) return;
  give_back_memory(handle_, data(), begin, end - begin);
}

}  // namespace mp::platform
