#ifndef REFERENCE_OBJECT_H_
#define REFERENCE_OBJECT_H_

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/handle.h"
#include "reference/integer.h"

namespace mp {

class Reader;
class Writer;
class Object;
class Dict;
class Set;
struct ByteArray;
struct Tuple;
struct FrozenSet;
struct Global;
struct Instance;

using Bytes = std::vector<std::byte>;  // Python's bytes
using List = std::vector<Object>;

// How a C++ type stands in an Object: `static Object wrap(T)` and `static T unwrap(const Object&)`, which throws TypeError.
// form.h has the containers of the standard library; a class of yours may add itself.
template <class T>
struct Form;

template <class T>
concept HasForm = requires { &Form<T>::wrap; };

namespace object_internal {

// What every value that does not fit into the Object itself begins with.
struct Box {
  std::atomic<std::uint32_t> uses{1};
  std::uint32_t nesting = 0;  // with `placed` a notebook for the reader of pickles while it builds, no part of the value
  bool placed = false;
};

class Comparison;  // object.cc

template <class T>
struct BoxOf : Box {
  explicit BoxOf(T value) : value(std::move(value)) {}
  T value;
};

}  // namespace object_internal

// A value of a type that is known only at run time: what Python has, as far as it is data.
//
// Owns:    its value, as a plain value does: changing a copy changes no other Object. (Copies share their storage until one is
//          changed through edit(), so a copy costs the same for one number and for a million.)
// Shares:  nothing that can be seen. It travels as a pickle (pickle.h); what shares storage here is written once, so a Python
//          peer gets one list twice where C++ had a copy of it.
// Threads: as a plain value; copies of one Object may be used in different threads.
// Blocks:  never.
// Throws:  TypeError when the value is of another type than wanted, or is no key; ValueError for text that is not UTF-8
//          (see text.h for the one extension); OverflowError for an int that does not fit.
class Object {
 public:
  enum class Kind : std::uint8_t {
    kNone, kBool, kInt, kFloat,
    kBigInt,  // an int that does not fit into 64 bits; never one that does
    kStr, kBytes, kByteArray, kList, kTuple, kDict, kSet, kFrozenSet,
    kGlobal, kInstance, kHandle,
  };

  Object() : kind_(Kind::kNone) {}
  Object(std::nullptr_t) : Object() {}
  template <std::same_as<bool> T>
  Object(T value) : kind_(Kind::kBool), boolean_(value) {}
  template <std::floating_point T>
  Object(T value) : kind_(Kind::kFloat), float_(static_cast<double>(value)) {}
  template <std::signed_integral T>
    requires(!std::same_as<T, char>)
  Object(T value) : kind_(Kind::kInt), integer_(value) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, char8_t>)
  Object(T value) : Object(of_unsigned(value)) {}
  Object(const Integer& value);
  Object(const char* text) : Object(std::string(text)) {}
  Object(std::string_view text) : Object(std::string(text)) {}
  Object(std::string text);
  Object(Bytes value);
  Object(ByteArray value);
  Object(List value);
  Object(Tuple value);
  Object(Dict value);
  Object(Set value);
  Object(FrozenSet value);
  Object(Global value);
  Object(Instance value);
  Object(platform::Handle value);
  template <HasForm T>
  Object(T value) : Object(Form<T>::wrap(std::move(value))) {}

  Object(const Object& other) noexcept : kind_(other.kind_), integer_(other.integer_) {
    if (is_boxed()) box_->uses.fetch_add(1, std::memory_order_relaxed);
  }
  Object(Object&& other) noexcept : kind_(std::exchange(other.kind_, Kind::kNone)), integer_(other.integer_) {}
  Object& operator=(Object other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(integer_, other.integer_);
    return *this;
  }
  ~Object() {
    // Release, and acquire in the last one: everything that others did with the box comes before its end.
    if (is_boxed() && box_->uses.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
  }

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::kNone; }
  bool is_str() const { return kind_ == Kind::kStr; }
  bool is_int() const { return kind_ == Kind::kInt || kind_ == Kind::kBigInt || kind_ == Kind::kBool; }  // as in Python
  std::string_view type_name() const;  // "NoneType", "int", "list" ...

  // A look inside without a copy: std::string, Bytes, ByteArray, List, Tuple, Dict, Set, FrozenSet, Integer (only
  // kBigInt), Global, Instance, platform::Handle.
  template <class T>
  const T* get_if() const;
  template <class T>
  const T& get() const;
  // The same, to change it: this Object gets storage of its own first. Good until this Object is next copied, so that
  // `a.edit<List>().push_back(a)` is an error (a list inside itself); a copy of `a` made before is none.
  template <class T>
  T& edit();
  // The value as a C++ type: bool, any integer, double (an int will do), std::string, Bytes, and all that has a Form.
  template <class T>
  T as() const;

  // Python's: 1 == 1.0 == True, sets equal frozensets, bytes equal bytearrays, NaN equals nothing (but storage equals itself).
  friend bool operator==(const Object& left, const Object& right) { return equal(left, right); }
  // Equal objects have equal hashes, and others different ones, as it covers all that is compared. TypeError for what cannot be a key: list, dict,
  // set, bytearray (but in the state, items and entries of an instance). Not the same in two runs; for NaN not in two calls.
  std::size_t hash() const;
  bool truth() const;
  // As Python prints it; an int of more than 4300 digits in hexadecimal. What shares its parts can be far longer in print than in storage: a
  // value from elsewhere is printed with brief().
  std::string repr() const;
  std::string str() const;  // a str itself, else repr()
  // The first `most` bytes of repr(), with "..." when there are more, in time and memory for these and no more. For messages. (Whether a text
  // that is cut has single or double quotes depends on what is shown of it.)
  std::string brief(std::size_t most = 200) const;

  // For the codec: an Object travels inside other values as its pickle.
  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  friend struct ObjectInside;  // pickle_internal.h
  friend class object_internal::Comparison;
  friend class Dict;

  template <class T>
  Object(Kind kind, T value) : kind_(kind), box_(new object_internal::BoxOf<T>(std::move(value))) {}
  static Object of_unsigned(std::uint64_t value);
  static bool equal(const Object& left, const Object& right);
  static bool equal(const Object& left, const Object& right, object_internal::Comparison& comparison);
  bool is_boxed() const { return kind_ >= Kind::kBigInt; }
  void destroy() noexcept;
  [[noreturn]] void throw_not(std::string_view wanted) const;

  template <class T>
  T& value() const {
    return static_cast<object_internal::BoxOf<T>*>(box_)->value;
  }
  bool to_bool() const;
  double to_double() const;
  std::int64_t to_signed(std::int64_t low, std::int64_t high) const;
  std::uint64_t to_unsigned(std::uint64_t high) const;

  Kind kind_;
  union {
    bool boolean_;
    std::int64_t integer_ = 0;  // the widest: copies go through it
    double float_;
    object_internal::Box* box_;
  };
};

std::ostream& operator<<(std::ostream& out, const Object& object);

struct ByteArray {
  Bytes bytes;
};

struct Tuple {
  List items;
};

// Something that a Python program has under that name, a class or a function: data here, never called.
struct Global {
  std::string module;
  std::string name;
};

// Keys and values in the order in which the keys came, keys compared as Python does.
//
// Owns:    its entries.
// Shares:  nothing.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  TypeError for a key that has no hash, KeyError from at().
//
// As CPython's: entries in a row, beside them an open table of their indices once there are more than kWithoutIndex.
// The hash is keyed by a number that each process draws, so that nobody can prepare keys that all collide.
class Dict {
 public:
  struct Entry {
    Object key;
    Object value;
    std::size_t hash = 0;
    bool live = true;
  };
  class Iterator {
   public:
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const Entry* at, const Entry* end) : at_(at), end_(end) { skip(); }
    const Entry& operator*() const { return *at_; }
    const Entry* operator->() const { return at_; }
    Iterator& operator++() {
      ++at_;
      skip();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& left, const Iterator& right) { return left.at_ == right.at_; }

   private:
    void skip() {
      while (at_ != end_ && !at_->live) ++at_;
    }
    const Entry* at_ = nullptr;
    const Entry* end_ = nullptr;
  };

  Dict() = default;
  Dict(std::initializer_list<std::pair<Object, Object>> entries);

  std::size_t size() const { return entries_.size() - dead_; }
  bool empty() const { return size() == 0; }
  Iterator begin() const { return {entries_.data(), entries_.data() + entries_.size()}; }
  Iterator end() const { return {entries_.data() + entries_.size(), entries_.data() + entries_.size()}; }

  const Object* find(const Object& key) const;
  Object* find(const Object& key) { return const_cast<Object*>(std::as_const(*this).find(key)); }
  bool contains(const Object& key) const { return find(key) != nullptr; }
  const Object& at(const Object& key) const;
  Object& operator[](const Object& key);
  void set(Object key, Object value);  // a key that is there stays as it is, in its place
  bool erase(const Object& key);
  void clear() { *this = Dict(); }
  // The newest entry. Not when it is empty.
  const Entry& last() const { return entries_.back(); }

  friend bool operator==(const Dict& left, const Dict& right);

 private:
  static constexpr std::size_t kWithoutIndex = 8;
  static constexpr std::uint32_t kFree = UINT32_MAX;
  static constexpr std::uint32_t kGone = UINT32_MAX - 1;

  friend class object_internal::Comparison;
  Entry* locate(const Object& key, std::size_t hash) const;
  Entry* locate(const Object& key, std::size_t hash, object_internal::Comparison& comparison) const;
  Entry& add(Object key, std::size_t hash);
  void rebuild(std::size_t room);
  void drop_last();

  std::vector<Entry> entries_;       // the dead ones stay until the next rebuild(), but none is the last
  std::vector<std::uint32_t> index_; // a power of two, at most two thirds full; empty while there are few entries
  std::size_t dead_ = 0;             // of the entries
  std::size_t gone_ = 0;             // places of the index whose entries are no more: a search goes on past them
};

// Members in the order in which they came. As Dict in every respect.
class Set {
 public:
  class Iterator {
   public:
    using value_type = Object;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(Dict::Iterator at) : at_(at) {}
    const Object& operator*() const { return at_->key; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    Dict::Iterator at_;
  };

  Set() = default;
  Set(std::initializer_list<Object> members);

  std::size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  Iterator begin() const { return Iterator(members_.begin()); }
  Iterator end() const { return Iterator(members_.end()); }
  bool contains(const Object& member) const { return members_.contains(member); }
  void insert(Object member) { members_.set(std::move(member), Object()); }
  bool erase(const Object& member) { return members_.erase(member); }
  void clear() { members_.clear(); }

  friend bool operator==(const Set& left, const Set& right) { return left.members_ == right.members_; }

 private:
  friend class object_internal::Comparison;
  Dict members_;
};

struct FrozenSet : Set {
  FrozenSet() = default;
  explicit FrozenSet(Set members) : Set(std::move(members)) {}
  FrozenSet(std::initializer_list<Object> members) : Set(members) {}
};

// What a Python program would make by callable(*args), then giving it its state, items and entries: data here, never
// called. An instance of a class without a recipe of its own has the callable copyreg.__newobj__ and its class as first argument.
struct Instance {
  Object callable;  // a Global, as a rule
  Object args;      // a tuple
  Object state;     // None when there is none
  List items;
  Dict entries;

  // The class whose instance this is, or the function that makes it: {"builtins", "ValueError"}. Nothing for stranger recipes.
  const Global* type() const;
};

// Short ways to write the containers: list(1, "a"), tuple(1, 2), bytes("\x00\xff").
template <class... Items>
Object list(Items&&... items) {
  List result;
  result.reserve(sizeof...(items));
  (result.emplace_back(std::forward<Items>(items)), ...);
  return result;
}
template <class... Items>
Object tuple(Items&&... items) {
  Tuple result;
  result.items.reserve(sizeof...(items));
  (result.items.emplace_back(std::forward<Items>(items)), ...);
  return result;
}
Bytes bytes(std::string_view characters);
std::string_view characters(const Bytes& bytes);

namespace object_internal {

template <class T>
inline constexpr Object::Kind kKindOf = Object::Kind::kNone;
template <> inline constexpr Object::Kind kKindOf<Integer> = Object::Kind::kBigInt;
template <> inline constexpr Object::Kind kKindOf<std::string> = Object::Kind::kStr;
template <> inline constexpr Object::Kind kKindOf<Bytes> = Object::Kind::kBytes;
template <> inline constexpr Object::Kind kKindOf<ByteArray> = Object::Kind::kByteArray;
template <> inline constexpr Object::Kind kKindOf<List> = Object::Kind::kList;
template <> inline constexpr Object::Kind kKindOf<Tuple> = Object::Kind::kTuple;
template <> inline constexpr Object::Kind kKindOf<Dict> = Object::Kind::kDict;
template <> inline constexpr Object::Kind kKindOf<Set> = Object::Kind::kSet;
template <> inline constexpr Object::Kind kKindOf<FrozenSet> = Object::Kind::kFrozenSet;
template <> inline constexpr Object::Kind kKindOf<Global> = Object::Kind::kGlobal;
template <> inline constexpr Object::Kind kKindOf<Instance> = Object::Kind::kInstance;
template <> inline constexpr Object::Kind kKindOf<platform::Handle> = Object::Kind::kHandle;

template <class T>
concept Boxed = kKindOf<T> != Object::Kind::kNone;

std::string_view name_of(Object::Kind kind);

}  // namespace object_internal

template <class T>
const T* Object::get_if() const {
  static_assert(object_internal::Boxed<T>, "see the list at get_if(); as<T>() gives numbers and other C++ types");
  return kind_ == object_internal::kKindOf<T> ? &value<T>() : nullptr;
}

template <class T>
const T& Object::get() const {
  const T* found = get_if<T>();
  if (found == nullptr) throw_not(object_internal::name_of(object_internal::kKindOf<T>));
  return *found;
}

template <class T>
T& Object::edit() {
  const T& current = get<T>();
  // Acquire: a copy in another thread that is gone by now has done its reading before we write.
  if (box_->uses.load(std::memory_order_acquire) != 1) *this = Object(kind_, T(current));
  return value<T>();
}

template <class T>
T Object::as() const {
  if constexpr (std::same_as<T, Object>) {
    return *this;
  } else if constexpr (std::same_as<T, bool>) {
    return to_bool();
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(to_double());
  } else if constexpr (std::signed_integral<T> && !std::same_as<T, char>) {
    return static_cast<T>(to_signed(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::unsigned_integral<T> && !std::same_as<T, char>) {
    return static_cast<T>(to_unsigned(std::numeric_limits<T>::max()));
  } else if constexpr (std::same_as<T, Integer>) {
    return kind_ == Kind::kBigInt ? value<Integer>() : Integer(to_signed(INT64_MIN, INT64_MAX));
  } else if constexpr (object_internal::Boxed<T>) {
    return get<T>();
  } else {
    return Form<T>::unwrap(*this);
  }
}

}  // namespace mp

template <>
struct std::hash<mp::Object> {
  std::size_t operator()(const mp::Object& object) const { return object.hash(); }
};

#endif  // REFERENCE_OBJECT_H_
