#ifndef REFERENCE_SIMPLE_QUEUE_H_
#define REFERENCE_SIMPLE_QUEUE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "reference/codec.h"
#include "reference/error.h"
#include "reference/queue.h"

namespace mp {

// Who may still use a thing of this process that can be closed, and who clears it away: nobody enters after close(),
// and it goes when the last call inside has left, so that no call loses the memory under its feet. One word says both.
//
// Owns:    nothing.
// Shares:  nothing; a forked child begins with a copy. If a thread of its parent was inside just then, that call never
//          ends in the child: there the thing goes with its last owner, not with close().
// Threads: every method in any thread at once.
// Blocks:  never.
// Throws:  OSError from enter() after close().
class ClosingDoor {
 public:
  void enter() {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    do {
      if ((state & kClosed) != 0) throw OSError("the queue is closed in this process");
    } while (!state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire, std::memory_order_relaxed));
  }
  // True, from one of these calls, once: it is closed and nobody is inside. The caller clears the thing away.
  bool leave() { return state_.fetch_sub(1, std::memory_order_acq_rel) == kClosed + 1; }
  bool close() { return state_.fetch_or(kClosed, std::memory_order_acq_rel) == 0; }

 private:
  static constexpr std::uint32_t kClosed = std::uint32_t{1} << 31;  // below it: how many calls are inside
  std::atomic<std::uint32_t> state_{0};
};

// A queue between processes with nothing but put and get, first in first out: a Queue without bound, without timeouts.
//
// Owns:    a share of the queue. It lives until the last process closes it, or drops its last copy.
// Shares:  copies are the same queue; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  get() while the queue is empty. put() never waits for a reader. [simple-queue.put.without-reader]
// Throws:  OSError from every method after close(), but for close(). PickleError from put() when the item cannot be
//          encoded: nothing is stored then. MemoryError when an item is too large or no memory is left for one.
//
// What a kill does, at whatever instruction, is told in queue.h: the item is there as a whole or not at all, and
// everybody else goes on.
template <class T>
class SimpleQueue {
 public:
  SimpleQueue() : local_(std::make_shared<Local>(Queue<T>())) {}
  explicit SimpleQueue(Undecoded) {}

  void put(const T& item) { Call(*local_)->put(item); }
  T get() { return Call(*local_)->get(); }
  // Exact at some moment during the call.
  bool empty() const { return Call(*local_)->empty(); }

  // [simple-queue.close.local] Ends the use of all copies in this process, and frees what they hold as soon as no call
  // is at work in it. A get() that waits goes on waiting. [simple-queue.close.twice] Harmless.
  void close() {
    if (local_->door.close()) local_->queue.reset();
  }

  void save(Writer& writer) const { Call(*local_)->save(writer); }
  void load(Reader& reader) {
    Queue<T> queue{Undecoded{}};
    queue.load(reader);
    local_ = std::make_shared<Local>(std::move(queue));
  }

 private:
  // What this process has of the queue, for all its copies.
  struct Local {
    explicit Local(Queue<T> queue) : queue(std::move(queue)) {}
    ClosingDoor door;
    std::optional<Queue<T>> queue;
  };

  // Inside the door as long as it lives.
  class Call {
   public:
    explicit Call(Local& local) : local_(local) { local_.door.enter(); }
    Call(const Call&) = delete;
    ~Call() {
      if (local_.door.leave()) local_.queue.reset();
    }
    Queue<T>* operator->() { return &*local_.queue; }

   private:
    Local& local_;
  };

  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_SIMPLE_QUEUE_H_
