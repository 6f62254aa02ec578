#ifndef REFERENCE_LOCK_H_
#define REFERENCE_LOCK_H_

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

// A lock between processes that is not recursive and has no owner: whoever can reach it may release it.
//
// Owns:    a share of the lock. It lives until the last process drops its last copy.
// Shares:  copies are the same lock; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  acquire() only, until its timeout and no longer. Looks for some 40 us before it sleeps.
// Throws:  OSError when there is no memory for a new one. ValueError from release() when the lock is not held.
//          OwnerDied from acquire(), see below.
//
// Fits std::lock_guard, std::unique_lock and std::scoped_lock, which are the `with` of the specification.
//
// When the holder dies (see platform/mutex.h), the first one to find that out frees the lock and throws OwnerDied: he
// does not hold the lock, what it guards may be half done, and he is the one who is told. Everybody else goes on as
// after a release. A process counts as the holder, not a thread of it: another thread may release.
class Lock {
 public:
  Lock();
  explicit Lock(Undecoded);

  // True: acquired. False: held by somebody else, after `timeout` at the earliest if `block`, else at once.
  // [lock.acquire.timeout.negative] A negative timeout is one attempt.  [lock.acquire.nonblocking.ignores-timeout]
  bool acquire(bool block = true, Wait timeout = Wait::forever()) {
    platform::Life dead = 0;
    const platform::Deadline deadline = block ? timeout.deadline() : platform::Deadline::passed();
    const auto outcome = local_->mutex.lock(deadline, &dead);
    if (outcome == platform::Mutex::Outcome::kOwnerDied) throw_owner_died(dead);
    return outcome == platform::Mutex::Outcome::kLocked;
  }
  // [lock.release.other-thread] By anybody.  [lock.release.free] ValueError when nobody holds it.
  void release() {
    if (!local_->mutex.unlock()) throw_not_held();
  }
  bool locked() const { return local_->mutex.is_locked(); }

  void lock() { acquire(); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  friend class Condition;  // which asks whether this process holds it

  // What each process has of a lock.
  struct Local {
    Block block;
    platform::Mutex mutex;
  };

  [[noreturn]] void throw_owner_died(platform::Life dead);
  [[noreturn]] static void throw_not_held();

  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_LOCK_H_
