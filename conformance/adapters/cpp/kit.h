#ifndef CONFORMANCE_ADAPTERS_CPP_KIT_H_
#define CONFORMANCE_ADAPTERS_CPP_KIT_H_

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>

#include "conformance/adapters/cpp/args.h"
#include "conformance/adapters/cpp/handles.h"
#include "conformance/protocol/message.h"

// With this a C++ author plugs an implementation into the suite: an adapter is a list of names, each with a few lines of C++.
//
//   Adapter adapter({.about = ..., .error = ...});
//   Type<Queue> queue = adapter.type<Queue>("Queue");
//   queue.make("Queue(maxsize=0)", [](Args& a) { return Queue(a.integer("maxsize")); });
//   queue.method("put(obj, block=True, timeout=None)", [](Queue& q, Args& a) { q.put(a["obj"], a.flag("block"), a.seconds("timeout")); });
//   return adapter.main();
//
// See README.md, and toy.cc for one class offered in full.
namespace mp::conformance {

class Adapter;

// One call on its way to the implementation.
//
// Owns:    the arguments.
// Shares:  the object that it is made on, until it ends.
// Threads: one.
// Blocks:  as long as the implementation does.
// Throws:  what the implementation throws.
class Call {
 public:
  using Action = std::function<Value(Call&)>;

  Call(std::optional<Kept> on, Args args) : args(std::move(args)), on_(std::move(on)) {}

  template <class T>
  T& self() {
    return *on_->as<T>();
  }
  // Of a method or an attribute.
  const Kept& on() const { return *on_; }
  // In an override: what would have happened without it, with the arguments as they are now.
  Value original() { return (*original_)(*this); }

  Args args;

 private:
  friend class Adapter;

  std::optional<Kept> on_;
  const Action* original_ = nullptr;
};

namespace kit_internal {

template <class T>
struct IsShared : std::false_type {};
template <class T>
struct IsShared<std::shared_ptr<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

// What a function of the adapter returned, as a value: nothing is None, what is no value becomes an object with a handle.
template <class R>
Value wrap(Handles& handles, R&& result) {
  using Plain = std::remove_cvref_t<R>;
  if constexpr (std::is_convertible_v<R&&, Value>) {
    return std::forward<R>(result);
  } else if constexpr (IsShared<Plain>::value) {
    return result == nullptr ? Value() : handles.keep(std::forward<R>(result));
  } else if constexpr (IsOptional<Plain>::value) {
    return result ? wrap(handles, *std::forward<R>(result)) : Value();
  } else {
    return handles.keep(std::make_shared<Plain>(std::forward<R>(result)));
  }
}

template <class F, class... A>
Value call_and_wrap(Handles& handles, F& function, A&... arguments) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, A&...>>) {
    function(arguments...);
    return None;
  } else {
    return wrap(handles, function(arguments...));
  }
}

struct Entry {
  Signature signature;
  Call::Action action;
};
using Entries = std::map<std::string, Entry, std::less<>>;

// The entry for all names that have none of their own.
inline constexpr std::string_view kAny = "__any__";

struct Table {
  std::string name;
  Entries methods, getters, setters;
};

}  // namespace kit_internal

// What can be asked of the objects of class T. Functions get the object and the arguments; what they return travels by value
// if it is one, else as a new object. A shared_ptr is the same object with the same handle each time.
//
// Owns: nothing. Shares: the adapter's tables. Threads: one, before the adapter serves. Blocks: never.
// Throws: std::logic_error for a signature that cannot be read.
template <class T>
class Type {
 public:
  // F(Args&) gives a T, a shared_ptr<T>, or a value (Pipe: a tuple). Also for other classes that are T to their user.
  template <class F>
  Type& make(std::string_view signature, F function);
  // F(T&, Args&).
  template <class F>
  Type& method(std::string_view signature, F function) {
    return add(&kit_internal::Table::methods, signature, function);
  }
  // F(T&, Args&), where Args are empty.
  template <class F>
  Type& get(std::string_view name, F function) {
    return add(&kit_internal::Table::getters, std::string(name) + "()", function);
  }
  // F(T&, Args&), where Args have one: "value".
  template <class F>
  Type& set(std::string_view name, F function) {
    return add(&kit_internal::Table::setters, std::string(name) + "(value)", function);
  }
  // Attributes that the object looks up itself: F(T&, Args&), where Args have "name", and "value" for the one that writes.
  template <class F>
  Type& get_any(F function) {
    return add(&kit_internal::Table::getters, std::string(kit_internal::kAny) + "(name)", function);
  }
  template <class F>
  Type& set_any(F function) {
    return add(&kit_internal::Table::setters, std::string(kit_internal::kAny) + "(name, value)", function);
  }

 private:
  friend class Adapter;
  Type(Adapter& adapter, kit_internal::Table& table) : adapter_(adapter), table_(table) {}

  template <class F>
  Type& add(kit_internal::Entries kit_internal::Table::*entries, std::string_view text, F function) {
    Signature signature(text);
    const std::string name = signature.name();
    (table_.*entries).insert_or_assign(name, kit_internal::Entry{std::move(signature), [function](Call& call) mutable {
      return kit_internal::call_and_wrap(call.args.handles(), function, call.self<T>(), call.args);
    }});
    return *this;
  }

  Adapter& adapter_;
  kit_internal::Table& table_;
};

// What the implementer says besides the lists.
struct Implementer {
  Implementation about;  // the kit fills in an empty platform
  // Names and words of what the implementation threw.
  std::function<Error(const std::exception&)> error;
  // Throws the implementation's error of that canonical name.
  std::function<void(const std::string& name, const std::string& text)> raise;
  // Ends the process as sys.exit(value) does, mostly by throwing; the value is None, an integer or a string.
  std::function<void(const Value& value)> exit;
  std::function<void(const std::string& method)> set_start_method;
};

// The objects and words with which a child says hello.
struct Greeting {
  std::string actor;
  Values args;
  Kwargs kwargs;
};

// An implementation as the protocol sees it: lists of classes, methods, attributes and functions, and the service of a line.
//
// Owns:    the lists.
// Shares:  nothing; each main() and serve() has its own line and its own handles.
// Threads: filled by one, before it serves; then it does not change.
// Blocks:  main() and serve() until bye.
// Throws:  std::logic_error while it is filled.
class Adapter {
 public:
  explicit Adapter(Implementer implementer) : implementer_(std::move(implementer)) {}
  Adapter(const Adapter&) = delete;

  template <class T>
  Type<T> type(std::string_view name) {
    return Type<T>(*this, tables_.try_emplace(std::type_index(typeid(T)), kit_internal::Table{std::string(name), {}, {}, {}}).first->second);
  }
  // F(Args&): a class whose objects are no new type, or no object at all.
  template <class F>
  void make(std::string_view signature, F function) {
    add(makers_, signature, std::move(function));
  }
  // F(Args&): a function of the module.
  template <class F>
  void function(std::string_view signature, F function) {
    add(functions_, signature, std::move(function));
  }

  // Puts an action in the place of one entry: "Queue()" (making one), "Queue.put", "Process.exitcode", "Process.name=" (writing
  // it), "cpu_count". For mutants: the product has no hooks. An entry that does not exist is a std::logic_error.
  void override_entry(std::string_view entry, Call::Action action);

  // The same from within an adapter (a context offers the classes as methods, `call` runs a method in a child).
  Value make_object(const std::string& name, const Values& args, const Kwargs& kwargs, Handles& handles) const;
  Value call_function(const std::string& name, const Values& args, const Kwargs& kwargs, Handles& handles) const;
  Value call_method(Handle on, const std::string& name, const Values& args, const Kwargs& kwargs, Handles& handles) const;

  // The main process: connects to CONFORM_ADDRESS, says hello, serves until bye, and ends as it says. Returns the exit status.
  int main() const;
  // A child: the same on a line of its own. `greet` keeps the objects that came with it. Returns what bye wants returned; if that
  // is an object, behind a handle of `returned`.
  Value serve(const std::function<Greeting(Handles&)>& greet, Handles* returned = nullptr) const;

  const Implementer& implementer() const { return implementer_; }

 private:
  friend class Session;
  template <class T>
  friend class Type;

  template <class F>
  void add(kit_internal::Entries& entries, std::string_view text, F function) {
    Signature signature(text);
    const std::string name = signature.name();
    entries.insert_or_assign(name, kit_internal::Entry{std::move(signature), [function](Call& call) mutable {
      return kit_internal::call_and_wrap(call.args.handles(), function, call.args);
    }});
  }
  kit_internal::Entry& find_entry(std::string_view name);
  Value access(Handle on, const std::string& name, const Value* value, Handles& handles) const;
  Value leave(const Exit& exit) const;

  Implementer implementer_;
  std::map<std::type_index, kit_internal::Table> tables_;
  kit_internal::Entries makers_;
  kit_internal::Entries functions_;
};

template <class T>
template <class F>
Type<T>& Type<T>::make(std::string_view signature, F function) {
  adapter_.make(signature, std::move(function));
  return *this;
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_KIT_H_
