#ifndef REFERENCE_RLOCK_H_
#define REFERENCE_RLOCK_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "platform/deadline.h"
#include "platform/life.h"
#include "platform/mutex.h"
#include "reference/heap.h"
#include "reference/wait.h"

namespace mp {

class Reader;
class Writer;
struct Undecoded;

namespace rlock_internal {

// A thread of this machine: its process, and its number there. The number is not used again in that process.
struct Thread {
  platform::Life process;
  std::uint64_t name;
};
extern constinit thread_local Thread own_thread;
std::uint64_t name_own_thread();

inline std::uint64_t this_thread() {
  const Thread& thread = own_thread;
  return thread.process == platform::own_life() ? thread.name : name_own_thread();
}

}  // namespace rlock_internal

// A lock between processes that its owner, a thread of a process, may take again and again. It is free when he has
// released it as often.
//
// Owns:    a share of the lock. It lives until the last process drops its last copy.
// Shares:  copies are the same lock; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  acquire() only, until its timeout and no longer. Looks for some 40 us before it sleeps.
// Throws:  OSError when there is no memory for a new one. AssertionError from release() by anybody but the owner.
//          OwnerDied from acquire(), see below.
//
// Fits std::lock_guard and its kin, which are the `with` of the specification.
//
// When the process of the owner dies, at whatever level, the first one to find that out frees the lock and throws
// OwnerDied, as with Lock. A thread that ends as the owner while its process lives stays the owner. A forked child is
// not the owner of what its parent holds.
//
// Who is the owner. A platform mutex decides who gets in; it knows its holder by process. So the one who got in writes
// down who he is, in two words, and crosses that out before he leaves:
//     in:   take the mutex;  thread = I;  process = mine          out:  process = nobody;  free the mutex
//     mine: process is mine, then: thread is me
// Each asks only for himself. Who reads his own process, reads after it the thread that this owner wrote, or a later
// one. It is not his own unless he is the owner: he himself crossed out all that he wrote before; a thread of another
// process has another name, as the number of the process is part of it; and one that died long ago, with the same
// number, was before this owner. That is why one word, the thread, would not do: who takes the lock from the dead finds
// the name of the dead in it.
class RLock {
 public:
  RLock();
  explicit RLock(Undecoded);

  // True: acquired, once more. False: owned by somebody else, after `timeout` at the earliest if `block`, else at once.
  // [rlock.acquire.timeout.negative] A negative timeout is one attempt.
  bool acquire(bool block = true, Wait timeout = Wait::forever()) {
    if (is_mine()) {
      shared_->level.store(level() + 1, std::memory_order_relaxed);
      return true;
    }
    platform::Life dead = 0;
    const platform::Deadline deadline = block ? timeout.deadline() : platform::Deadline::passed();
    const auto outcome = local_->mutex.lock(deadline, &dead);
    if (outcome == platform::Mutex::Outcome::kLate) return false;
    if (outcome == platform::Mutex::Outcome::kOwnerDied) give_back_and_throw(dead);
    become_owner(1);
    return true;
  }
  // [rlock.release.other-process] By the owner only, once for each acquire.
  void release() {
    if (!is_mine()) throw_not_mine();
    if (level() > 1) {
      shared_->level.store(level() - 1, std::memory_order_relaxed);
    } else {
      resign();
    }
  }
  bool locked() const { return local_->mutex.is_locked(); }

  void lock() { acquire(); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  friend class Condition;  // which frees the lock at any level, and takes it again

  struct Shared {
    platform::MutexState mutex;
    std::atomic<platform::Life> process;  // of the owner; zero: nobody
    std::atomic<std::uint64_t> thread;
    std::atomic<std::uint32_t> level;  // the owner's
  };
  // What each process has of a lock.
  struct Local {
    Block block;
    platform::Mutex mutex;
  };

  bool is_mine() const {
    return shared_->process.load(std::memory_order_acquire) == platform::own_life() &&
           shared_->thread.load(std::memory_order_relaxed) == rlock_internal::this_thread();
  }
  std::uint32_t level() const { return shared_->level.load(std::memory_order_relaxed); }
  void become_owner(std::uint32_t level) {
    shared_->level.store(level, std::memory_order_relaxed);
    shared_->thread.store(rlock_internal::this_thread(), std::memory_order_relaxed);
    shared_->process.store(platform::own_life(), std::memory_order_release);
  }
  void resign() {
    shared_->process.store(0, std::memory_order_relaxed);
    local_->mutex.unlock();
  }

  [[noreturn]] void give_back_and_throw(platform::Life dead);
  [[noreturn]] static void throw_not_mine();

  Shared* shared_ = nullptr;  // in local_'s block: here, to be one step away
  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_RLOCK_H_
