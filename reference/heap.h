#ifndef REFERENCE_HEAP_H_
#define REFERENCE_HEAP_H_

#include <cstddef>
#include <memory>

namespace mp {

class Reader;
class Writer;
struct Undecoded;

// A piece of memory that processes share, for something small: many of them lie in one region, so that a thousand shared numbers
// cost a few system handles and not a thousand.
//
// Owns:    a share of the arena that it lies in. An arena lives until the last process has dropped the last block of it.
// Shares:  copies are the same memory, in this process at the same address; they travel to a child as arguments, or by fork. An
//          arena travels once a message, whatever number of its blocks do.
// Threads: as a shared_ptr; the memory itself may be used by everybody at once.
// Blocks:  never.
// Throws:  MemoryError, OSError when the system has no memory or handles left.
//
// The memory begins as zeros, at a multiple of kGrain, and shares no cache line with other blocks.
//
// No block is used twice. Nobody can know cheaply whether some process still looks at a block that this one has dropped: it may
// have got it by fork, and be killed at any time. So an arena only fills up, by one atomic step in the memory itself, and the
// system takes it back as a whole when nobody maps it any more: nothing can be corrupted, lost or leaked by a death.
// The price: a block that lives long keeps its arena, that is at most kArena bytes, and of these only the pages that were touched.
//
// Each thread fills an arena of its own. There is no lock that a fork could copy in its locked state; a forked child goes on in the
// arena of the thread that forked, and the atomic step keeps the two apart.
class Block {
 public:
  static constexpr std::size_t kGrain = 64;
  static constexpr std::size_t kArena = std::size_t{256} << 10;

  explicit Block(std::size_t size);
  explicit Block(Undecoded);

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  struct Arena;
  struct Current;
  Block(std::shared_ptr<Arena> arena, std::size_t offset, std::size_t size);

  std::shared_ptr<Arena> arena_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace mp

#endif  // REFERENCE_HEAP_H_
