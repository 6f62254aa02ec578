// What a manager keeps beside lists, dicts and locks: Iterator, Namespace, Value, Array, Queue.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "reference/caller.h"
#include "reference/error.h"
#include "reference/managed.h"
#include "reference/slice.h"
#include "reference/slice_object.h"

namespace mp::managed {

// ---- Iterator ----

Iterator::Iterator(mp::List items)
    : next_([shared = std::make_shared<const mp::List>(std::move(items)),
             next = std::make_shared<std::atomic<std::size_t>>(0)] {
        const std::size_t place = next->fetch_add(1);
        if (place >= shared->size()) throw StopIteration("");
        return (*shared)[place];
      }) {}

Class<Iterator> Iterator::describe() {
  return Class<Iterator>("iterator")
      .without_constructor()
      .method("__next__()", [](Iterator& self) { return self.next_(); })
      .exposed({"__next__", "send", "throw", "close"});
}

// ---- Namespace ----

Namespace::Namespace(const Arguments& arguments) {
  if (!arguments.args.empty()) throw TypeError("a Namespace takes its attributes by name");
  attributes_ = arguments.kwds;
}

Class<Namespace> Namespace::describe() {
  const auto repr = [](Namespace& self) {
    const std::lock_guard lock(self.mutex_);
    std::vector<std::string> parts;
    std::size_t room = kMostPrinted;
    for (const auto& entry : self.attributes_) {
      const std::string name = entry.key.str();
      if (name.starts_with('_')) continue;
      parts.push_back(name + "=" + entry.value.brief(room));
      room -= std::min(room, parts.back().size());
    }
    std::ranges::sort(parts);
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return "Namespace(" + text + ")";
  };
  const auto refuse = [](const std::string& name) {
    throw AttributeError("'Namespace' object has no attribute '" + name + "'");
  };
  Class<Namespace> described("Namespace");
  described.constructor<const Arguments&>("");
  described.method("__getattribute__(name)", [refuse](Namespace& self, std::string name) {
    const std::lock_guard lock(self.mutex_);
    const Object* found = self.attributes_.find(name);
    if (found == nullptr) refuse(name);
    return *found;
  });
  described.method("__setattr__(name, value)", [](Namespace& self, std::string name, Object value) {
    const std::lock_guard lock(self.mutex_);
    self.attributes_.set(name, std::move(value));
  });
  described.method("__delattr__(name)", [refuse](Namespace& self, std::string name) {
    const std::lock_guard lock(self.mutex_);
    if (!self.attributes_.erase(name)) refuse(name);
  });
  described.repr(repr);
  described.value([](Namespace& self) -> Object {
    const std::lock_guard lock(self.mutex_);
    return Instance{Global{"copyreg", "__newobj__"},
                    tuple(Global{"multiprocessing.managers", "Namespace"}),
                    Object(self.attributes_),
                    {},
                    {}};
  });
  return described.exposed({"__getattribute__", "__setattr__", "__delattr__"});
}

// ---- Value, Array ----

Class<Value> Value::describe() {
  Class<Value> described("Value");
  described.constructor<std::string, Object, std::optional<Object>>("(typecode, value, lock)");
  described.method("get()", [](Value& self) {
    const std::lock_guard lock(self.mutex_);
    return self.value_;
  });
  described.method("set(value)", [](Value& self, Object value) {
    const std::lock_guard lock(self.mutex_);
    self.value_ = std::move(value);
  });
  described.repr([](Value& self) {
    const std::lock_guard lock(self.mutex_);
    return "Value(" + Object(self.typecode_).repr() + ", " + self.value_.brief(kMostPrinted) + ")";
  });
  described.value([](Value& self) -> Object {
    const std::lock_guard lock(self.mutex_);
    return Instance{Global{"copyreg", "__newobj__"},
                    tuple(Global{"multiprocessing.managers", "Value"}),
                    Object(mp::Dict{{"_typecode", self.typecode_}, {"_value", self.value_}}),
                    {},
                    {}};
  });
  return described.exposed({"get", "set"});
}

Array::Array(std::string typecode, const Object& sequence, const std::optional<Object>&)
    : typecode_(std::move(typecode)) {
  for (const Object& item : items_of(sequence)) items_.push_back(array_item(typecode_, item));
  if (items_.empty()) array_item(typecode_, 0);  // refuses a code that is none
}

Class<Array> Array::describe() {
  const auto size = [](Array& self) {
    const std::lock_guard lock(self.mutex_);
    return self.items_.size();
  };
  Class<Array> described("array");
  described.constructor<std::string, Object, std::optional<Object>>("(typecode, sequence, lock)");
  described.method("__len__()", size);
  described.method("__getitem__(index)", [](Array& self, Object index) -> Object {
    const std::lock_guard lock(self.mutex_);
    if (const auto slice = slice_in(index)) return array_object(self.typecode_, slice_of(self.items_, *slice));
    return self.items_[index_in(index, self.items_.size(), "array index out of range")];
  });
  described.method("__setitem__(index, value)", [](Array& self, Object index, Object value) {
    const std::lock_guard lock(self.mutex_);
    if (const auto slice = slice_in(index)) {
      if (!items_of_array(value))
        throw TypeError("can only assign array (not \"" + std::string(value.type_name()) + "\") to array slice");
      mp::List fresh = self.items_;
      assign_slice(fresh, *slice, items_of(value));
      for (Object& item : fresh) item = array_item(self.typecode_, item);
      self.items_ = std::move(fresh);
      return;
    }
    const std::size_t place = index_in(index, self.items_.size(), "array assignment index out of range");
    self.items_[place] = array_item(self.typecode_, value);
  });
  described.repr([](Array& self) {
    const std::lock_guard lock(self.mutex_);
    return "array(" + Object(self.typecode_).repr() + (self.items_.empty() ? "" : ", " + Object(self.items_).repr()) +
           ")";
  });
  described.value([](Array& self) {
    const std::lock_guard lock(self.mutex_);
    return array_object(self.typecode_, self.items_);
  });
  return described.exposed({"__len__", "__getitem__", "__setitem__"});
}

// ---- Queue ----

Class<Queue> Queue::describe() {
  return Class<Queue>("Queue")
      .constructor<std::optional<std::int64_t>>("(maxsize)")
      .method("put(item, block, timeout)", &Queue::put)
      .method("get(block, timeout)", &Queue::get)
      .method("put_nowait(item)", [](Queue& self, Object item) { self.put(std::move(item), false); })
      .method("get_nowait()", [](Queue& self) { return self.get(false); })
      .method("qsize()", &Queue::qsize)
      .method("empty()", &Queue::empty)
      .method("full()", &Queue::full)
      .method("task_done()", &Queue::task_done)
      .method("join()", &Queue::join);
}

namespace {

platform::Deadline queue_deadline(std::optional<bool> block, std::optional<double> timeout) {
  if (!block.value_or(true)) return platform::Deadline::passed();
  if (timeout && *timeout < 0) throw ValueError("'timeout' must be a non-negative number");
  return deadline_of(timeout);
}

}  // namespace

void Queue::put(Object item, std::optional<bool> block, std::optional<double> timeout) {
  std::unique_lock lock(mutex_);
  const auto has_room = [&] { return maxsize_ <= 0 || static_cast<std::int64_t>(items_.size()) < maxsize_; };
  if (maxsize_ > 0 && !wait_for_caller(changed_, lock, queue_deadline(block, timeout), has_room)) throw Full("");
  items_.push_back(std::move(item));
  ++unfinished_;
  changed_.notify_all();
}

Object Queue::get(std::optional<bool> block, std::optional<double> timeout) {
  std::unique_lock lock(mutex_);
  if (!wait_for_caller(changed_, lock, queue_deadline(block, timeout), [&] { return !items_.empty(); }))
    throw Empty("");
  Object item = std::move(items_.front());
  items_.pop_front();
  changed_.notify_all();
  return item;
}

std::int64_t Queue::qsize() {
  const std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(items_.size());
}

void Queue::task_done() {
  const std::lock_guard lock(mutex_);
  if (unfinished_ <= 0) throw ValueError("task_done() called too many times");
  if (--unfinished_ == 0) changed_.notify_all();
}

void Queue::join() {
  std::unique_lock lock(mutex_);
  wait_for_caller(changed_, lock, platform::Deadline::never(), [&] { return unfinished_ == 0; });
}

}  // namespace mp::managed
