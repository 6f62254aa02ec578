#ifndef REFERENCE_PROXIES_H_
#define REFERENCE_PROXIES_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/error.h"
#include "reference/proxy.h"
#include "reference/slice.h"
#include "reference/slice_object.h"
#include "reference/wait.h"

// The proxies of a SyncManager's objects. Each is a Proxy, and made of one: list.get(0).as<mp::ListProxy>().
//
// Owns, Shares, Threads, Blocks, Throws: as Proxy.
namespace mp {

namespace proxy_internal {

// None is for ever.
inline Object seconds(Wait wait) {
  if (wait.is_forever()) return Object();
  return std::chrono::duration<double>(wait.duration()).count();
}

// Attributes that a proxy keeps to itself. No lock guards them: a fork beside another thread could find it taken.
//
// Owns:    the values.
// Shares:  nothing.
// Threads: as a map: nobody may read while another writes.
// Blocks:  never.
// Throws:  AttributeError for what is not there.
class OwnAttributes {
 public:
  const Object& get(std::string_view name) const { return find(name)->second; }
  void set(std::string_view name, const Object& value) { values_.insert_or_assign(std::string(name), value); }
  void erase(std::string_view name) { values_.erase(find(name)); }

 private:
  using Values = std::map<std::string, Object, std::less<>>;

  Values::const_iterator find(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw AttributeError("the proxy has no attribute '" + std::string(name) + "'");
    return found;
  }

  Values values_;
};

}  // namespace proxy_internal

// [proxy.dict] Python's dict. What is changed in a value that came out of it does not go back: set() it again.
class DictProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit DictProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  // KeyError when it is not there.
  template <class T = Object>
  T get(const Object& key) const {
    return call<T>("__getitem__", key);
  }
  template <class T = Object>
  T get(const Object& key, const Object& fallback) const {
    return call<T>("get", key, fallback);
  }
  void set(const Object& key, const Object& value) const { call<void>("__setitem__", key, value); }
  void erase(const Object& key) const { call<void>("__delitem__", key); }
  bool contains(const Object& key) const { return call<bool>("__contains__", key); }
  std::size_t size() const { return call<std::size_t>("__len__"); }
  void clear() const { call<void>("clear"); }
  Dict copy() const { return call("copy").template get<Dict>(); }
  List keys() const { return call("keys").template get<List>(); }
  List values() const { return call("values").template get<List>(); }
  List items() const { return call("items").template get<List>(); }
  template <class T = Object>
  T pop(const Object& key) const {
    return call<T>("pop", key);
  }
  template <class T = Object>
  T pop(const Object& key, const Object& fallback) const {
    return call<T>("pop", key, fallback);
  }
  std::pair<Object, Object> popitem() const { return call<std::pair<Object, Object>>("popitem"); }
  template <class T = Object>
  T setdefault(const Object& key, const Object& fallback = {}) const {
    return call<T>("setdefault", key, fallback);
  }
  void update(const Object& entries) const { call<void>("update", entries); }

  // table["x"] = 1; int x = table["x"];
  class Item {
   public:
    Item(const DictProxy& dict, Object key) : dict_(dict), key_(std::move(key)) {}
    const Item& operator=(const Object& value) const {
      dict_.set(key_, value);
      return *this;
    }
    template <class T>
    T as() const {
      return dict_.get<T>(key_);
    }
    operator Object() const { return dict_.get(key_); }

   private:
    const DictProxy& dict_;
    Object key_;
  };
  Item operator[](Object key) const { return {*this, std::move(key)}; }
};

// [proxy.list] Python's list.
class ListProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit ListProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  template <class T = Object>
  T get(std::int64_t index) const {
    return call<T>("__getitem__", index);
  }
  List get(const Slice& slice) const { return call("__getitem__", slice_object(slice)).template get<List>(); }
  void set(std::int64_t index, const Object& value) const { call<void>("__setitem__", index, value); }
  void set(const Slice& slice, const Object& values) const { call<void>("__setitem__", slice_object(slice), values); }
  void erase(std::int64_t index) const { call<void>("__delitem__", index); }
  void erase(const Slice& slice) const { call<void>("__delitem__", slice_object(slice)); }
  bool contains(const Object& value) const { return call<bool>("__contains__", value); }
  std::size_t size() const { return call<std::size_t>("__len__"); }
  void append(const Object& value) const { call<void>("append", value); }
  void extend(const Object& values) const { call<void>("extend", values); }
  void insert(std::int64_t index, const Object& value) const { call<void>("insert", index, value); }
  template <class T = Object>
  T pop(std::int64_t index = -1) const {
    return call<T>("pop", index);
  }
  void remove(const Object& value) const { call<void>("remove", value); }
  std::size_t index(const Object& value) const { return call<std::size_t>("index", value); }
  std::size_t count(const Object& value) const { return call<std::size_t>("count", value); }
  void reverse() const { call<void>("reverse"); }
  void sort(bool reverse = false) const { callmethod("sort", {}, reverse ? Dict{{"reverse", true}} : Dict()); }
  // A copy of all.
  List copy() const { return get(Slice{}); }
};

// [manager.namespace] Attributes by name. [manager.namespace.underscore] What begins with an underscore belongs to the proxy and its copies,
// not to the object: a proxy that is sent leaves it behind. Threads guard it themselves. Of another proxy it holds the value, object(), alone.
// AttributeError for what is not there.
class NamespaceProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit NamespaceProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  template <class T = Object>
  T get(std::string_view name) const {
    if (is_own(name)) return own_->get(name).template as<T>();
    return call<T>("__getattribute__", name);
  }
  void set(std::string_view name, const Object& value) const {
    if (is_own(name)) return own_->set(name, value);
    call<void>("__setattr__", name, value);
  }
  void erase(std::string_view name) const {
    if (is_own(name)) return own_->erase(name);
    call<void>("__delattr__", name);
  }

 private:
  static bool is_own(std::string_view name) { return name.starts_with('_'); }

  std::shared_ptr<proxy_internal::OwnAttributes> own_ = std::make_shared<proxy_internal::OwnAttributes>();
};

class ValueProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit ValueProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  template <class T = Object>
  T get() const {
    return call<T>("get");
  }
  void set(const Object& value) const { call<void>("set", value); }
};

class ArrayProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit ArrayProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  template <class T = Object>
  T get(std::int64_t index) const {
    return call<T>("__getitem__", index);
  }
  List get(const Slice& slice) const {
    return items_of_array(call("__getitem__", slice_object(slice))).value_or(List());
  }
  void set(std::int64_t index, const Object& value) const { call<void>("__setitem__", index, value); }
  std::size_t size() const { return call<std::size_t>("__len__"); }
};

// The iterator over a dict's keys. StopIteration at the end.
class IteratorProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit IteratorProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  template <class T = Object>
  T next() const {
    return call<T>("__next__");
  }
};

// [manager.lock] Of Lock, RLock, Semaphore and BoundedSemaphore; fits std::lock_guard. An RLock belongs to a thread of a client.
class AcquirerProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit AcquirerProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  bool acquire(bool block = true, Wait timeout = Wait::forever()) const {
    if (timeout.is_forever()) return call<bool>("acquire", block);
    return call<bool>("acquire", block, proxy_internal::seconds(timeout));
  }
  void release() const { call<void>("release"); }
  void lock() const { acquire(); }
  bool try_lock() const { return acquire(false); }
  void unlock() const { release(); }
};

class ConditionProxy : public AcquirerProxy {
 public:
  using AcquirerProxy::AcquirerProxy;

  bool wait(Wait timeout = Wait::forever()) const { return call<bool>("wait", proxy_internal::seconds(timeout)); }
  void notify(std::int64_t n = 1) const { call<void>("notify", n); }
  void notify_all() const { call<void>("notify_all"); }
  // The predicate runs here, while this thread has the lock.
  template <class Predicate>
  auto wait_for(Predicate predicate, Wait timeout = Wait::forever()) const {
    const platform::Deadline deadline = timeout.deadline();
    auto result = predicate();
    while (!result && !deadline.has_passed()) {
      wait(deadline.is_never() ? Wait::forever() : Wait(deadline.remaining()));
      result = predicate();
    }
    return result;
  }
};

class EventProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit EventProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  bool is_set() const { return call<bool>("is_set"); }
  void set() const { call<void>("set"); }
  void clear() const { call<void>("clear"); }
  bool wait(Wait timeout = Wait::forever()) const { return call<bool>("wait", proxy_internal::seconds(timeout)); }
};

class BarrierProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit BarrierProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  int wait(Wait timeout = Wait::forever()) const { return call<int>("wait", proxy_internal::seconds(timeout)); }
  void abort() const { call<void>("abort"); }
  void reset() const { call<void>("reset"); }
  int parties() const { return call<int>("__getattribute__", "parties"); }
  int n_waiting() const { return call<int>("__getattribute__", "n_waiting"); }
  bool broken() const { return call<bool>("__getattribute__", "broken"); }
};

// [manager.queue] Of Queue and JoinableQueue, which are the same in a manager.
class QueueProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit QueueProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  void put(const Object& item, bool block = true, Wait timeout = Wait::forever()) const {
    call<void>("put", item, block, proxy_internal::seconds(timeout));
  }
  template <class T = Object>
  T get(bool block = true, Wait timeout = Wait::forever()) const {
    return call<T>("get", block, proxy_internal::seconds(timeout));
  }
  void put_nowait(const Object& item) const { put(item, false); }
  template <class T = Object>
  T get_nowait() const {
    return get<T>(false);
  }
  std::size_t qsize() const { return call<std::size_t>("qsize"); }
  bool empty() const { return call<bool>("empty"); }
  bool full() const { return call<bool>("full"); }
  void task_done() const { call<void>("task_done"); }
  void join() const { call<void>("join"); }
};

}  // namespace mp

#endif  // REFERENCE_PROXIES_H_
