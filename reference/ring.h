#ifndef REFERENCE_RING_H_
#define REFERENCE_RING_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "platform/handle.h"
#include "platform/region.h"

namespace mp {

// Whole messages in order, in shared memory that grows and shrinks with them.
//
// Owns:    its mapping of the memory, which lives until the last process drops it.
// Shares:  with a forked child; handle() travels to any other, adopt() maps it there.
// Threads: one writer (reserve, commit) and one reader (front, pop) at a time in all processes: the caller brings a
//          mutex for each side. Readers and writers need nothing between them. size(), head() by anybody at any time.
// Blocks:  never.
// Throws:  OsError when there is no memory for a new one.
//
// Segments. The memory is a chain of byte rings, each twice as large as the one before; a page that was never touched
// costs nothing. The writer stays in a segment as long as there is room. When there is none, it leaves a jump record
// behind and goes on in a larger one; the reader follows, and gives the pages of a large segment back when it leaves
// it. When the rest that is unread has become small, the writer returns to the first segment, which is small enough to
// stay in the caches. A message is never cut: when it does not fit before the end of its segment, a jump record leads
// to the beginning.
//
//      0 |######........|   1 |...............|   2 |.....################J..|        # unread  J jump to 0
//               ^ tail                                    ^ head
//
// Which segments hold something unread follows from those of head and tail alone. The writer only goes up, except that
// it may go back to 0 when all that is unread is in its own segment. So above its own segment all are free to enter but
// that of the reader.
//
// Death. All that matters is in two words, tail and head: each has the place, the segment and the number of messages so
// far, and changes by one store. A writer that dies before the store of tail leaves bytes that the next one overwrites.
// A reader that dies before the store of head leaves the message for the next one; after it, the message is gone as a
// whole. There is nothing to repair, and the number of messages is always right.
//
// Order. The store of tail releases the bytes of a message, the reader's load acquires them; the store of head releases
// the room, the writer's load acquires it.
class Ring {
 public:
  static Ring create();
  static Ring adopt(platform::Handle handle);
  platform::Handle handle() const { return region_.handle(); }

  // For the writer. Room for a message, or nullptr: there is none, without entering a larger segment unless `grow`.
  std::byte* reserve(std::size_t size, bool grow);
  // For the writer. The room last reserved becomes the newest message, of the size asked for.
  void commit(std::size_t size);
  // For the writer. False when there are as many messages or more.
  bool holds_fewer_than(std::uint32_t messages);
  // A larger message never finds room.
  std::size_t largest_message() const { return capacity(shared_->segments - 1) / 2 - 2 * kGrain; }

  // For the reader. The oldest message, in place until pop(); nothing when there is none.
  std::optional<std::span<const std::byte>> front();
  void pop();

  // Right at some moment during the call.
  std::uint32_t size() const;
  bool empty() const;
  // How many messages have been committed since there had been `count` of them, as far as 30 bits can tell.
  std::uint32_t committed_since(std::uint32_t count) const {
    const Place tail{shared_->tail.load(std::memory_order_acquire)};
    return static_cast<std::uint32_t>((tail.count() - count) & Place::kMask);
  }
  // Changes with every pop().
  std::uint64_t head() const { return shared_->head.load(std::memory_order_acquire); }

 private:
  static constexpr std::size_t kGrain = 16;  // records begin at its multiples and are as long; a jump record is one
  static constexpr int kMostSegments = 13;

  // A place in one word: 30 bits of grains (only differences within a segment count, which are smaller), 4 bits of
  // segment, 30 bits of messages so far (there is room for half as many).
  struct Place {
    std::uint64_t word;

    static constexpr std::uint64_t kMask = (std::uint64_t{1} << 30) - 1;
    static Place of(std::uint64_t bytes, int segment, std::uint64_t count) {
      return {(bytes / kGrain & kMask) | std::uint64_t(segment) << 30 | count << 34};
    }
    std::uint64_t bytes() const { return (word & kMask) * kGrain; }
    int segment() const { return word >> 30 & 15; }
    std::uint64_t count() const { return word >> 34; }
    // Bytes from an earlier place of the same segment to this one.
    std::uint64_t since(std::uint64_t earlier) const { return (bytes() - earlier) & (kMask * kGrain); }
  };

  struct Shared {
    int segments;
    // The writer's. What it saw of head last, so that it need not look each time; where it entered each segment.
    alignas(128) std::atomic<std::uint64_t> tail;
    std::atomic<std::uint64_t> head_seen;
    std::array<std::atomic<std::uint64_t>, kMostSegments> entered;
    // The reader's.
    alignas(128) std::atomic<std::uint64_t> head;
    std::atomic<std::uint64_t> tail_seen;
  };

  explicit Ring(platform::Region region);
  static std::size_t capacity(int segment);
  static std::size_t begin(int segment);
  std::byte* at(Place place) const {
    return region_.data() + begin(place.segment()) + (place.bytes() & (capacity(place.segment()) - 1));
  }

  bool make_room(Place& tail, std::uint64_t record);
  bool enter_larger(Place& tail, std::uint64_t record);
  void return_to_first(Place& tail);
  std::uint64_t unread_in_segment_of(Place tail) const;
  void jump(Place& tail, int segment);
  void follow(Place& head, int segment);

  platform::Region region_;
  Shared* shared_;
};

}  // namespace mp

#endif  // REFERENCE_RING_H_
