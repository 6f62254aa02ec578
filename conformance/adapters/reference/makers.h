#ifndef CONFORMANCE_ADAPTERS_REFERENCE_MAKERS_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_MAKERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/adapters/reference/adapter.h"
#include "reference/context.h"

// A context has the names of the module. What the adapter does with one of them is written once, as a function of where the name
// is taken from: `from.Lock()` is a lock of the module, or of a context, made by its own maker.
namespace mp::conformance {

// The namespace, as an object with the members of a Context.
struct Module {
  template <class... A>
  mp::Process Process(A&&... arguments) const {
    return mp::Process(std::forward<A>(arguments)...);
  }
  mp::Pool Pool(PoolOptions options) const { return mp::Pool(std::move(options)); }
  SyncManager Manager() const { return mp::Manager(); }

  template <class T, class... A>
  mp::Queue<T> Queue(A&&... arguments) const {
    return mp::Queue<T>(std::forward<A>(arguments)...);
  }
  template <class T, class... A>
  mp::JoinableQueue<T> JoinableQueue(A&&... arguments) const {
    return mp::JoinableQueue<T>(std::forward<A>(arguments)...);
  }
  template <class T>
  mp::SimpleQueue<T> SimpleQueue() const {
    return mp::SimpleQueue<T>();
  }
  std::pair<Connection, Connection> Pipe(bool duplex) const { return mp::Pipe(duplex); }

  mp::Lock Lock() const { return mp::Lock(); }
  mp::RLock RLock() const { return mp::RLock(); }
  mp::Semaphore Semaphore(std::int64_t value) const { return mp::Semaphore(value); }
  mp::BoundedSemaphore BoundedSemaphore(std::int64_t value) const { return mp::BoundedSemaphore(value); }
  template <class... A>
  mp::Condition Condition(A&&... lock) const {
    return mp::Condition(std::forward<A>(lock)...);
  }
  mp::Event Event() const { return mp::Event(); }
  template <class... A>
  mp::Barrier Barrier(A&&... arguments) const {
    return mp::Barrier(std::forward<A>(arguments)...);
  }

  template <class T>
  mp::Value<T> Value() const {
    return mp::Value<T>();
  }
  template <class T>
  mp::Value<T> Value(const T& value) const {
    return mp::Value<T>(value);
  }
  template <class T, class L>
  mp::Value<T, L> Value(const T& value, L lock) const {
    return mp::Value<T, L>(value, std::move(lock));
  }
  template <class T, class... A>
  mp::RawValue<T> RawValue(A&&... value) const {
    return mp::RawValue<T>(std::forward<A>(value)...);
  }
  template <class T, class Content, class L = mp::RLock>
  mp::Array<T, L> Array(const Content& size_or_initializer, L lock = L()) const {
    return mp::Array<T, L>(size_or_initializer, std::move(lock));
  }
  template <class T, class Content>
  mp::RawArray<T> RawArray(const Content& size_or_initializer) const {
    return mp::RawArray<T>(size_or_initializer);
  }

  std::optional<std::string> get_start_method(bool allow_none) const { return mp::get_start_method(allow_none); }
  void set_start_method(std::string_view method, bool force) const { mp::set_start_method(method, force); }
  void set_start_method(std::nullopt_t, bool force) const { mp::set_start_method(std::nullopt, force); }
  std::vector<std::string> get_all_start_methods() const { return mp::get_all_start_methods(); }
  Context get_context() const { return mp::get_context(); }
  Context get_context(std::string_view method) const { return mp::get_context(method); }

  mp::Process& current_process() const { return mp::current_process(); }
  const ParentProcess* parent_process() const { return mp::parent_process(); }
  std::vector<mp::Process> active_children() const { return mp::active_children(); }
  int cpu_count() const { return mp::cpu_count(); }
  void set_executable(std::string path) const { mp::set_executable(std::move(path)); }
  Logger get_logger() const { return mp::get_logger(); }
  Logger log_to_stderr(std::optional<int> level) const { return mp::log_to_stderr(level); }
};

namespace makers_internal {

template <class F>
void offer_from_context(Adapter& adapter, std::string_view signature, F function) {
  adapter.type<Context>("Context").method(
      signature, [function](Context& context, Args& args) { return function(std::as_const(context), args); });
}

}  // namespace makers_internal

// A class that contexts make as well: `make(from, args)` as that of Adapter::make.
template <class F>
void offer_class(Adapter& adapter, std::string_view signature, F make) {
  adapter.make(signature, [make](Args& args) { return make(Module(), args); });
  makers_internal::offer_from_context(adapter, signature, make);
}

// A function that contexts have as well.
template <class F>
void offer_function(Adapter& adapter, std::string_view signature, F function) {
  adapter.function(signature, [function](Args& args) { return function(Module(), args); });
  makers_internal::offer_from_context(adapter, signature, function);
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_MAKERS_H_
