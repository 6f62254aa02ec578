#ifndef REFERENCE_SEMAPHORE_H_
#define REFERENCE_SEMAPHORE_H_

#include <cstdint>
#include <memory>

#include "platform/deadline.h"
#include "platform/region.h"
#include "platform/semaphore.h"
#include "reference/wait.h"

namespace mp {

class Reader;
class Writer;
struct Undecoded;

// A count between processes: acquire takes one off, and waits while there is none; release gives one back.
//
// Owns:    a share of the semaphore. It lives until the last process drops its last copy.
// Shares:  copies are the same semaphore; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  acquire() only, until its timeout and no longer. Looks for some 40 us before it sleeps.
// Throws:  OSError when there is no memory for a new one. ValueError for a count below zero or above kMost.
//
// Fits std::lock_guard and its kin, which are the `with` of the specification.
//
// When somebody dies (see platform/semaphore.h): a waiter is not missed by anybody. What was acquired is not given
// back: a semaphore does not know whose its units are, as anybody may release, and many give back what others took. Use
// a Lock where one process at a time goes in.
class Semaphore {
 public:
  static constexpr std::int64_t kMost = 0x7fffffff;

  // [semaphore.value.negative] ValueError.
  explicit Semaphore(std::int64_t value = 1) : Semaphore(value, kMost) {}
  explicit Semaphore(Undecoded);

  // True: one less is left. False: there was none, for `timeout` at least if `block`, else just now.
  // [semaphore.acquire.timeout.negative] A negative timeout is one attempt.
  bool acquire(bool block = true, Wait timeout = Wait::forever()) {
    return local_->semaphore.acquire(block ? timeout.deadline() : platform::Deadline::passed());
  }
  // [semaphore.release.other-process] By anybody, all n or none. ValueError for n below one, and for a count above the
  // most that there may be.
  void release(std::int64_t n = 1) {
    if (n < 1 || n > kMost || !local_->semaphore.release(static_cast<std::uint32_t>(n))) throw_too_many(n);
  }
  std::uint32_t get_value() const { return local_->semaphore.value(); }
  // An acquire would have to wait.
  bool locked() const { return get_value() == 0; }

  void lock() { acquire(); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  void save(Writer& writer) const;
  void load(Reader& reader);

 protected:
  Semaphore(std::int64_t value, std::int64_t most);

 private:
  // What each process has of a semaphore.
  struct Local {
    platform::Region region;
    platform::Semaphore semaphore;
  };

  [[noreturn]] static void throw_too_many(std::int64_t n);

  std::shared_ptr<Local> local_;
};

// A semaphore whose count never gets above the one that it began with: a release too many is a ValueError, by whatever
// process, and changes nothing.
class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::int64_t value = 1) : Semaphore(value, value) {}
  explicit BoundedSemaphore(Undecoded);
};

}  // namespace mp

#endif  // REFERENCE_SEMAPHORE_H_
