#ifndef REFERENCE_MANAGED_H_
#define REFERENCE_MANAGED_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "platform/deadline.h"
#include "reference/object.h"
#include "reference/referent.h"

// What a SyncManager's server keeps: the containers and the locks of one process, by the rules of Python's list, dict, queue and
// threading. A program that serves a manager itself may use them from its own threads, too.
namespace mp::managed {

// The end of a wait for so many seconds; without a number there is none.
platform::Deadline deadline_of(std::optional<double> timeout);

// What str(proxy) shows at most, in bytes: a value that shares its parts can be longer in print than any memory.
inline constexpr std::size_t kMostPrinted = std::size_t{1} << 24;

// All of these:
//
// Owns:    its content.
// Shares:  nothing; clients reach it through a server.
// Threads: every method in any thread at once.
// Blocks:  acquire, wait, get, put and join until their timeout and no longer; for a client that died a tenth of a second at most.
// Throws:  as the class of that name in Python does. CallerGone for a client that died while it waited.

class List {
 public:
  static Class<List> describe();

  List() = default;
  // Of anything that can be iterated over.
  explicit List(std::optional<Object> iterable);

  mp::List items() const;

 private:
  mutable std::mutex mutex_;
  mp::List items_;
};

class Dict {
 public:
  static Class<Dict> describe();

  Dict() = default;
  // Of a dict or of pairs, and of names.
  explicit Dict(const Arguments& arguments);

  mp::Dict entries() const;

 private:
  mutable std::mutex mutex_;
  mp::Dict entries_;
};

class Namespace {
 public:
  static Class<Namespace> describe();
  explicit Namespace(const Arguments& arguments);

 private:
  mutable std::mutex mutex_;
  mp::Dict attributes_;
};

class Value {
 public:
  static Class<Value> describe();
  Value(std::string typecode, Object value, const std::optional<Object>& = {})
      : typecode_(std::move(typecode)), value_(std::move(value)) {}

 private:
  mutable std::mutex mutex_;
  const std::string typecode_;
  Object value_;
};

// Of numbers of one C type, as array.array.
class Array {
 public:
  static Class<Array> describe();
  Array(std::string typecode, const Object& sequence, const std::optional<Object>& lock = {});

 private:
  mutable std::mutex mutex_;
  const std::string typecode_;
  mp::List items_;
};

// Over a copy of what was there when it was made, or over what a function gives: StopIteration at its end, called by many at once.
class Iterator {
 public:
  static Class<Iterator> describe();
  explicit Iterator(mp::List items);
  explicit Iterator(std::function<Object()> next) : next_(std::move(next)) {}

 private:
  const std::function<Object()> next_;
};

// A lock as a Condition uses it.
class Mutex {
 public:
  virtual ~Mutex() = default;
  virtual bool acquire(bool blocking, platform::Deadline deadline) = 0;
  virtual void release() = 0;
  virtual bool is_owned() = 0;
  // Gives it up whole, however often it is held, and takes it back so.
  virtual std::uint64_t release_save() = 0;
  // CallerGone: it was not taken.
  virtual void acquire_restore(std::uint64_t depth) = 0;
};

class Lock : public Mutex {
 public:
  static Class<Lock> describe();
  bool acquire(bool blocking, platform::Deadline deadline) override;
  void release() override;
  bool is_owned() override;
  std::uint64_t release_save() override;
  void acquire_restore(std::uint64_t depth) override;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool locked_ = false;
};

// Its owner is a thread of the server, of which each thread of a client has one of its own; by a number that is not used again.
class RLock : public Mutex {
 public:
  static Class<RLock> describe();
  bool acquire(bool blocking, platform::Deadline deadline) override;
  void release() override;
  bool is_owned() override;
  std::uint64_t release_save() override;
  void acquire_restore(std::uint64_t depth) override;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t owner_ = 0;
  std::uint64_t depth_ = 0;
};

class Semaphore {
 public:
  static Class<Semaphore> describe();
  explicit Semaphore(std::optional<std::int64_t> value);

  bool acquire(std::optional<bool> blocking, std::optional<double> timeout);
  void release(std::optional<std::int64_t> n);

 protected:
  Semaphore(std::optional<std::int64_t> value, bool bounded);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t value_;
  std::optional<std::int64_t> bound_;
};

class BoundedSemaphore : public Semaphore {
 public:
  static Class<BoundedSemaphore> describe();
  explicit BoundedSemaphore(std::optional<std::int64_t> value) : Semaphore(value, true) {}
};

class Condition {
 public:
  static Class<Condition> describe();
  explicit Condition(std::shared_ptr<Mutex> lock) : lock_(std::move(lock)) {}

  Mutex& lock() { return *lock_; }
  bool wait(std::optional<double> timeout);
  void notify(std::optional<std::int64_t> n);
  void notify_all();

 private:
  void demand_owned(const char* what);
  void wake(std::int64_t n);  // with the mutex

  const std::shared_ptr<Mutex> lock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<bool*> waiting_;  // oldest first; true: was notified, and is no longer in here
};

class Event {
 public:
  static Class<Event> describe();
  bool is_set();
  void set();
  void clear();
  bool wait(std::optional<double> timeout);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
  std::uint64_t sets_ = 0;  // a waiter of an earlier number returns True, whatever came after
};

class Barrier {
 public:
  static Class<Barrier> describe();
  Barrier(std::int64_t parties, std::optional<Object> action = {}, std::optional<double> timeout = {});

  std::int64_t wait(std::optional<double> timeout);
  void abort();
  void reset();
  Object attribute(const std::string& name);

 private:
  enum class State { kFilling, kDraining, kResetting, kBroken };

  void leave();
  void break_it();

  const std::int64_t parties_;
  const std::optional<double> timeout_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kFilling;
  std::int64_t count_ = 0;
};

class Queue {
 public:
  static Class<Queue> describe();
  explicit Queue(std::optional<std::int64_t> maxsize = {}) : maxsize_(maxsize.value_or(0)) {}

  void put(Object item, std::optional<bool> block = {}, std::optional<double> timeout = {});
  Object get(std::optional<bool> block = {}, std::optional<double> timeout = {});
  std::int64_t qsize();
  bool empty() { return qsize() == 0; }
  bool full() { return maxsize_ > 0 && qsize() >= maxsize_; }
  void task_done();
  void join();

 private:
  const std::int64_t maxsize_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Object> items_;
  std::int64_t unfinished_ = 0;
};

}  // namespace mp::managed

#endif  // REFERENCE_MANAGED_H_
