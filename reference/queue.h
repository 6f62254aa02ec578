#ifndef REFERENCE_QUEUE_H_
#define REFERENCE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "reference/codec.h"
#include "reference/wait.h"

namespace mp {

// What does not depend on the type of the items: bytes go in and come out.
//
// Owns:    a share of the queue. It lives until the last process drops its last copy.
// Shares:  copies are the same queue; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  put() on a full bounded queue, front() on an empty one, until the deadline and no longer; both for as long
//          as another process copies its item in or out, and never because of one that waits. Looks for some 40 us
//          before it sleeps.
// Throws:  Full, Empty; ValueError after close(); MemoryError when an item is too large or no memory is left for one.
//
// No feeder. The caller of put() encodes the item, so that he is told if that fails, and copies it into the ring, which
// grows: a put with a free slot never waits for a reader, and there is no thread that is to be joined, dies with a
// fork, or has to write what is left when the process wants to end. [queue.put.does-not-wait-for-reader]
// [queue.put.encodes]
//
// Who excludes whom: two robust mutexes, one for those who put and one for those who get, held for one copy of an item.
// Nobody holds one while he waits.
//
// Who wakes whom. Who finds the queue empty sets the flag of the items' bell, meets the mutex of those who put, and
// looks again before he sleeps on the bell's semaphore. Who puts commits, unlocks that mutex, and then looks at the
// flag. Both have gone through one word of the mutex, one after the other, so one of the two sees the other, and nobody
// has to pay for a fence besides:
//     getter:  flag = 1;  meet;   sleep if there is no item        putter:  item;  unlock;  if flag: flag = 0, wake one
// Likewise for slots, with the mutex of those who get. The flag is one for all sleepers, and cleared by the one who
// rings. So whoever comes back from sleep sets it again before he tries, and if there is more to have when he is done,
// rings for the next. A ring too many makes somebody look in vain.
//
// Who may die where (a kill -9 at any instruction):
//   inside put, before the item's commit     the item was never there; the mutex goes to the next one
//   inside put, after it                     the item is there; if the bell was not rung: see below
//   inside front, before its commit          the item is still there, for somebody else
//   inside front, after it                   the item is gone with him, as a whole
//   asleep, or woken but not yet awake       others who sleep see for themselves, every tenth of a second
// Nothing has to be repaired in any of these cases, and the number of items is always right (see ring.h).
class QueueCore {
 public:
  explicit QueueCore(int maxsize);
  explicit QueueCore(Undecoded) {}

  void put(std::span<const std::byte> item, bool block, Wait timeout);

  // The oldest item, in place. Nobody else gets one as long as this object lives; without take() the item stays.
  class Front {
   public:
    Front(Front&& other) noexcept : core_(std::exchange(other.core_, nullptr)), bytes_(other.bytes_) {}
    ~Front();
    std::span<const std::byte> bytes() const { return bytes_; }
    void take();

   private:
    friend class QueueCore;
    Front(QueueCore* core, std::span<const std::byte> bytes) : core_(core), bytes_(bytes) {}
    QueueCore* core_;
    std::span<const std::byte> bytes_;
  };
  Front front(bool block, Wait timeout);

  std::size_t qsize() const;
  bool empty() const;
  bool full() const;
  // How many items have been put since there had been `count` of them, modulo 2^30. An item is counted by the very step
  // that puts it.
  std::uint32_t put_since(std::uint32_t count) const;
  void close();
  void join_thread();

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  struct Shared;
  struct Local;
  enum class Try { kDone, kNoSlot, kNoRoom };

  Try try_put(std::span<const std::byte> item, platform::Deadline deadline, bool grow);
  void put_later(std::span<const std::byte> item, platform::Deadline deadline);
  std::optional<Front> try_front(platform::Deadline deadline);
  void check_open() const;

  std::shared_ptr<Local> local_;
};

// A queue between processes, first in first out. As in the specification: put and get wait by default; `block` false is
// one attempt, whatever the timeout; a negative timeout is zero.
//
// Owns, Shares, Threads, Blocks, Throws: as QueueCore. put() throws PickleError when the item cannot be encoded:
// nothing is stored then. [queue.order.one-producer] [queue.exactly-once] [queue.put.encodes]
template <class T>
class Queue {
 public:
  // Not positive: as many as there is memory for.
  explicit Queue(int maxsize = 0) : core_(maxsize) {}
  explicit Queue(Undecoded) : core_(Undecoded{}) {}

  void put(const T& item, bool block = true, Wait timeout = Wait::forever()) {
    if constexpr (kIsBytes) {
      core_.put(std::as_bytes(std::span(item.data(), item.size())), block, timeout);
    } else if constexpr (TravelsAsMemory<T>) {
      core_.put(std::as_bytes(std::span(&item, 1)), block, timeout);
    } else {
      Writer writer(Writer::Handles::kRefused);
      writer(item);
      core_.put(writer.bytes(), block, timeout);
      writer.shipped();
    }
  }
  void put_nowait(const T& item) { put(item, false); }

  T get(bool block = true, Wait timeout = Wait::forever()) {
    QueueCore::Front front = core_.front(block, timeout);
    if constexpr (kIsBytes) {
      T item = copy_of(front.bytes());
      front.take();
      return item;
    } else if constexpr (TravelsAsMemory<T>) {
      alignas(T) std::byte item[sizeof(T)];
      std::memcpy(item, front.bytes().data(), sizeof(T));
      front.take();
      return *std::launder(reinterpret_cast<T*>(item));
    } else {
      // Not in place: decoding runs code of the user, which may throw, or use this queue.
      const std::vector<std::byte> bytes(front.bytes().begin(), front.bytes().end());
      front.take();
      return decode<T>(bytes);
    }
  }
  T get_nowait() { return get(false); }

  // Exact at some moment during the call, all three, and never at odds with each other.
  std::size_t qsize() const { return core_.qsize(); }
  bool empty() const { return core_.empty(); }
  bool full() const { return core_.full(); }

  // [queue.close.local] No more put or get in this process: ValueError.
  void close() { core_.close(); }
  // Everything was written by put: there is nothing to wait for. [queue.join-thread.before-close]
  void join_thread() { core_.join_thread(); }
  void cancel_join_thread() {}

  void save(Writer& writer) const { core_.save(writer); }
  void load(Reader& reader) { core_.load(reader); }

 protected:
  const QueueCore& core() const { return core_; }

 private:
  // A string or a vector of plain memory: copied once into the ring and once out of it.
  static constexpr bool kIsBytes = [] {
    if constexpr (codec_internal::kIsString<T> || codec_internal::kIsVector<T>) {
      using Element = typename T::value_type;
      return TravelsAsMemory<Element> && !std::is_same_v<Element, bool> && alignof(Element) <= sizeof(std::uint64_t);
    } else {
      return false;
    }
  }();

  static T copy_of(std::span<const std::byte> bytes) {
    using Element = typename T::value_type;
    const auto* begin = reinterpret_cast<const Element*>(bytes.data());
    return T(begin, begin + bytes.size() / sizeof(Element));
  }

  QueueCore core_;
};

}  // namespace mp

#endif  // REFERENCE_QUEUE_H_
