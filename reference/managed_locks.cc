#include <algorithm>
#include <atomic>
#include <chrono>

#include "reference/caller.h"
#include "reference/error.h"
#include "reference/managed.h"
#include "reference/wait.h"

namespace mp::managed {
namespace {

using platform::Deadline;
using Seconds = std::chrono::duration<double>;

// The system uses its own numbers again: who came after a dead owner would be the owner.
std::uint64_t this_thread() {
  static std::atomic<std::uint64_t> last = 0;
  static thread_local const std::uint64_t number = ++last;
  return number;
}

// acquire() of the two locks, where -1 is for ever.
template <class L>
bool acquire(L& lock, std::optional<bool> blocking, std::optional<double> timeout) {
  const double seconds = timeout.value_or(-1);
  if (!blocking.value_or(true)) {
    if (seconds != -1) throw ValueError("can't specify a timeout for a non-blocking call");
    return lock.acquire(false, Deadline::passed());
  }
  if (seconds < 0 && seconds != -1) throw ValueError("timeout value must be a non-negative number");
  return lock.acquire(true, seconds < 0 ? Deadline::never() : deadline_of(seconds));
}

template <class L>
Class<L> describe_lock(const char* name) {
  return Class<L>(name)
      .method("acquire(blocking, timeout)",
              [](L& lock, std::optional<bool> blocking, std::optional<double> timeout) {
                return acquire(lock, blocking, timeout);
              })
      .method("release()", [](L& lock) { lock.release(); });
}

template <class S>
Class<S> describe_semaphore(const char* name) {
  return Class<S>(name)
      .template constructor<std::optional<std::int64_t>>("(value)")
      .method("acquire(blocking, timeout)",
              [](S& self, std::optional<bool> blocking, std::optional<double> timeout) {
                return self.acquire(blocking, timeout);
              })
      .method("release(n)", [](S& self, std::optional<std::int64_t> n) { self.release(n); })
      .exposed({"acquire", "release"});
}

}  // namespace

Deadline deadline_of(std::optional<double> timeout) {
  return timeout ? Wait(Seconds(*timeout)).deadline() : Deadline::never();
}

// ---- Lock ----

Class<Lock> Lock::describe() { return describe_lock<Lock>("lock").exposed({"acquire", "release"}); }

bool Lock::acquire(bool blocking, Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (!blocking && locked_) return false;
  if (!wait_for_caller(changed_, lock, deadline, [&] { return !locked_; })) return false;
  return locked_ = true;
}

void Lock::release() {
  const std::lock_guard lock(mutex_);
  if (!locked_) throw RuntimeError("release unlocked lock");
  locked_ = false;
  changed_.notify_all();
}

// As threading.Condition sees a lock that knows no owner.
bool Lock::is_owned() {
  const std::lock_guard lock(mutex_);
  return locked_;
}

std::uint64_t Lock::release_save() {
  release();
  return 1;
}

void Lock::acquire_restore(std::uint64_t) {
  std::unique_lock lock(mutex_);
  wait_for_caller(changed_, lock, Deadline::never(), [&] { return !locked_; });
  locked_ = true;
}

// ---- RLock ----

Class<RLock> RLock::describe() { return describe_lock<RLock>("RLock").exposed({"acquire", "release"}); }

bool RLock::acquire(bool blocking, Deadline deadline) {
  std::unique_lock lock(mutex_);
  const std::uint64_t self = this_thread();
  if (depth_ == 0 || owner_ != self) {
    if (!blocking && depth_ != 0) return false;
    if (!wait_for_caller(changed_, lock, deadline, [&] { return depth_ == 0; })) return false;
    owner_ = self;
  }
  ++depth_;
  return true;
}

void RLock::release() {
  const std::lock_guard lock(mutex_);
  if (depth_ == 0 || owner_ != this_thread()) throw RuntimeError("cannot release un-acquired lock");
  if (--depth_ == 0) changed_.notify_all();
}

bool RLock::is_owned() {
  const std::lock_guard lock(mutex_);
  return depth_ != 0 && owner_ == this_thread();
}

std::uint64_t RLock::release_save() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t depth = std::exchange(depth_, 0);
  changed_.notify_all();
  return depth;
}

void RLock::acquire_restore(std::uint64_t depth) {
  std::unique_lock lock(mutex_);
  wait_for_caller(changed_, lock, Deadline::never(), [&] { return depth_ == 0; });
  owner_ = this_thread();
  depth_ = depth;
}

// ---- Semaphore ----

Class<Semaphore> Semaphore::describe() { return describe_semaphore<Semaphore>("Semaphore"); }
Class<BoundedSemaphore> BoundedSemaphore::describe() {
  return describe_semaphore<BoundedSemaphore>("BoundedSemaphore");
}

Semaphore::Semaphore(std::optional<std::int64_t> value) : Semaphore(value, false) {}

Semaphore::Semaphore(std::optional<std::int64_t> value, bool bounded) : value_(value.value_or(1)) {
  if (value_ < 0) throw ValueError("semaphore initial value must be >= 0");
  if (bounded) bound_ = value_;
}

bool Semaphore::acquire(std::optional<bool> blocking, std::optional<double> timeout) {
  if (!blocking.value_or(true)) {
    if (timeout) throw ValueError("can't specify timeout for non-blocking acquire");
    timeout = 0;
  }
  std::unique_lock lock(mutex_);
  if (!wait_for_caller(changed_, lock, deadline_of(timeout), [&] { return value_ > 0; })) return false;
  --value_;
  return true;
}

void Semaphore::release(std::optional<std::int64_t> n) {
  const std::int64_t more = n.value_or(1);
  if (more < 1) throw ValueError("n must be one or more");
  const std::lock_guard lock(mutex_);
  if (more > INT64_MAX - value_ || (bound_ && value_ + more > *bound_))
    throw ValueError("Semaphore released too many times");
  value_ += more;
  changed_.notify_all();
}

// ---- Condition ----

Class<Condition> Condition::describe() {
  return Class<Condition>("Condition")
      .method("acquire(blocking, timeout)",
              [](Condition& self, std::optional<bool> blocking, std::optional<double> timeout) {
                return managed::acquire(self.lock(), blocking, timeout);
              })
      .method("release()", [](Condition& self) { self.lock().release(); })
      .method("wait(timeout)", &Condition::wait)
      .method("notify(n)", &Condition::notify)
      .method("notify_all()", &Condition::notify_all)
      .exposed({"acquire", "release", "wait", "notify", "notify_all"});
}

void Condition::demand_owned(const char* what) {
  if (!lock_->is_owned()) throw RuntimeError(std::string("cannot ") + what + " on un-acquired lock");
}

bool Condition::wait(std::optional<double> timeout) {
  demand_owned("wait");
  std::unique_lock lock(mutex_);
  bool notified = false;
  waiting_.push_back(&notified);
  try {
    // The place in the queue is taken before the lock is given up: no notification can come between.
    const std::uint64_t depth = lock_->release_save();
    wait_for_caller(changed_, lock, deadline_of(timeout), [&] { return notified; });
    std::erase(waiting_, &notified);
    lock.unlock();
    lock_->acquire_restore(depth);
  } catch (...) {
    // The client died while it waited, for a notification or for the lock; or the lock was not its own, and is free.
    if (!lock) lock.lock();
    std::erase(waiting_, &notified);
    if (notified) wake(1);  // somebody else gets what came for the dead
    throw;
  }
  return notified;
}

void Condition::wake(std::int64_t n) {
  for (; n > 0 && !waiting_.empty(); --n) {
    *waiting_.front() = true;
    waiting_.pop_front();
  }
  changed_.notify_all();
}

void Condition::notify(std::optional<std::int64_t> n) {
  demand_owned("notify");
  const std::lock_guard lock(mutex_);
  wake(n.value_or(1));
}

void Condition::notify_all() { notify(INT64_MAX); }

// ---- Event ----

Class<Event> Event::describe() {
  return Class<Event>("Event")
      .method("is_set()", &Event::is_set)
      .method("set()", &Event::set)
      .method("clear()", &Event::clear)
      .method("wait(timeout)", &Event::wait);
}

bool Event::is_set() {
  const std::lock_guard lock(mutex_);
  return set_;
}

void Event::set() {
  const std::lock_guard lock(mutex_);
  set_ = true;
  ++sets_;
  changed_.notify_all();
}

void Event::clear() {
  const std::lock_guard lock(mutex_);
  set_ = false;
}

bool Event::wait(std::optional<double> timeout) {
  std::unique_lock lock(mutex_);
  const std::uint64_t before = sets_;
  return wait_for_caller(changed_, lock, deadline_of(timeout), [&] { return set_ || sets_ != before; });
}

// ---- Barrier ----

Class<Barrier> Barrier::describe() {
  Class<Barrier> described("Barrier");
  described.method("wait(timeout)", &Barrier::wait)
      .method("abort()", &Barrier::abort)
      .method("reset()", &Barrier::reset)
      .method("__getattribute__(name)", &Barrier::attribute)
      .exposed({"__getattribute__", "wait", "abort", "reset"});
  // An action would be a function of the client's program, which this one does not have.
  return described.constructor<std::int64_t, std::optional<Object>, std::optional<double>>(
      "(parties, action, timeout)");
}

Barrier::Barrier(std::int64_t parties, std::optional<Object> action, std::optional<double> timeout)
    : parties_(parties), timeout_(timeout) {
  if (action && !action->is_none()) throw TypeError("the action of a managed barrier cannot be called in the server");
  if (parties < 1) throw ValueError("parties must be >= 1");
}

std::int64_t Barrier::wait(std::optional<double> timeout) {
  const Deadline deadline = deadline_of(timeout ? timeout : timeout_);
  std::unique_lock lock(mutex_);
  const auto is_busy = [&] { return state_ == State::kDraining || state_ == State::kResetting; };
  wait_for_caller(changed_, lock, Deadline::never(), [&] { return !is_busy(); });
  if (state_ == State::kBroken) throw BrokenBarrierError("");
  const std::int64_t index = count_++;
  if (count_ == parties_) {
    state_ = State::kDraining;
    changed_.notify_all();
    leave();
    return index;
  }
  try {
    if (!wait_for_caller(changed_, lock, deadline, [&] { return state_ != State::kFilling; })) break_it();
  } catch (const CallerGone&) {  // the others would wait for ever for the dead
    break_it();
    leave();
    throw;
  }
  const bool passed = state_ == State::kDraining;
  leave();
  if (!passed) throw BrokenBarrierError("");
  return index;
}

void Barrier::leave() {
  if (--count_ > 0 || (state_ != State::kDraining && state_ != State::kResetting)) return;
  state_ = State::kFilling;
  changed_.notify_all();
}

void Barrier::break_it() {
  state_ = State::kBroken;
  changed_.notify_all();
}

void Barrier::abort() {
  const std::lock_guard lock(mutex_);
  break_it();
}

void Barrier::reset() {
  const std::lock_guard lock(mutex_);
  if (count_ == 0) {
    state_ = State::kFilling;
  } else if (state_ == State::kFilling || state_ == State::kBroken) {
    state_ = State::kResetting;
  }
  changed_.notify_all();
}

Object Barrier::attribute(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (name == "parties") return parties_;
  if (name == "n_waiting") return state_ == State::kFilling ? count_ : 0;
  if (name == "broken") return state_ == State::kBroken;
  throw AttributeError("'Barrier' object has no attribute '" + name + "'");
}

}  // namespace mp::managed
