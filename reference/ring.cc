#include "reference/ring.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "platform/error.h"

namespace mp {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{1} << 20;
constexpr std::size_t kFirstBegin = 4096;  // before it: Ring::Shared
// Messages up to this size may lead back to the first segment; larger ones stay where they are rather than to go up and
// down.
constexpr std::size_t kSmall = kFirstCapacity / 16;
// Segments up to this one keep their pages, 15 MiB in all, as giving back and touching anew costs more than copying.
constexpr int kLastKept = 3;

// The first word of a record: the size of its message, or this bit and the segment where to go on.
constexpr std::uint64_t kJump = std::uint64_t{1} << 63;
constexpr std::size_t kHeader = sizeof(std::uint64_t);

constexpr std::uint64_t round_up(std::uint64_t bytes, std::uint64_t grain) {
  return (bytes + grain - 1) & ~(grain - 1);
}

std::uint64_t header_at(const std::byte* record) {
  std::uint64_t header;
  std::memcpy(&header, record, sizeof(header));
  return header;
}

void write_header(std::byte* record, std::uint64_t header) { std::memcpy(record, &header, sizeof(header)); }

}  // namespace

std::size_t Ring::capacity(int segment) { return kFirstCapacity << segment; }

std::size_t Ring::begin(int segment) { return kFirstBegin + capacity(segment) - kFirstCapacity; }

Ring::Ring(platform::Region region) : region_(std::move(region)), shared_(reinterpret_cast<Shared*>(region_.data())) {}

// A process may be limited in its addresses: then a queue takes a quarter of what it could get, and leaves the rest to
// others.
Ring Ring::create() {
  static_assert(sizeof(Shared) <= kFirstBegin);
  constexpr int kFewestSegments = 5;
  int segments = kMostSegments;
  platform::Region region;
  while (!region) {
    try {
      region = platform::Region::create(begin(segments));
    } catch (const platform::OsError&) {
      if (segments == kFewestSegments) throw;
      --segments;
    }
  }
  if (segments != kMostSegments) {
    segments = std::max(segments - 2, kFewestSegments);
    region = platform::Region();
    region = platform::Region::create(begin(segments));
  }
  (new (region.data()) Shared{})->segments = segments;
  return Ring(std::move(region));
}

Ring Ring::adopt(platform::Handle handle) { return Ring(platform::Region::adopt(std::move(handle))); }

std::byte* Ring::reserve(std::size_t size, bool grow) {
  if (size > largest_message()) return nullptr;
  const std::uint64_t record = round_up(kHeader + size, kGrain);
  Place tail{shared_->tail.load(std::memory_order_relaxed)};
  if (tail.segment() != 0 && size <= kSmall) return_to_first(tail);
  if (!make_room(tail, record) && !(grow && enter_larger(tail, record))) return nullptr;
  return at(tail) + kHeader;
}

void Ring::commit(std::size_t size) {
  const Place tail{shared_->tail.load(std::memory_order_relaxed)};
  write_header(at(tail), size);
  const Place next = Place::of(tail.bytes() + round_up(kHeader + size, kGrain), tail.segment(), tail.count() + 1);
  shared_->tail.store(next.word, std::memory_order_release);
}

bool Ring::holds_fewer_than(std::uint32_t messages) {
  const Place tail{shared_->tail.load(std::memory_order_relaxed)};
  const auto fewer = [&](std::uint64_t head) {
    return ((tail.count() - Place{head}.count()) & Place::kMask) < messages;
  };
  if (fewer(shared_->head_seen.load(std::memory_order_relaxed))) return true;
  const std::uint64_t head = shared_->head.load(std::memory_order_acquire);
  shared_->head_seen.store(head, std::memory_order_relaxed);
  return fewer(head);
}

// After a record there is always a grain left for a jump, before the end of the segment and before the unread.
bool Ring::make_room(Place& tail, std::uint64_t record) {
  const std::uint64_t all = capacity(tail.segment());
  const std::uint64_t to_end = all - (tail.bytes() & (all - 1));
  const bool wraps = record + kGrain > to_end;
  const std::uint64_t needed = record + kGrain + (wraps ? to_end : 0);
  if (unread_in_segment_of(tail) + needed > all) {
    shared_->head_seen.store(shared_->head.load(std::memory_order_acquire), std::memory_order_relaxed);
    if (unread_in_segment_of(tail) + needed > all) return false;
  }
  if (wraps) jump(tail, tail.segment());
  return true;
}

bool Ring::enter_larger(Place& tail, std::uint64_t record) {
  const Place head{shared_->head.load(std::memory_order_acquire)};
  for (int segment = tail.segment() + 1; segment < shared_->segments; ++segment) {
    if (segment == head.segment() || record + kGrain > capacity(segment)) continue;
    jump(tail, segment);
    return true;
  }
  return false;
}

void Ring::return_to_first(Place& tail) {
  const Place head{shared_->head.load(std::memory_order_acquire)};
  if (head.segment() == tail.segment() && tail.since(head.bytes()) < capacity(tail.segment()) / 8) jump(tail, 0);
}

// An old head is as good as the new one, only that it leaves less room: jump() sees to it that it is not older than the
// stay in this segment.
std::uint64_t Ring::unread_in_segment_of(Place tail) const {
  const Place head{shared_->head_seen.load(std::memory_order_relaxed)};
  if (head.segment() == tail.segment()) return tail.since(head.bytes());
  return tail.since(shared_->entered[tail.segment()].load(std::memory_order_relaxed));
}

void Ring::jump(Place& tail, int segment) {
  write_header(at(tail), kJump | static_cast<std::uint64_t>(segment));
  const Place next = Place::of(round_up(tail.bytes() + kGrain, capacity(segment)), segment, tail.count());
  if (segment != tail.segment()) shared_->entered[segment].store(next.bytes(), std::memory_order_relaxed);
  shared_->head_seen.store(shared_->head.load(std::memory_order_acquire), std::memory_order_relaxed);
  shared_->tail.store(next.word, std::memory_order_release);
  tail = next;
}

std::optional<std::span<const std::byte>> Ring::front() {
  Place head{shared_->head.load(std::memory_order_relaxed)};
  if (Place{shared_->tail_seen.load(std::memory_order_relaxed)}.count() == head.count()) {
    const Place tail{shared_->tail.load(std::memory_order_acquire)};
    shared_->tail_seen.store(tail.word, std::memory_order_relaxed);
    if (tail.count() == head.count()) return std::nullopt;
  }
  std::uint64_t header = header_at(at(head));
  while ((header & kJump) != 0) {
    follow(head, static_cast<int>(header & ~kJump));
    header = header_at(at(head));
  }
  return std::span<const std::byte>(at(head) + kHeader, header);
}

void Ring::pop() {
  const Place head{shared_->head.load(std::memory_order_relaxed)};
  const std::uint64_t record = round_up(kHeader + header_at(at(head)), kGrain);
  const Place next = Place::of(head.bytes() + record, head.segment(), head.count() + 1);
  shared_->head.store(next.word, std::memory_order_release);
}

// The pages go before the store of head: after it, the writer may be in them again. The page of the jump record stays,
// for the next reader in case this one dies here.
void Ring::follow(Place& head, int segment) {
  const int left = head.segment();
  if (left != segment && left > kLastKept) {
    const std::size_t record = static_cast<std::size_t>(at(head) - region_.data());
    region_.discard(begin(left), record - begin(left));
    region_.discard(record + kGrain, begin(left) + capacity(left) - (record + kGrain));
  }
  head = Place::of(round_up(head.bytes() + kGrain, capacity(segment)), segment, head.count());
  shared_->head.store(head.word, std::memory_order_release);
}

// Two words are read one after the other; they belong together if head is still the same afterwards.
std::uint32_t Ring::size() const {
  for (;;) {
    const Place head{shared_->head.load(std::memory_order_seq_cst)};
    const Place tail{shared_->tail.load(std::memory_order_seq_cst)};
    if (shared_->head.load(std::memory_order_seq_cst) != head.word) continue;
    return static_cast<std::uint32_t>((tail.count() - head.count()) & Place::kMask);
  }
}

// The number in head was right when it was read, and that in tail can only have grown since: if they are the same,
// there was nothing between them then.
bool Ring::empty() const {
  const Place head{shared_->head.load(std::memory_order_seq_cst)};
  const Place tail{shared_->tail.load(std::memory_order_seq_cst)};
  return head.count() == tail.count();
}

}  // namespace mp
