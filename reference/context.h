#ifndef REFERENCE_CONTEXT_H_
#define REFERENCE_CONTEXT_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/barrier.h"
#include "reference/condition.h"
#include "reference/connection.h"
#include "reference/event.h"
#include "reference/fork_server.h"
#include "reference/joinable_queue.h"
#include "reference/lock.h"
#include "reference/log.h"
#include "reference/manager.h"
#include "reference/pool.h"
#include "reference/process.h"
#include "reference/queue.h"
#include "reference/rlock.h"
#include "reference/semaphore.h"
#include "reference/shared_array.h"
#include "reference/shared_value.h"
#include "reference/simple_queue.h"
#include "reference/start_method.h"

namespace mp {

// The same names as the namespace, bound to one start method:
//
//   auto context = mp::get_context("spawn");
//   auto queue = context.Queue<int>();
//   auto process = context.Process(work, queue);
//   auto pool = context.Pool(4);
//
// Queues and locks of every context work in processes of every other: the method matters only to what starts processes.
//
// Owns:    nothing; a plain value.
// Shares:  nothing.
// Threads: any.
// Blocks:  as the named things do: Manager() until the server serves.
// Throws:  what the named things throw.
class Context {
 public:
  explicit Context(StartMethod method) : method_(method) {}

  // ---- What starts processes: by this method, whatever the options say.

  template <class... A>
  ::mp::Process Process(A&&... arguments) const {
    return ::mp::Process(bound(ProcessOptions()), std::forward<A>(arguments)...);
  }
  template <class... A>
  ::mp::Process Process(ProcessOptions options, A&&... arguments) const {
    return ::mp::Process(bound(std::move(options)), std::forward<A>(arguments)...);
  }
  ::mp::Pool Pool(PoolOptions options = {}) const { return ::mp::Pool(bound(std::move(options))); }
  ::mp::Pool Pool(int processes) const { return Pool(PoolOptions{.processes = processes}); }
  SyncManager Manager(ManagerOptions options = {}) const { return ::mp::Manager(bound(std::move(options))); }

  // ---- What processes share.

  template <class T, class... A>
  ::mp::Queue<T> Queue(A&&... arguments) const {
    return ::mp::Queue<T>(std::forward<A>(arguments)...);
  }
  template <class T, class... A>
  ::mp::JoinableQueue<T> JoinableQueue(A&&... arguments) const {
    return ::mp::JoinableQueue<T>(std::forward<A>(arguments)...);
  }
  template <class T, class... A>
  ::mp::SimpleQueue<T> SimpleQueue(A&&... arguments) const {
    return ::mp::SimpleQueue<T>(std::forward<A>(arguments)...);
  }
  std::pair<Connection, Connection> Pipe(bool duplex = true) const { return ::mp::Pipe(duplex); }

  ::mp::Lock Lock() const { return ::mp::Lock(); }
  ::mp::RLock RLock() const { return ::mp::RLock(); }
  template <class... A>
  ::mp::Semaphore Semaphore(A... value) const {
    return ::mp::Semaphore(value...);
  }
  template <class... A>
  ::mp::BoundedSemaphore BoundedSemaphore(A... value) const {
    return ::mp::BoundedSemaphore(value...);
  }
  template <class... A>
  ::mp::Condition Condition(A&&... lock) const {
    return ::mp::Condition(std::forward<A>(lock)...);
  }
  ::mp::Event Event() const { return ::mp::Event(); }
  template <class... A>
  ::mp::Barrier Barrier(A&&... arguments) const {
    return ::mp::Barrier(std::forward<A>(arguments)...);
  }

  // Value<int>() is zero, Value<double>(1), Value(1.5), Value<int>(0, lock).
  template <Shareable T>
  ::mp::Value<T> Value() const {
    return ::mp::Value<T>();
  }
  template <Shareable T>
  ::mp::Value<T> Value(const T& value) const {
    return ::mp::Value<T>(value);
  }
  template <Shareable T, class L>
  ::mp::Value<T, L> Value(const T& value, L lock) const {
    return ::mp::Value<T, L>(value, std::move(lock));
  }
  template <Shareable T>
  ::mp::RawValue<T> RawValue() const {
    return ::mp::RawValue<T>();
  }
  template <Shareable T>
  ::mp::RawValue<T> RawValue(const T& value) const {
    return ::mp::RawValue<T>(value);
  }
  // Array<int>(10) are zeros, Array<int>({1, 2, 3}), Array<int>(numbers), each with a lock or without.
  template <Shareable T, class L = ::mp::RLock>
  ::mp::Array<T, L> Array(std::int64_t size, L lock = L()) const {
    return ::mp::Array<T, L>(size, std::move(lock));
  }
  template <Shareable T, class L = ::mp::RLock>
  ::mp::Array<T, L> Array(std::initializer_list<T> values, L lock = L()) const {
    return ::mp::Array<T, L>(values, std::move(lock));
  }
  template <Shareable T, std::ranges::input_range R, class L = ::mp::RLock>
  ::mp::Array<T, L> Array(const R& values, L lock = L()) const {
    return ::mp::Array<T, L>(values, std::move(lock));
  }
  template <Shareable T>
  ::mp::RawArray<T> RawArray(std::int64_t size) const {
    return ::mp::RawArray<T>(size);
  }
  template <Shareable T>
  ::mp::RawArray<T> RawArray(std::initializer_list<T> values) const {
    return ::mp::RawArray<T>(values);
  }
  template <Shareable T, std::ranges::input_range R>
  ::mp::RawArray<T> RawArray(const R& values) const {
    return ::mp::RawArray<T>(values);
  }

  // ---- Start methods. That of a context is its own for good: setting it throws ValueError.

  StartMethod start_method() const { return method_; }
  std::string get_start_method() const { return std::string(to_string(method_)); }
  std::optional<std::string> get_start_method(bool) const { return get_start_method(); }
  [[noreturn]] void set_start_method(std::string_view method, bool force = false) const;
  [[noreturn]] void set_start_method(std::nullopt_t, bool force = false) const;
  std::vector<std::string> get_all_start_methods() const { return ::mp::get_all_start_methods(); }
  Context get_context() const { return *this; }
  Context get_context(std::string_view method) const;

  // ---- What is the same for all.

  ::mp::Process& current_process() const { return ::mp::current_process(); }
  const ParentProcess* parent_process() const { return ::mp::parent_process(); }
  std::vector<::mp::Process> active_children() const { return ::mp::active_children(); }
  int cpu_count() const { return ::mp::cpu_count(); }
  void freeze_support(int argc, char** argv) const { ::mp::freeze_support(argc, argv); }
  void set_executable(std::string path) const { ::mp::set_executable(std::move(path)); }
  void set_forkserver_preload(std::vector<PreloadFunction> functions) const {
    ::mp::set_forkserver_preload(std::move(functions));
  }
  Logger get_logger() const { return ::mp::get_logger(); }
  Logger log_to_stderr(std::optional<int> level = {}) const { return ::mp::log_to_stderr(level); }

 private:
  template <class Options>
  Options bound(Options options) const {
    options.start_method = method_;
    return options;
  }

  StartMethod method_;
};

// The context of that start method; throws ValueError for a name that is none here. The default method stays as it is.
Context get_context(std::string_view method);
// The context of the default method, which is fixed thereby.
Context get_context();

}  // namespace mp

#endif  // REFERENCE_CONTEXT_H_
