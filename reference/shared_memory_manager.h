#ifndef REFERENCE_SHARED_MEMORY_MANAGER_H_
#define REFERENCE_SHARED_MEMORY_MANAGER_H_

#include <cstdint>
#include <vector>

#include "reference/address.h"
#include "reference/manager.h"
#include "reference/object.h"
#include "reference/shareable_list.h"
#include "reference/shared_memory.h"

namespace mp {

// A manager of blocks of shared memory: what was made through it is removed when its server ends, so that nobody has to unlink() it.
//
//   mp::SharedMemoryManager manager;
//   manager.start();
//   const mp::SharedMemory block = manager.SharedMemory(128);
//   const mp::ShareableList list = manager.ShareableList({"alpha", 1, 2.5});
//   ...                  // both go to children as arguments, or are attached to by their names
//   manager.shutdown();  // and both are gone; the end of the manager's scope does the same
//
// Who may die: who makes or uses a block, and it stays; who started the manager, and its server ends and removes all. When the server itself is
// killed, what it looked after stays, as any SharedMemory that nobody unlinks; so does a block whose maker is killed
// before the server knows of it.
//
// Owns:    the server, as every BaseManager. The memory is everybody's who is attached, also after the end: only the name goes.
// Shares:  blocks and lists as SharedMemory and ShareableList. Others, in C++ or Python, make more through the same server: connect().
// Threads: every method in any.
// Blocks:  SharedMemory() and ShareableList() until the server answers; else as BaseManager.
// Throws:  as BaseManager, SharedMemory and ShareableList. What was made is removed when the server cannot be told.
//
// On Windows a block goes with the last who is attached, also before the end.
class SharedMemoryManager : public BaseManager {
 public:
  explicit SharedMemoryManager(Address address = {}, ManagerOptions options = {});

  // [shared-memory.manager.block.size] A new block.
  mp::SharedMemory SharedMemory(std::int64_t size) const;
  // [shared-memory.manager.list.sequence] A new list of these values.
  mp::ShareableList ShareableList(const std::vector<Object>& sequence) const;

 private:
  void look_after(mp::SharedMemory& block) const;
};

}  // namespace mp

#endif  // REFERENCE_SHARED_MEMORY_MANAGER_H_
