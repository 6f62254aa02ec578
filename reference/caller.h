#ifndef REFERENCE_CALLER_H_
#define REFERENCE_CALLER_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

#include "platform/deadline.h"

namespace mp {

// The client for whom a thread of a manager's server works. Whatever waits there waits with wait_for_caller(): a client that died
// frees its thread, and takes nothing that came for it afterwards: who has waited looks once more before it takes.
//
// Owns:    nothing but its function.
// Shares:  nothing.
// Threads: each thread has its own.
// Blocks:  wait_for_caller(), until the condition, the deadline, or the caller's end (which it sees within a tenth of a second).
// Throws:  CallerGone.
class Caller {
 public:
  explicit Caller(std::function<bool()> is_gone)
      : is_gone_(std::move(is_gone)), before_(std::exchange(current_, this)) {}
  ~Caller() { current_ = before_; }
  Caller(const Caller&) = delete;

  static bool current_is_gone() { return current_ != nullptr && current_->is_gone_(); }

 private:
  inline static thread_local Caller* current_ = nullptr;
  std::function<bool()> is_gone_;
  Caller* before_;
};

// No error of the model: nobody is there to be told.
struct CallerGone {};

// False: the deadline passed first. Who makes `condition` true notifies all: one who is woken may be leaving.
template <class Condition>
bool wait_for_caller(std::condition_variable& changed, std::unique_lock<std::mutex>& lock, platform::Deadline deadline,
                     Condition condition) {
  constexpr std::chrono::milliseconds kLook(100);
  while (!condition()) {
    if (deadline.has_passed()) return false;
    changed.wait_until(lock, platform::Deadline::after(kLook).or_earlier(deadline).when(), condition);
    lock.unlock();
    const bool is_gone = Caller::current_is_gone();
    lock.lock();
    if (is_gone) throw CallerGone();
  }
  return true;
}

}  // namespace mp

#endif  // REFERENCE_CALLER_H_
