// What makes a value a key: equality and the hash that goes with it; and Dict and Set, which live by them.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <utility>

#include "reference/error.h"
#include "reference/object.h"
#include "reference/pickle_internal.h"

namespace mp {
namespace {

using Kind = Object::Kind;
using object_internal::Comparison;

// SipHash-1-3 (Aumasson and Bernstein), keyed: see Dict. Values that cannot be equal are of different kinds here: a tuple of n texts has else 2^n
// others of the same hash, where some of the texts are bytes.
class Hasher {
 public:
  static std::size_t of(Kind kind, std::string_view bytes) {
    Hasher hasher(kind);
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) hasher.mix(word(bytes.substr(at, 8)));
    return hasher.finish(word(bytes.substr(at)) | std::uint64_t{bytes.size()} << 56);
  }
  template <class T>
  static std::size_t of_value(Kind kind, const T& value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    return of(kind, {bytes, sizeof value});
  }

 private:
  explicit Hasher(Kind kind) { d_ ^= static_cast<std::uint64_t>(kind); }

  struct Key {
    std::uint64_t low, high;
  };
  static const Key& key() {
    static const Key kKey = [] {
      std::random_device device;
      const auto draw = [&] { return std::uint64_t{device()} << 32 | device(); };
      return Key{draw(), draw()};
    }();
    return kKey;
  }
  static std::uint64_t word(std::string_view bytes) {
    std::uint64_t result = 0;
    if (!bytes.empty()) std::memcpy(&result, bytes.data(), bytes.size());
    return result;
  }
  void mix(std::uint64_t word) {
    d_ ^= word;
    round();
    a_ ^= word;
  }
  std::size_t finish(std::uint64_t last) {
    mix(last);
    c_ ^= 0xff;
    for (int i = 0; i < 3; ++i) round();
    return a_ ^ b_ ^ c_ ^ d_;
  }
  void round() {
    a_ += b_, b_ = std::rotl(b_, 13), b_ ^= a_, a_ = std::rotl(a_, 32);
    c_ += d_, d_ = std::rotl(d_, 16), d_ ^= c_;
    a_ += d_, d_ = std::rotl(d_, 21), d_ ^= a_;
    c_ += b_, b_ = std::rotl(b_, 17), b_ ^= c_, c_ = std::rotl(c_, 32);
  }

  std::uint64_t a_ = key().low ^ 0x736f6d6570736575u;
  std::uint64_t b_ = key().high ^ 0x646f72616e646f6du;
  std::uint64_t c_ = key().low ^ 0x6c7967656e657261u;
  std::uint64_t d_ = key().high ^ 0x7465646279746573u;
};

std::string_view raw(const Bytes& bytes) { return characters(bytes); }

// The bytes of bytes and bytearray, which are equal when these are.
const Bytes* bytes_in(const Object& object) {
  if (const auto* bytes = object.get_if<Bytes>()) return bytes;
  const auto* array = object.get_if<ByteArray>();
  return array == nullptr ? nullptr : &array->bytes;
}

const Set* set_in(const Object& object) {
  if (const auto* set = object.get_if<Set>()) return set;
  return object.get_if<FrozenSet>();
}

bool is_number(const Object& object) { return object.is_int() || object.kind() == Kind::kFloat; }

// An int64 of equal value, if there is one.
std::optional<std::int64_t> small_integer(double value) {
  constexpr double kLimit = 9223372036854775808.0;
  if (!(value >= -kLimit && value < kLimit) || std::trunc(value) != value) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::size_t hash_of(std::int64_t value) { return Hasher::of_value(Kind::kInt, value); }

std::size_t hash_of(const Integer& value) {
  const auto words = value.magnitude();
  const std::size_t hash = Hasher::of(Kind::kBigInt, {reinterpret_cast<const char*>(words.data()), words.size_bytes()});
  return value.negative() ? ~hash : hash;
}

std::size_t hash_of(double value) {
  if (const auto small = small_integer(value)) return hash_of(*small);
  if (const auto large = Integer::from_double(value)) return hash_of(*large);
  return Hasher::of_value(Kind::kFloat, value);
}

// Hashes all that equality compares, so that keys which are not equal have no hash in common, and a row of them is never compared one by one
// with all the others.
//
// NaN is equal to nothing; what it lies in is equal to itself alone, which is to say to all that share its storage. So inside of a container it
// hashes as the place of that, and by itself as nothing else did before.
//
// Storage that is shared is walked once: a value may have far more parts than storage.
class Structure {
 public:
  enum class Use { kKey, kPart };  // what cannot be a key may be part of the state of an instance that is one

  // `home` is the container that it lies in.
  std::size_t hash(const Object& object, Use use, const void* home) {
    const object_internal::Box* const box = is_container(object) ? ObjectInside::box(object) : nullptr;
    if (box == nullptr || box->uses.load(std::memory_order_relaxed) == 1) return walk(object, use, home);
    const std::pair place(box, use);
    if (const auto known = known_.find(place); known != known_.end()) return known->second;
    const std::size_t result = walk(object, use, home);
    known_.emplace(place, result);
    return result;
  }

 private:
  static bool is_container(const Object& object) {
    const Kind kind = object.kind();
    return (kind >= Kind::kList && kind <= Kind::kFrozenSet) || kind == Kind::kInstance;
  }

  std::size_t walk(const Object& object, Use use, const void* home) {
    switch (object.kind()) {
      case Kind::kNone: return Hasher::of(Kind::kNone, "");
      case Kind::kBool: case Kind::kInt: return hash_of(object.as<std::int64_t>());
      case Kind::kFloat: return std::isnan(object.as<double>()) ? hash_of_nan(home) : hash_of(object.as<double>());
      case Kind::kBigInt: return hash_of(object.get<Integer>());
      case Kind::kStr: return Hasher::of(Kind::kStr, object.get<std::string>());
      case Kind::kBytes: return Hasher::of(Kind::kBytes, raw(object.get<Bytes>()));
      case Kind::kTuple: return in_order(Kind::kTuple, object.get<Tuple>().items, use, &object.get<Tuple>());
      case Kind::kFrozenSet: return in_any_order(object.get<FrozenSet>(), use);
      case Kind::kGlobal: return hash_of_global(object.get<Global>());
      case Kind::kInstance: return hash_of_instance(object.get<Instance>(), use);
      default: break;
    }
    if (use == Use::kKey) throw TypeError("unhashable type: '" + std::string(object.type_name()) + "', so it cannot be a key");
    switch (object.kind()) {
      case Kind::kByteArray: return Hasher::of(Kind::kBytes, raw(object.get<ByteArray>().bytes));
      case Kind::kList: return in_order(Kind::kList, object.get<List>(), use, &object.get<List>());
      case Kind::kDict: return in_any_order(object.get<Dict>(), &object.get<Dict>());
      case Kind::kSet: return in_any_order(object.get<Set>(), use);
      default: return Hasher::of_value(Kind::kHandle, &object.get<platform::Handle>());  // equal to itself alone
    }
  }

  static std::size_t hash_of_nan(const void* home) {
    static std::atomic<std::uint64_t> last = 0;
    if (home != nullptr) return Hasher::of_value(Kind::kFloat, std::pair(home, home));
    return Hasher::of_value(Kind::kFloat, std::pair(std::uint64_t{0}, ++last));
  }
  static std::size_t hash_of_global(const Global& global) {
    return Hasher::of_value(Kind::kGlobal, std::pair(Hasher::of(Kind::kStr, global.module), Hasher::of(Kind::kStr, global.name)));
  }
  std::size_t hash_of_instance(const Instance& instance, Use use) {
    const std::size_t parts[] = {hash(instance.callable, use, &instance), hash(instance.args, use, &instance),
                                 hash(instance.state, Use::kPart, &instance),
                                 in_order(Kind::kList, instance.items, Use::kPart, &instance), in_any_order(instance.entries, &instance)};
    return Hasher::of_value(Kind::kInstance, parts);
  }
  std::size_t in_order(Kind kind, const List& items, Use use, const void* home) {
    std::size_t result = items.size();
    for (const Object& item : items) result = Hasher::of_value(kind, std::pair(result, hash(item, use, home)));
    return result;
  }
  std::size_t in_any_order(const Set& set, Use use) {
    std::size_t result = set.size();
    for (const Object& member : set) result += Hasher::of_value(Kind::kSet, hash(member, use, &set));
    return Hasher::of_value(Kind::kSet, result);
  }
  std::size_t in_any_order(const Dict& dict, const void* home) {
    std::size_t result = dict.size();
    for (const Dict::Entry& entry : dict) result += Hasher::of_value(Kind::kDict, std::pair(entry.hash, hash(entry.value, Use::kPart, home)));
    return Hasher::of_value(Kind::kDict, result);
  }

  std::map<std::pair<const object_internal::Box*, Use>, std::size_t> known_;
};

}  // namespace

// Compares containers. A value may have far more parts than storage: of two that share theirs each pair is compared once, and then known to be
// equal, as are all that are equal to either of them. (A union-find: each pair that had to be compared makes one class of two, so there are no more of
// them than there is storage.)
class object_internal::Comparison {
 public:
  bool equal(const Object& left, const Object& right) {
    const Box* const one = ObjectInside::box(left);
    const Box* const other = ObjectInside::box(right);
    if (!is_shared(*one) && !is_shared(*other)) return walk(left, right);
    if (class_of(one) == class_of(other)) return true;
    if (!walk(left, right)) return false;
    if (const Box* const mine = class_of(one); mine != class_of(other)) classes_[mine] = class_of(other);
    return true;
  }

  bool equal(const List& left, const List& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [this](const Object& one, const Object& other) { return Object::equal(one, other, *this); });
  }
  bool equal(const Dict& left, const Dict& right) {
    if (left.size() != right.size()) return false;
    return std::all_of(left.begin(), left.end(), [&](const Dict::Entry& entry) {
      const Dict::Entry* other = right.locate(entry.key, entry.hash, *this);
      return other != nullptr && Object::equal(other->value, entry.value, *this);
    });
  }

 private:
  static bool is_shared(const Box& box) { return box.uses.load(std::memory_order_relaxed) > 1; }

  bool walk(const Object& left, const Object& right) {
    switch (left.kind()) {
      case Kind::kList: return equal(left.get<List>(), right.get<List>());
      case Kind::kTuple: return equal(left.get<Tuple>().items, right.get<Tuple>().items);
      case Kind::kDict: return equal(left.get<Dict>(), right.get<Dict>());
      case Kind::kInstance: return equal(left.get<Instance>(), right.get<Instance>());
      default: return equal(set_in(left)->members_, set_in(right)->members_);
    }
  }
  bool equal(const Instance& left, const Instance& right) {
    return Object::equal(left.callable, right.callable, *this) && Object::equal(left.args, right.args, *this) &&
           Object::equal(left.state, right.state, *this) && equal(left.items, right.items) && equal(left.entries, right.entries);
  }

  const Box* class_of(const Box* box) {
    for (auto known = classes_.find(box); known != classes_.end(); known = classes_.find(box)) {
      // Half of the way is forgotten, so that the next one is shorter.
      if (const auto next = classes_.find(known->second); next != classes_.end()) known->second = next->second;
      box = known->second;
    }
    return box;
  }

  std::map<const Box*, const Box*> classes_;
};

bool Object::equal(const Object& left, const Object& right) {
  Comparison comparison;
  return equal(left, right, comparison);
}

bool Object::equal(const Object& left, const Object& right, Comparison& comparison) {
  if (left.is_boxed() && left.kind_ == right.kind_ && left.box_ == right.box_) return true;
  if (is_number(left) && is_number(right)) {
    if (left.kind_ == Kind::kFloat && right.kind_ == Kind::kFloat) return left.float_ == right.float_;
    if (left.kind_ == Kind::kFloat) return equal(right, left);
    if (left.kind_ == Kind::kBigInt) {
      if (right.kind_ == Kind::kBigInt) return left.value<Integer>() == right.value<Integer>();
      return right.kind_ == Kind::kFloat && Integer::from_double(right.float_) == left.value<Integer>();
    }
    const std::int64_t number = left.kind_ == Kind::kBool ? left.boolean_ : left.integer_;
    if (right.kind_ == Kind::kFloat) return small_integer(right.float_) == number;
    if (right.kind_ == Kind::kBigInt) return false;
    return number == (right.kind_ == Kind::kBool ? std::int64_t{right.boolean_} : right.integer_);
  }
  if (const Bytes* bytes = bytes_in(left)) return bytes_in(right) != nullptr && *bytes == *bytes_in(right);
  if (set_in(left) != nullptr && set_in(right) != nullptr) return comparison.equal(left, right);
  if (left.kind_ != right.kind_) return false;
  switch (left.kind_) {
    case Kind::kNone: return true;
    case Kind::kStr: return left.value<std::string>() == right.value<std::string>();
    case Kind::kGlobal:
      return left.value<Global>().module == right.value<Global>().module && left.value<Global>().name == right.value<Global>().name;
    case Kind::kList: case Kind::kTuple: case Kind::kDict: case Kind::kInstance: return comparison.equal(left, right);
    default: return false;  // handles: equal only to themselves
  }
}

std::size_t Object::hash() const { return Structure().hash(*this, Structure::Use::kKey, nullptr); }

Dict::Dict(std::initializer_list<std::pair<Object, Object>> entries) {
  for (const auto& [key, value] : entries) set(key, value);
}

Dict::Entry* Dict::locate(const Object& key, std::size_t hash) const {
  Comparison comparison;
  return locate(key, hash, comparison);
}

Dict::Entry* Dict::locate(const Object& key, std::size_t hash, Comparison& comparison) const {
  const auto matches = [&](const Entry& entry) { return entry.live && entry.hash == hash && Object::equal(entry.key, key, comparison); };
  if (index_.empty()) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), matches);
    return found == entries_.end() ? nullptr : const_cast<Entry*>(&*found);
  }
  for (std::size_t at = hash & (index_.size() - 1); index_[at] != kFree; at = (at + 1) & (index_.size() - 1)) {
    if (index_[at] != kGone && matches(entries_[index_[at]])) return const_cast<Entry*>(&entries_[index_[at]]);
  }
  return nullptr;
}

const Object* Dict::find(const Object& key) const {
  const Entry* entry = locate(key, key.hash());
  return entry == nullptr ? nullptr : &entry->value;
}

const Object& Dict::at(const Object& key) const {
  const Object* value = find(key);
  if (value == nullptr) throw KeyError(key.brief());
  return *value;
}

// Squeezes the dead out and makes an index that is good for `room` entries.
void Dict::rebuild(std::size_t room) {
  std::erase_if(entries_, [](const Entry& entry) { return !entry.live; });
  dead_ = 0;
  gone_ = 0;
  index_.clear();
  if (room <= kWithoutIndex) return;
  index_.assign(std::bit_ceil(room * 3 / 2), kFree);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    std::size_t at = entries_[i].hash & (index_.size() - 1);
    while (index_[at] != kFree) at = (at + 1) & (index_.size() - 1);
    index_[at] = i;
  }
}

Dict::Entry& Dict::add(Object key, std::size_t hash) {
  const std::size_t after = entries_.size() + 1;
  const bool full = index_.empty() ? after > kWithoutIndex : (after + gone_) * 3 > index_.size() * 2;
  if (full) rebuild(2 * (size() + 1));
  if (!index_.empty()) {
    std::size_t at = hash & (index_.size() - 1);
    while (index_[at] != kFree) at = (at + 1) & (index_.size() - 1);
    index_[at] = static_cast<std::uint32_t>(entries_.size());
  }
  return entries_.emplace_back(Entry{std::move(key), Object(), hash, true});
}

Object& Dict::operator[](const Object& key) {
  const std::size_t hash = key.hash();
  Entry* entry = locate(key, hash);
  return (entry != nullptr ? *entry : add(key, hash)).value;
}

void Dict::set(Object key, Object value) {
  const std::size_t hash = key.hash();
  Entry* entry = locate(key, hash);
  (entry != nullptr ? *entry : add(std::move(key), hash)).value = std::move(value);
}

bool Dict::erase(const Object& key) {
  Entry* entry = locate(key, key.hash());
  if (entry == nullptr) return false;
  *entry = Entry{Object(), Object(), entry->hash, false};
  ++dead_;
  while (!entries_.empty() && !entries_.back().live) drop_last();
  if (dead_ + gone_ > size() + kWithoutIndex) rebuild(size() * 2);
  return true;
}

// So that the last entry is always alive, and popping all of them costs each of them once.
void Dict::drop_last() {
  if (!index_.empty()) {
    const auto place = static_cast<std::uint32_t>(entries_.size() - 1);
    std::size_t at = entries_.back().hash & (index_.size() - 1);
    while (index_[at] != place) at = (at + 1) & (index_.size() - 1);
    index_[at] = kGone;
    ++gone_;
  }
  entries_.pop_back();
  --dead_;
}

bool operator==(const Dict& left, const Dict& right) { return Comparison().equal(left, right); }

Set::Set(std::initializer_list<Object> members) {
  for (const Object& member : members) insert(member);
}

}  // namespace mp
