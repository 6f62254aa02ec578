#ifndef REFERENCE_CONTEXT_H_
#define REFERENCE_CONTEXT_H_

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "reference/process.h"
#include "reference/start_method.h"

namespace mp {

// Whoever calls one of the makers below includes the header of what it makes.
template <class T>
class Queue;
template <class T>
class JoinableQueue;
template <class T>
class SimpleQueue;
class Lock;
class RLock;
class Semaphore;
class BoundedSemaphore;
class Condition;
class Event;
class Barrier;

// The same names as the namespace, bound to one start method:
//
//   auto context = mp::get_context("spawn");
//   auto queue = context.Queue<int>();
//   auto process = context.Process(work, queue);
//
// Queues and locks of every context work in processes of every other: the method matters only to what starts processes.
//
// Owns:    nothing; a plain value.
// Shares:  nothing.
// Threads: any.
// Blocks:  never.
// Throws:  what the named things throw.
class Context {
 public:
  explicit Context(StartMethod method) : method_(method) {}

  template <class... A>
  ::mp::Process Process(A&&... arguments) const {
    return ::mp::Process(bound({}), std::forward<A>(arguments)...);
  }
  template <class... A>
  ::mp::Process Process(ProcessOptions options, A&&... arguments) const {
    return ::mp::Process(bound(std::move(options)), std::forward<A>(arguments)...);
  }

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
  template <class T = ::mp::Lock>
  T Lock() const {
    return T();
  }
  template <class T = ::mp::RLock>
  T RLock() const {
    return T();
  }
  template <class T = ::mp::Semaphore, class... A>
  T Semaphore(A... value) const {
    return T(value...);
  }
  template <class T = ::mp::BoundedSemaphore, class... A>
  T BoundedSemaphore(A... value) const {
    return T(value...);
  }
  template <class T = ::mp::Condition, class... A>
  T Condition(A&&... lock) const {
    return T(std::forward<A>(lock)...);
  }
  template <class T = ::mp::Event>
  T Event() const {
    return T();
  }
  template <class T = ::mp::Barrier, class... A>
  T Barrier(A&&... arguments) const {
    return T(std::forward<A>(arguments)...);
  }

  StartMethod start_method() const { return method_; }
  std::string get_start_method() const { return std::string(to_string(method_)); }
  std::vector<std::string> get_all_start_methods() const { return ::mp::get_all_start_methods(); }
  ::mp::Process& current_process() const { return ::mp::current_process(); }
  const ParentProcess* parent_process() const { return ::mp::parent_process(); }
  std::vector<::mp::Process> active_children() const { return ::mp::active_children(); }
  int cpu_count() const { return ::mp::cpu_count(); }
  void freeze_support(int argc, char** argv) const { ::mp::freeze_support(argc, argv); }

 private:
  ProcessOptions bound(ProcessOptions options) const {
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
