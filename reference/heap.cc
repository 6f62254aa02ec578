#include "reference/heap.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

// At the beginning of an arena. A process that dies right after its step has wasted the bytes that it took.
struct Header {
  std::atomic<std::uint64_t> used;
};
static_assert(sizeof(Header) <= Block::kGrain && std::atomic<std::uint64_t>::is_always_lock_free);

std::size_t rounded(std::size_t size) {
  if (size > std::numeric_limits<std::size_t>::max() / 2) throw MemoryError("so much memory cannot be shared");
  return (size + Block::kGrain - 1) / Block::kGrain * Block::kGrain;
}

}  // namespace

struct Block::Arena {
  explicit Arena(platform::Region region) : region(std::move(region)) {}

  static std::shared_ptr<Arena> create(std::size_t size) {
    try {
      auto made = std::make_shared<Arena>(platform::Region::create(size));
      (new (made->region.data()) Header)->used.store(kGrain, std::memory_order_relaxed);
      return made;
    } catch (const platform::OsError& error) {
      raise(error);
    }
    return nullptr;  // not reached: raise throws
  }

  // Nothing: it is full. Relaxed: the number hands out places and says nothing about what is in them.
  std::optional<std::size_t> take(std::size_t size) {
    auto& used = std::launder(reinterpret_cast<Header*>(region.data()))->used;
    std::uint64_t offset = used.load(std::memory_order_relaxed);
    do {
      if (size > region.size() - offset) return std::nullopt;
    } while (!used.compare_exchange_weak(offset, offset + size, std::memory_order_relaxed));
    return offset;
  }

  platform::Region region;
};

namespace {

// What a thread's own objects are gone before: something shared may still be made in the destructor of a static variable.
thread_local bool thread_is_over = false;

}  // namespace

struct Block::Current {
  ~Current() { thread_is_over = true; }
  std::shared_ptr<Arena> arena;
};

Block::Block(std::shared_ptr<Arena> arena, std::size_t offset, std::size_t size)
    : arena_(std::move(arena)), data_(arena_->region.data() + offset), size_(size) {}

Block::Block(Undecoded) {}

Block::Block(std::size_t size) {
  const std::size_t taken = rounded(size);
  if (taken > kArena / 4 || thread_is_over) {
    auto arena = Arena::create(kGrain + taken);
    *this = Block(std::move(arena), kGrain, size);
    return;
  }
  thread_local Current current;
  std::optional<std::size_t> offset;
  while (current.arena == nullptr || !(offset = current.arena->take(taken))) current.arena = Arena::create(kArena);
  *this = Block(current.arena, *offset, size);
}

void Block::save(Writer& writer) const {
  const Writer::Common common = writer.share(arena_);
  writer(common.number);
  if (common.is_first) writer.attach(arena_->region.handle());
  writer(std::uint64_t(data_ - arena_->region.data()), std::uint64_t{size_});
}

void Block::load(Reader& reader) {
  std::shared_ptr<void>& common = reader.common(reader.read<std::uint32_t>());
  if (common == nullptr) common = std::make_shared<Arena>(platform::Region::adopt(reader.detach()));
  auto arena = std::static_pointer_cast<Arena>(common);
  const auto offset = reader.read<std::uint64_t>();
  const auto size = reader.read<std::uint64_t>();
  if (offset > arena->region.size() || size > arena->region.size() - offset) {
    throw PickleError("the bytes name shared memory that is not there");
  }
  *this = Block(std::move(arena), offset, size);
}

}  // namespace mp
