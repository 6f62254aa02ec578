#ifndef REFERENCE_SHARED_VALUE_H_
#define REFERENCE_SHARED_VALUE_H_

#include <new>
#include <type_traits>
#include <utility>

#include "reference/codec.h"
#include "reference/heap.h"
#include "reference/rlock.h"
#include "reference/synchronized.h"

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
  // [shared-value.default-zero] Zeros, whatever a constructor of T would do.
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
// Owns, Shares, Blocks, Throws: as Synchronized says.
// Threads: as it says. [shared-value.increment.not-atomic] But value() and a later set_value() are two steps, between which
//          others may come.
//
// [shared-value.lock.default-recursive] The lock is a recursive one of its own, so that the guard above can be held around value().
// [shared-value.lock.given] Another can be given: mp::Value(0, lock). With a Lock, which is not recursive, who holds it reaches the
// value through get_obj() only, in Python as here.
template <Shareable T, class L = RLock>
class Value : public Synchronized<RawValue<T>, L> {
  using Base = Synchronized<RawValue<T>, L>;
  using Base::guarded;

 public:
  using Base::get_obj;

  Value() : Value(RawValue<T>()) {}
  Value(const T& value, L lock = L()) : Value(RawValue<T>(value), std::move(lock)) {}
  // `synchronized` of Python: a lock around a raw value.
  explicit Value(RawValue<T> obj, L lock = L()) : Base(std::move(obj), std::move(lock)) {}
  explicit Value(Undecoded tag) : Base(tag) {}

  T value() const {
    return guarded([&] { return get_obj().value(); });
  }
  void set_value(const T& value) {
    guarded([&] { get_obj().set_value(value); });
  }
  // Calls `change` with the T itself, under the lock; gives what it returns.
  template <class F>
  auto update(F&& change) {
    return guarded([&] { return std::forward<F>(change)(*get_obj()); });
  }
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
