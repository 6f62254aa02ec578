#ifndef PLATFORM_MUTEX_H_
#define PLATFORM_MUTEX_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "platform/deadline.h"
#include "platform/handle.h"
#include "platform/life.h"
#include "platform/semaphore.h"

namespace mp::platform {

// The shared half of a mutex. It lives in a Region; zeros are not yet a mutex, create() makes it one.
struct alignas(64) MutexState {
  std::atomic<Life> holder;             // zero: nobody
  std::atomic<std::uint32_t> sleepers;  // not zero: somebody may be asleep
  SemaphoreState wake;
  std::atomic<Deadline::Clock::rep> last_look;  // when somebody looked last whether the holder lives
};

// A mutex between processes that survives its holder: when a process dies with it, the next one gets it and is told so.
//
// Owns:    the system handle of its semaphore, where the system needs one; the state belongs to the caller's Region.
// Shares:  as Semaphore does.
// Threads: every method in any thread and process at once. Not recursive. Whoever may reach it may unlock it.
// Blocks:  lock() only, until the deadline and no longer. Looks for some 40 us before it sleeps (see look.h).
// Throws:  OsError when the system refuses.
//
// When the holder dies. One word says who holds it, and changes hands by one atomic step: no process can die between
// taking the mutex and writing that down. Who cannot have it looks whether that process still lives: before he sleeps,
// while he sleeps, and before he gives up, all of them together not more often than ten times a second. The first to
// find it dead puts himself in its place. The dead cannot come back: if the word still is what was found dead, nobody
// has taken the mutex since. A process counts as the holder, not a thread of it.
//
// How nobody oversleeps: as in Semaphore. The sleeper sets the flag and then looks at the word, the releaser clears the
// word and then looks at the flag, all in the one order of seq_cst. Each one who comes back from sleep sets the flag
// again before he tries, so that the next unlock wakes the next sleeper. A wake that dies with the one it was for is
// made good by the next slice of sleep.
class Mutex {
 public:
  enum class Outcome {
    kLocked,
    kLate,       // not locked: the deadline passed first, or try_lock() found it taken
    kOwnerDied,  // locked, and the last holder died inside: repair the guarded data, then go on as if kLocked
  };

  Mutex() = default;
  static Mutex create(MutexState& state);
  static Mutex adopt(MutexState& state, Handle handle);

  // `dead`, if given, is set to the holder that died.
  Outcome lock(Deadline deadline, Life* dead = nullptr) {
    return take() ? Outcome::kLocked : lock_later(deadline, dead);
  }
  Outcome try_lock(Life* dead = nullptr) { return take() ? Outcome::kLocked : take_from_the_dead(dead); }
  // False: nobody held it.
  bool unlock() {
    if (state_->holder.exchange(0, std::memory_order_seq_cst) == 0) return false;
    if (state_->sleepers.load(std::memory_order_seq_cst) != 0) wake_one();
    return true;
  }
  // Meets all who unlock, without locking: of each unlock() by anybody, either its thread sees afterwards what this one
  // wrote before, or this thread sees afterwards what that one wrote before. For who goes to sleep outside of the
  // mutex.
  void meet() { state_->holder.fetch_or(0, std::memory_order_seq_cst); }
  Life holder() const { return state_->holder.load(std::memory_order_acquire); }  // zero: nobody
  bool is_locked() const { return holder() != 0; }
  Handle handle() const { return wake_.handle(); }  // a duplicate, to travel; empty where the system needs none

 private:
  Mutex(MutexState& state, Semaphore wake) : state_(&state), wake_(std::move(wake)) {}

  bool take() {
    Life nobody = 0;
    return state_->holder.compare_exchange_strong(nobody, own_life(), std::memory_order_seq_cst,
                                                  std::memory_order_relaxed);
  }
  Outcome lock_later(Deadline deadline, Life* dead);
  Outcome take_from_the_dead(Life* dead);
  void wake_one();

  MutexState* state_ = nullptr;
  Semaphore wake_;
};

}  // namespace mp::platform

#endif  // PLATFORM_MUTEX_H_
