#include <algorithm>
#include <cstring>
#include <mutex>

#include "reference/error.h"
#include "reference/exception.h"
#include "reference/managed.h"
#include "reference/slice.h"
#include "reference/slice_object.h"

namespace mp::managed {
namespace {

[[noreturn]] void throw_key_error(const Object& key) {
  throw ObjectError(exception_object("builtins", "KeyError", {key}));
}

// Python's < for what has an order.
bool less(const Object& left, const Object& right) {
  const auto is_number = [](const Object& object) { return object.is_int() || object.kind() == Object::Kind::kFloat; };
  if (is_number(left) && is_number(right)) {
    const bool exact = left.is_int() && right.is_int() && left.kind() != Object::Kind::kBigInt &&
                       right.kind() != Object::Kind::kBigInt;
    return exact ? left.as<std::int64_t>() < right.as<std::int64_t>() : left.as<double>() < right.as<double>();
  }
  if (left.is_str() && right.is_str()) return left.get<std::string>() < right.get<std::string>();
  if (left.get_if<Bytes>() != nullptr && right.get_if<Bytes>() != nullptr)
    return left.get<Bytes>() < right.get<Bytes>();
  const auto in_order = [](const mp::List& first, const mp::List& second) {
    const auto [a, b] = std::mismatch(first.begin(), first.end(), second.begin(), second.end());
    return b != second.end() && (a == first.end() || less(*a, *b));
  };
  if (left.get_if<mp::List>() != nullptr && right.get_if<mp::List>() != nullptr)
    return in_order(left.get<mp::List>(), right.get<mp::List>());
  if (left.get_if<Tuple>() != nullptr && right.get_if<Tuple>() != nullptr)
    return in_order(left.get<Tuple>().items, right.get<Tuple>().items);
  throw TypeError("'<' not supported between instances of '" + std::string(left.type_name()) + "' and '" +
                  std::string(right.type_name()) + "'");
}

mp::List sorted(mp::List items, bool backwards) {
  // A merge sort by hand would be no better: std::stable_sort stands an order that is none (NaN), and exceptions.
  std::stable_sort(items.begin(), items.end(), [&](const Object& left, const Object& right) {
    return backwards ? less(right, left) : less(left, right);
  });
  return items;
}

mp::List repeated(const mp::List& items, std::int64_t times) {
  constexpr std::size_t kMost = std::size_t{1} << 28;
  mp::List result;
  if (times <= 0 || items.empty()) return result;  // nothing is soon repeated, however often
  if (items.size() > kMost / static_cast<std::size_t>(times))
    throw MemoryError("the list would be too long");
  for (std::int64_t i = 0; i < times; ++i) result.insert(result.end(), items.begin(), items.end());
  return result;
}

// The pairs that dict(x) and update(x) take.
void update(mp::Dict& entries, const Object& more) {
  if (const auto* dict = more.get_if<mp::Dict>()) {
    for (const auto& entry : *dict) entries.set(entry.key, entry.value);
    return;
  }
  for (const Object& pair : items_of(more)) {
    const mp::List both = items_of(pair);
    if (both.size() != 2)
      throw ValueError("dictionary update sequence element has length " + std::to_string(both.size()) +
                       "; 2 is required");
    entries.set(both[0], both[1]);
  }
}

void update(mp::Dict& entries, const char* name, const Arguments& arguments) {
  if (arguments.args.size() > 1) {
    throw TypeError(std::string(name) + " expected at most 1 argument, got " + std::to_string(arguments.args.size()));
  }
  mp::Dict fresh;
  if (!arguments.args.empty()) update(fresh, arguments.args[0]);
  for (const auto& entry : arguments.kwds) fresh.set(entry.key, entry.value);
  update(entries, Object(std::move(fresh)));
}

}  // namespace

// ---- list ----

mp::List List::items() const {
  const std::lock_guard lock(mutex_);
  return items_;
}

// Every method works under the mutex. What values do when they are compared or printed is ours alone, and takes no lock.
Class<List> List::describe() {
  Class<List> described("list");
  described.constructor<std::optional<Object>>("(iterable)");
  described.method("__getitem__(index)", [](List& self, Object index) -> Object {
    const std::lock_guard lock(self.mutex_);
    if (const auto slice = slice_in(index)) return slice_of(self.items_, *slice);
    return self.items_[index_in(index, self.items_.size(), "list index out of range")];
  });
  described.method("__setitem__(index, value)", [](List& self, Object index, Object value) {
    const std::lock_guard lock(self.mutex_);
    if (const auto slice = slice_in(index)) return assign_slice(self.items_, *slice, items_of(value));
    self.items_[index_in(index, self.items_.size(), "list assignment index out of range")] = std::move(value);
  });
  described.method("__delitem__(index)", [](List& self, Object index) {
    const std::lock_guard lock(self.mutex_);
    if (const auto slice = slice_in(index)) return erase_slice(self.items_, *slice);
    const std::size_t place = index_in(index, self.items_.size(), "list assignment index out of range");
    self.items_.erase(self.items_.begin() + static_cast<std::ptrdiff_t>(place));
  });
  described.method("__len__()", [](List& self) {
    const std::lock_guard lock(self.mutex_);
    return self.items_.size();
  });
  described.method("__contains__(value)", [](List& self, Object value) {
    const std::lock_guard lock(self.mutex_);
    return std::ranges::find(self.items_, value) != self.items_.end();
  });
  described.method("__add__(other)", [](List& self, Object other) {
    if (other.get_if<mp::List>() == nullptr)
      throw TypeError("can only concatenate list (not \"" + std::string(other.type_name()) + "\") to list");
    mp::List result = self.items();
    for (const Object& item : other.get<mp::List>()) result.push_back(item);
    return result;
  });
  described.method("__mul__(times)", [](List& self, std::int64_t times) { return repeated(self.items(), times); });
  described.method("__rmul__(times)", [](List& self, std::int64_t times) { return repeated(self.items(), times); });
  described.method("__imul__(times)", [](List& self, std::int64_t times) {
    const std::lock_guard lock(self.mutex_);
    self.items_ = repeated(self.items_, times);
    return self.items_;
  });
  described.method("__reversed__()", [](List& self) -> Object {
    mp::List items = self.items();
    const auto last = static_cast<std::int64_t>(items.size()) - 1;
    return Instance{Global{"builtins", "reversed"}, tuple(std::move(items)), Object(last), {}, {}};
  });
  described.method("append(object)", [](List& self, Object item) {
    const std::lock_guard lock(self.mutex_);
    self.items_.push_back(std::move(item));
  });
  described.method("count(value)", [](List& self, Object value) {
    const std::lock_guard lock(self.mutex_);
    return static_cast<std::int64_t>(std::ranges::count(self.items_, value));
  });
  described.method("extend(iterable)", [](List& self, Object more) {
    const mp::List items = items_of(more);
    const std::lock_guard lock(self.mutex_);
    self.items_.insert(self.items_.end(), items.begin(), items.end());
  });
  described.method("index(value, start, stop)",
                   [](List& self, Object value, std::optional<std::int64_t> start, std::optional<std::int64_t> stop) {
                     const std::lock_guard lock(self.mutex_);
                     const Places places = places_of({.start = start, .stop = stop}, self.items_.size());
                     for (std::size_t i = 0; i < places.count; ++i) {
                       if (self.items_[places[i]] == value) return places[i];
                     }
                     throw ValueError(value.brief() + " is not in list");
                   });
  described.method("insert(index, object)", [](List& self, std::int64_t index, Object item) {
    const std::lock_guard lock(self.mutex_);
    const Places places = places_of({.start = index}, self.items_.size());
    self.items_.insert(self.items_.begin() + places.first, std::move(item));
  });
  described.method("pop(index)", [](List& self, std::optional<std::int64_t> index) {
    const std::lock_guard lock(self.mutex_);
    if (self.items_.empty()) throw IndexError("pop from empty list");
    const auto place =
        static_cast<std::ptrdiff_t>(index_in(index.value_or(-1), self.items_.size(), "pop index out of range"));
    Object item = std::move(self.items_[static_cast<std::size_t>(place)]);
    self.items_.erase(self.items_.begin() + place);
    return item;
  });
  described.method("remove(value)", [](List& self, Object value) {
    const std::lock_guard lock(self.mutex_);
    const auto found = std::ranges::find(self.items_, value);
    if (found == self.items_.end()) throw ValueError("list.remove(x): x not in list");
    self.items_.erase(found);
  });
  described.method("reverse()", [](List& self) {
    const std::lock_guard lock(self.mutex_);
    std::ranges::reverse(self.items_);
  });
  described.method("sort(key, reverse)", [](List& self, std::optional<Object> key, std::optional<bool> reverse) {
    if (key && !key->is_none()) throw TypeError("the key of sort is a function, which cannot be called in the server");
    const std::lock_guard lock(self.mutex_);
    self.items_ = sorted(self.items_, reverse.value_or(false));
  });
  described.repr([](List& self) { return Object(self.items()).brief(kMostPrinted); });
  described.value([](List& self) { return self.items(); });
  return described.exposed({"__add__", "__contains__", "__delitem__", "__getitem__", "__len__", "__mul__",
                            "__reversed__", "__rmul__", "__setitem__", "append", "count", "extend", "index", "insert",
                            "pop", "remove", "reverse", "sort", "__imul__"});
}

List::List(std::optional<Object> iterable) : items_(iterable ? items_of(*iterable) : mp::List()) {}

// ---- dict ----

mp::Dict Dict::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

Dict::Dict(const Arguments& arguments) { update(entries_, "dict", arguments); }

Class<Dict> Dict::describe() {
  Class<Dict> described("dict");
  described.constructor<const Arguments&>("");
  described.method("__contains__(key)", [](Dict& self, Object key) {
    const std::lock_guard lock(self.mutex_);
    return self.entries_.contains(key);
  });
  described.method("__getitem__(key)", [](Dict& self, Object key) {
    const std::lock_guard lock(self.mutex_);
    const Object* found = self.entries_.find(key);
    if (found == nullptr) throw_key_error(key);
    return *found;
  });
  described.method("__setitem__(key, value)", [](Dict& self, Object key, Object value) {
    const std::lock_guard lock(self.mutex_);
    self.entries_.set(std::move(key), std::move(value));
  });
  described.method("__delitem__(key)", [](Dict& self, Object key) {
    const std::lock_guard lock(self.mutex_);
    if (!self.entries_.erase(key)) throw_key_error(key);
  });
  described.method("__len__()", [](Dict& self) {
    const std::lock_guard lock(self.mutex_);
    return self.entries_.size();
  });
  const auto keys = [](Dict& self) {
    mp::List keys;
    for (const auto& entry : self.entries()) keys.push_back(entry.key);
    return keys;
  };
  described.method("__iter__()", [](Dict& self) {
    mp::List keys;
    for (const auto& entry : self.entries()) keys.push_back(entry.key);
    return std::make_shared<Iterator>(std::move(keys));
  });
  described.method("keys()", keys);
  described.method("values()", [](Dict& self) {
    mp::List values;
    for (const auto& entry : self.entries()) values.push_back(entry.value);
    return values;
  });
  described.method("items()", [](Dict& self) {
    mp::List items;
    for (const auto& entry : self.entries()) items.push_back(tuple(entry.key, entry.value));
    return items;
  });
  described.method("clear()", [](Dict& self) {
    const std::lock_guard lock(self.mutex_);
    self.entries_.clear();
  });
  described.method("copy()", [](Dict& self) { return self.entries(); });
  described.method("get(key, default)", [](Dict& self, Object key, std::optional<Object> fallback) {
    const std::lock_guard lock(self.mutex_);
    const Object* found = self.entries_.find(key);
    return found != nullptr ? *found : fallback.value_or(Object());
  });
  described.method("pop(key, default)", [](Dict& self, Object key, std::optional<Object> fallback) {
    const std::lock_guard lock(self.mutex_);
    const Object* found = self.entries_.find(key);
    if (found == nullptr) {
      if (!fallback) throw_key_error(key);
      return *fallback;
    }
    Object value = *found;
    self.entries_.erase(key);
    return value;
  });
  described.method("popitem()", [](Dict& self) {
    const std::lock_guard lock(self.mutex_);
    if (self.entries_.empty()) throw_key_error("popitem(): dictionary is empty");
    const auto [key, value, hash, live] = self.entries_.last();  // a copy, as it goes
    self.entries_.erase(key);
    return tuple(key, value);
  });
  described.method("setdefault(key, default)", [](Dict& self, Object key, std::optional<Object> fallback) {
    const std::lock_guard lock(self.mutex_);
    if (const Object* found = self.entries_.find(key)) return *found;
    Object value = fallback.value_or(Object());
    self.entries_.set(std::move(key), value);
    return value;
  });
  described.method("update", [](Dict& self, const Arguments& arguments) {
    const std::lock_guard lock(self.mutex_);
    update(self.entries_, "update", arguments);
  });
  described.repr([](Dict& self) { return Object(self.entries()).brief(kMostPrinted); });
  described.value([](Dict& self) { return self.entries(); });
  described.returns_proxy("__iter__", "Iterator");
  return described.exposed({"__contains__", "__delitem__", "__getitem__", "__iter__", "__len__", "__setitem__", "clear",
                            "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"});
}

}  // namespace mp::managed
