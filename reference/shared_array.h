#ifndef REFERENCE_SHARED_ARRAY_H_
#define REFERENCE_SHARED_ARRAY_H_

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/codec.h"
#include "reference/heap.h"
#include "reference/rlock.h"
#include "reference/shared_value.h"
#include "reference/slice.h"
#include "reference/synchronized.h"

namespace mp {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t>;

namespace shared_array_internal {
// Bytes of so many elements. ValueError for a negative number, MemoryError for one that no memory has.
std::size_t bytes_of(std::int64_t count, std::size_t element);
void check_sizes(std::size_t places, std::size_t values);      // ValueError unless they are equal
void check_room(std::size_t room, std::size_t needed);         // ValueError when there is too little
std::size_t count_in(std::size_t bytes, std::size_t element);  // PickleError when they are no whole elements
}  // namespace shared_array_internal

// A row of T that processes share, without a lock: what Python's RawArray gives, and Array with lock=False.
//
// Owns:    a share of the memory, see heap.h.
// Shares:  copies are the same array; they travel to a child as arguments, or by fork, nowhere else.
// Threads: nothing is guarded: who reads while somebody writes may see half of either.
// Blocks:  never.
// Throws:  IndexError; ValueError when sizes do not fit; MemoryError, OSError from the constructors.
template <Shareable T>
class RawArray {
 public:
  using value_type = T;

  // So many zeros, or the elements of a sequence. As with std::vector, Array<int>(3) is the first and Array<int>{3} the second.
  explicit RawArray(std::int64_t size) : block_(shared_array_internal::bytes_of(size, sizeof(T))), size_(size) {}
  RawArray(std::initializer_list<T> values) : RawArray(std::span<const T>(values.begin(), values.size())) {}
  template <std::ranges::input_range R>
  requires std::convertible_to<std::ranges::range_reference_t<R>, T> &&
      (!std::same_as<std::remove_cvref_t<R>, RawArray>)explicit RawArray(const R& values)
      : RawArray(static_cast<std::int64_t>(std::ranges::distance(values))) {
    std::uninitialized_copy(std::ranges::begin(values), std::ranges::end(values), data());
  }
  explicit RawArray(Undecoded tag) : block_(tag) {}

  // The memory itself: for loops, for algorithms, and for libraries that work on it in place (see matrix_view.h).
  std::span<T> span() const { return {data(), size_}; }
  T* data() const { return std::launder(reinterpret_cast<T*>(block_.data())); }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }
  std::size_t size() const { return size_; }

  // Negative indices count from the end.
  T& operator[](std::int64_t index) const { return data()[place_of(index, size_)]; }
  T get(std::int64_t index) const { return (*this)[index]; }
  void set(std::int64_t index, const T& value) const { (*this)[index] = value; }
  std::vector<T> get(const Slice& slice) const {
    const Places places = places_of(slice, size_);
    std::vector<T> values;
    values.reserve(places.count);
    for (std::size_t i = 0; i < places.count; ++i) values.push_back(data()[places[i]]);
    return values;
  }
  // As many values as the slice has places. They may be part of this array.
  template <std::ranges::input_range R>
  requires std::convertible_to<std::ranges::range_reference_t<const R>, T>
  void set(const Slice& slice, const R& values) const {
    const Places places = places_of(slice, size_);
    const std::vector<T> copied(std::ranges::begin(values), std::ranges::end(values));
    shared_array_internal::check_sizes(places.count, copied.size());
    for (std::size_t i = 0; i < places.count; ++i) data()[places[i]] = copied[i];
  }
  void set(const Slice& slice, std::initializer_list<T> values) const { set<std::initializer_list<T>>(slice, values); }

  // Of characters. value: up to the first NUL; writing one that is shorter than the array puts a NUL after it and leaves the rest.
  std::basic_string<T> value() const requires Character<T> { return {begin(), std::find(begin(), end(), T())}; }
  void set_value(std::basic_string_view<T> text) const requires Character<T> {
    shared_array_internal::check_room(size_, text.size());
    std::copy(text.begin(), text.end(), begin());
    if (text.size() < size_) data()[text.size()] = T();
  }
  // All of it, NULs included.
  std::string raw() const requires std::same_as<T, char> { return {begin(), end()}; }
  void set_raw(std::string_view bytes) const requires std::same_as<T, char> {
    shared_array_internal::check_room(size_, bytes.size());
    std::copy(bytes.begin(), bytes.end(), begin());
  }

  void save(Writer& writer) const { block_.save(writer); }
  void load(Reader& reader) {
    block_.load(reader);
    size_ = shared_array_internal::count_in(block_.size(), sizeof(T));
  }

 private:
  Block block_;
  std::size_t size_ = 0;
};

// A row of T that processes share, and the lock that guards it.
//
//   mp::Array<int> numbers(10);
//   numbers[0] = 5;                                    // one guarded write
//   numbers.set({.start = 8}, {1, 2});                 // one as well
//   {
//     const std::lock_guard guard(numbers);            // `with numbers.get_lock():`
//     for (int& number : numbers.get_obj()) ++number;  // all at once, at full speed
//   }
//
// Owns, Shares, Threads, Blocks, Throws: as Synchronized says; and IndexError, ValueError as RawArray.
template <Shareable T, class L = RLock>
class Array : public Synchronized<RawArray<T>, L> {
  using Base = Synchronized<RawArray<T>, L>;
  using Base::guarded;

 public:
  using value_type = T;
  using Base::get_obj;

  // What numbers[i] is: reads and writes take the lock each.
  class Item {
   public:
    operator T() const { return array_.get(index_); }
    const Item& operator=(const T& value) const {
      array_.set(index_, value);
      return *this;
    }
    const Item& operator=(const Item& other) const { return *this = static_cast<T>(other); }
    Item(const Item&) = default;

   private:
    friend class Array;
    Item(Array& array, std::int64_t index) : array_(array), index_(index) {}
    Array& array_;
    std::int64_t index_;
  };

  explicit Array(std::int64_t size, L lock = L()) : Base(RawArray<T>(size), std::move(lock)) {}
  Array(std::initializer_list<T> values, L lock = L()) : Base(RawArray<T>(values), std::move(lock)) {}
  template <std::ranges::input_range R>
  requires std::constructible_from < RawArray<T>,
  const R& > &&(!std::same_as<std::remove_cvref_t<R>, RawArray<T>>)explicit Array(const R& values, L lock = L())
      : Base(RawArray<T>(values), std::move(lock)) {}
  // `synchronized` of Python: a lock around a raw array.
  explicit Array(RawArray<T> obj, L lock = L()) : Base(std::move(obj), std::move(lock)) {}
  explicit Array(Undecoded tag) : Base(tag) {}

  std::size_t size() const { return get_obj().size(); }
  Item operator[](std::int64_t index) { return Item(*this, index); }
  T operator[](std::int64_t index) const { return get(index); }
  T get(std::int64_t index) const {
    return guarded([&] { return get_obj().get(index); });
  }
  void set(std::int64_t index, const T& value) {
    guarded([&] { get_obj().set(index, value); });
  }
  std::vector<T> get(const Slice& slice) const {
    return guarded([&] { return get_obj().get(slice); });
  }
  template <std::ranges::input_range R>
  requires std::convertible_to<std::ranges::range_reference_t<const R>, T>
  void set(const Slice& slice, const R& values) {
    guarded([&] { get_obj().set(slice, values); });
  }
  void set(const Slice& slice, std::initializer_list<T> values) { set<std::initializer_list<T>>(slice, values); }
  // Calls `change` with all elements, under the lock; gives what it returns.
  template <class F>
  auto update(F&& change) {
    return guarded([&] { return std::forward<F>(change)(get_obj().span()); });
  }

  std::basic_string<T> value() const requires Character<T> {
    return guarded([&] { return get_obj().value(); });
  }
  void set_value(std::basic_string_view<T> text) requires Character<T> {
    guarded([&] { get_obj().set_value(text); });
  }
  std::string raw() const requires std::same_as<T, char> {
    return guarded([&] { return get_obj().raw(); });
  }
  void set_raw(std::string_view bytes) requires std::same_as<T, char> {
    guarded([&] { get_obj().set_raw(bytes); });
  }
};

// `copy` of sharedctypes, as for values.
template <Shareable T>
RawArray<T> copy(const RawArray<T>& array) {
  return RawArray<T>(array.span());
}

}  // namespace mp

#endif  // REFERENCE_SHARED_ARRAY_H_
