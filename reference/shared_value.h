#ifndef REFERENCE_SHARED_VALUE_H_
#define REFERENCE_SHARED_VALUE_H_

#include <mutex>
#include <new>
#include <type_traits>
#include <utility>

#include "reference/codec.h"
#include "reference/heap.h"
#include "reference/rlock.h"
#include "reference/wait.h"

namespace mp {

// What can lie in shared memory as it is: numbers, and structures of them. A pointer can, too, but only its address is shared.
template <class T>
concept Shareable =
    std::is_trivially_copyable_v<T> && !std::is_reference_v<T> && !std::is_const_v<T> && alignof(T) <= Block::kGrain;

// One T that processes share, without a lock: what Python's RawValue gives, and Value with lock=False.
//
// Owns:    a share of the memory, see heap.h.
// Shares:  copies are the same value; they travel to a child as arguments, or by fork, nowhere else.
// Threads: nothing is guarded: who reads while somebody writes may see half of either.
// Blocks:  never.
// Throws:  MemoryError, OSError from the constructor.
template <Shareable T>
class RawValue {
 public:
  // [shared-value.raw.zeroed] Zeros, whatever a constructor of T would do.
  RawValue() : block_(sizeof(T)) {}
  RawValue(const T& value) : RawValue() { new (block_.data()) T(value); }
  explicit RawValue(Undecoded tag) : block_(tag) {}

  // The memory itself.
  T& operator*() const { return *std::launder(reinterpret_cast<T*>(block_.data())); }
  T* operator->() const { return &**this; }
  T value() const { return **this; }
  void set_value(const T& value) const { **this = value; }

  void save(Writer& writer) const { block_.save(writer); }
  void load(Reader& reader) {
    block_.load(reader);
    if (block_.size() != sizeof(T)) throw_other_type();
  }

 private:
  [[noreturn]] static void throw_other_type();

  Block block_;
};

// One T that processes share, and the lock that guards it.
//
//   mp::Value<int> counter(0);
//   {
//     const std::lock_guard guard(counter);          // `with counter.get_lock():`
//     counter.set_value(counter.value() + 1);        // two guarded steps, made one by the guard around them
//   }
//   counter.update([](int& n) { ++n; });             // the same, shorter
//
// Owns:    a share of the value and of its lock.
// Shares:  copies are the same value; they travel to a child as arguments, or by fork, nowhere else.
// Threads: every method in any thread and process at once. [shared-value.increment.not-atomic] But value() and a later
//          set_value() are two steps, between which others may come.
// Blocks:  as its lock does: every access waits until nobody else holds it.
// Throws:  what its lock throws: OwnerDied once, to the first one who finds that the holder died inside.
//
// [shared-value.lock.default-recursive] The lock is a recursive one of its own, so that the guard above can be held around value().
// [shared-value.lock.given] Another can be given: mp::Value(0, lock). With a Lock, which is not recursive, who holds it reaches the
// value through get_obj() only, in Python as here.
template <Shareable T, class L = RLock>
class Value {
 public:
  Value() = default;
  Value(const T& value) : obj_(value) {}
  Value(const T& value, L lock) : obj_(value), lock_(std::move(lock)) {}
  // `synchronized` of Python: a lock around a raw value.
  explicit Value(RawValue<T> obj, L lock = L()) : obj_(std::move(obj)), lock_(std::move(lock)) {}
  explicit Value(Undecoded tag) : obj_(tag), lock_(tag) {}

  T value() const {
    const std::lock_guard guard(lock_);
    return *obj_;
  }
  void set_value(const T& value) {
    const std::lock_guard guard(lock_);
    *obj_ = value;
  }
  // Calls `change` with the T itself, under the lock; gives what it returns.
  template <class F>
  auto update(F&& change) {
    const std::lock_guard guard(lock_);
    return std::forward<F>(change)(*obj_);
  }

  // The same memory without the lock.
  const RawValue<T>& get_obj() const { return obj_; }
  L& get_lock() { return lock_; }

  bool acquire(bool block = true, Wait timeout = Wait::forever()) { return lock_.acquire(block, timeout); }
  void release() { lock_.release(); }
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

 private:
  RawValue<T> obj_;
  mutable L lock_;
};

template <class T, class L>
Value(T, L) -> Value<T, L>;

namespace shared_value_internal {
[[noreturn]] void throw_other_type();
}

template <Shareable T>
void RawValue<T>::throw_other_type() {
  shared_value_internal::throw_other_type();
}

// A new value with the content of another one, shared as well: `copy` of sharedctypes.
template <Shareable T>
RawValue<T> copy(const RawValue<T>& value) {
  return RawValue<T>(*value);
}

}  // namespace mp

#endif  // REFERENCE_SHARED_VALUE_H_
