#include "reference/shared_memory_manager.h"

#include <utility>

#include "reference/error.h"

namespace mp {

SharedMemoryManager::SharedMemoryManager(Address address, ManagerOptions options)
    : BaseManager(std::move(address), std::move(options)) {}

mp::SharedMemory SharedMemoryManager::SharedMemory(std::int64_t size) const {
  mp::SharedMemory block({.create = true, .size = size});
  look_after(block);
  return block;
}

mp::ShareableList SharedMemoryManager::ShareableList(const std::vector<Object>& sequence) const {
  mp::ShareableList list(sequence);
  look_after(list.shm());
  return list;
}

// The block is made here and then told, as CPython does it: so a server of either serves clients of both.
void SharedMemoryManager::look_after(mp::SharedMemory& block) const {
  try {
    ask("track_segment", {block.name()});
  } catch (...) {
    try {
      block.unlink();
    } catch (const FileNotFoundError&) {
      // The server knew of it, and ended before it could say so.
    }
    throw;
  }
}

}  // namespace mp
