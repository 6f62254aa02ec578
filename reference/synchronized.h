#ifndef REFERENCE_SYNCHRONIZED_H_
#define REFERENCE_SYNCHRONIZED_H_

#include <mutex>
#include <utility>

#include "reference/codec.h"
#include "reference/wait.h"

namespace mp {

// What Value and Array have in common: an object in shared memory, and the lock that guards it.
//
// Owns:    a share of the object and of its lock.
// Shares:  copies are the same object; they travel to a child as arguments, or by fork, nowhere else.
// Threads: every method in any thread and process at once.
// Blocks:  as its lock does: every access waits until nobody else holds it.
// Throws:  what its lock throws: OwnerDied once, to the first one who finds that the holder died inside.
template <class Object, class L>
class Synchronized {
 public:
  // The same memory without the lock.
  const Object& get_obj() const { return obj_; }
  L& get_lock() { return lock_; }

  bool acquire(bool block = true, Wait timeout = Wait::forever()) { return lock_.acquire(block, timeout); }
  void release() { lock_.release(); }
  // What std::lock_guard and its kin ask for: `with value.get_lock():`.
  void lock() { lock_.lock(); }
  bool try_lock() { return lock_.try_lock(); }
  void unlock() { lock_.unlock(); }

  void save(Writer& writer) const {
    obj_.save(writer);
    lock_.save(writer);
  }
  void load(Reader& reader) {
    obj_.load(reader);
    lock_.load(reader);
  }

 protected:
  Synchronized(Object obj, L lock) : obj_(std::move(obj)), lock_(std::move(lock)) {}
  explicit Synchronized(Undecoded tag) : obj_(tag), lock_(tag) {}

  // Calls `act` under the lock; gives what it returns.
  template <class F>
  auto guarded(F&& act) const {
    const std::lock_guard guard(lock_);
    return act();
  }

 private:
  Object obj_;
  mutable L lock_;
};

}  // namespace mp

#endif  // REFERENCE_SYNCHRONIZED_H_
