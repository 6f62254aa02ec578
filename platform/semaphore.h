#ifndef PLATFORM_SEMAPHORE_H_
#define PLATFORM_SEMAPHORE_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "platform/deadline.h"
#include "platform/handle.h"

namespace mp::platform {

// The shared half of a semaphore. It lives in a Region, beside the data that the semaphore guards; zeros are not yet a
// semaphore, create() makes it one.
struct SemaphoreState {
  std::atomic<std::uint32_t> count;
  std::atomic<std::uint32_t> sleepers;  // not zero: somebody may be asleep
  std::uint32_t maximum;
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "shared memory needs atomics that are only memory");

// A counting semaphore between processes: the one primitive under Lock, Event and all that is built on them.
//
// Owns:    its system handle, where the system needs one (Windows); the state belongs to the caller's Region.
// Shares:  handle() travels to a child together with the Region; adopt() makes a Semaphore of both there. A forked
//          child may use the inherited object as it is.
// Threads: every method may run in any thread and process at once.
// Blocks:  acquire() and acquire_at_rest() only, until the deadline and no longer.
// Throws:  OsError when the system refuses. A late or full semaphore is a result.
//
// A process that dies between two calls leaves the count as it was: owner death is the business of the caller (see
// Mutex). A successful acquire() synchronises with every release() before it (acquire/release order).
//
// How nobody oversleeps. The count alone says who may go on; sleeping is only a way to wait for it, so a wake too many
// is harmless. Both sides store first and look at the other's word second, in the one order of seq_cst:
//     sleeper:  sleepers = 1;  sleep if count is 0           releaser:  count + 1;  if sleepers: sleepers = 0, wake one
// so either the sleeper sees the count or the releaser sees the sleeper. One flag stands for all sleepers: a second
// release that finds it cleared wakes nobody. So whoever comes back from sleep sets it again before he tries, and on
// leaving wakes the next one if there is still something to take. A sleeper that was killed costs one vain wake, not
// one at every release for ever. The one that dies between being woken and taking would lose the wake of others: a
// sleep is cut into slices (a fifth of a second).
class Semaphore {
 public:
  Semaphore() = default;
  static Semaphore create(SemaphoreState& state, std::uint32_t initial, std::uint32_t maximum);
  static Semaphore adopt(SemaphoreState& state, Handle handle);

  // False: the deadline passed first. Looks for some 40 us before it sleeps (see look.h).
  bool acquire(Deadline deadline) { return try_acquire() || acquire_later(deadline); }
  // The same without the look: for who has looked himself, and comes back each time that he has slept for a while.
  bool acquire_at_rest(Deadline deadline) { return try_acquire() || sleep_and_acquire(deadline); }

  // False: the count is zero.
  bool try_acquire() {
    std::uint32_t count = state_->count.load(std::memory_order_relaxed);
    while (count != 0) {
      if (state_->count.compare_exchange_weak(count, count - 1, std::memory_order_seq_cst, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  // Gives back several at once; each sleeper who goes on wakes the next. False, and nothing changed: the count would
  // get beyond its maximum.
  bool release(std::uint32_t several = 1) {
    std::uint32_t count = state_->count.load(std::memory_order_relaxed);
    do {
      if (count > state_->maximum || several > state_->maximum - count) return false;
    } while (!state_->count.compare_exchange_weak(count, count + several, std::memory_order_seq_cst,
                                                  std::memory_order_relaxed));
    if (state_->sleepers.load(std::memory_order_seq_cst) != 0) wake_one();
    return true;
  }

  // Right at some moment during the call.
  std::uint32_t value() const { return state_->count.load(std::memory_order_acquire); }
  Handle handle() const;  // a duplicate, to travel; empty where the system needs none

 private:
  Semaphore(SemaphoreState& state, Handle handle) : state_(&state), handle_(std::move(handle)) {}
  bool acquire_later(Deadline deadline);
  bool sleep_and_acquire(Deadline deadline);
  void wake_one();
  // The system's. Nobody relies on a sleep: it may end at any time, and after a slice it does.
  static Handle make_handle();
  void sleep(Deadline deadline);
  void wake_sleeper();

  SemaphoreState* state_ = nullptr;
  Handle handle_;
};

}  // namespace mp::platform

#endif  // PLATFORM_SEMAPHORE_H_
