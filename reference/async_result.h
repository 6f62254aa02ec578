#ifndef REFERENCE_ASYNC_RESULT_H_
#define REFERENCE_ASYNC_RESULT_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/deadline.h"
#include "reference/wait.h"

namespace mp {

namespace pool_internal {

// Who runs jobs; asked for help by those who wait for one.
class Helper {
 public:
  virtual ~Helper() = default;
  // Looks for outcomes for some 40 us, or until `done`; takes in those that come.
  virtual void help(const std::atomic<bool>& done) = 0;
};

// A call of a pool: one task or more (chunks), of which each has one outcome, and who waits for them.
//
// Owns:    what became of its chunks.
// Shares:  itself, between its pool and those who wait.
// Threads: encode(), run() by the pool, for each chunk once; accept() and fail() likewise, in any order; the rest by anybody.
// Blocks:  wait() only.
// Throws:  encode() what the codec does.
class Job {
 public:
  explicit Job(std::size_t chunks) : left_(chunks) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;

  // The task of a chunk, for another process.
  virtual void encode(std::size_t chunk, std::vector<std::byte>& task) = 0;
  // Its result, as that process gave it. What cannot be decoded fails where it is asked for, not here.
  virtual void accept(std::size_t chunk, std::span<const std::byte> result) = 0;
  // Performs a chunk in this process.
  virtual void run(std::size_t chunk) = 0;
  virtual void fail(std::size_t chunk, std::exception_ptr error);

  // After accept(), run() or fail(): true when it was the last chunk, and finish() is due.
  virtual bool count_down();
  // Whether finish() calls somebody.
  virtual bool calls_back() const { return false; }
  // Calls back, and lets those go on who wait. A callback that throws harms nobody: its error is printed.
  void finish();

  // False: the time is over.
  bool wait(platform::Deadline deadline);
  bool ready() const { return ready_.load(std::memory_order_acquire); }
  // Once it is ready: null when all went well.
  const std::exception_ptr& error() const { return error_; }
  void set_helper(std::weak_ptr<Helper> helper) { helper_ = std::move(helper); }

 protected:
  virtual void call_back() {}
  std::shared_ptr<Helper> helper() const { return helper_.lock(); }
  static void guard_callback(const std::function<void()>& call);

  std::mutex mutex_;  // guards what follows, and what derived classes say
  std::condition_variable changed_;
  std::exception_ptr error_;  // the first that failed

 private:
  std::atomic<std::size_t> left_;
  std::atomic<bool> ready_ = false;
  std::weak_ptr<Helper> helper_;
};

// `void` as a value.
struct Nothing {
  friend bool operator==(Nothing, Nothing) = default;
};
template <class R>
using Stored = std::conditional_t<std::is_void_v<R>, Nothing, std::remove_cvref_t<std::conditional_t<std::is_void_v<R>, int, R>>>;

template <class R>
struct CallbackOf {
  using type = std::function<void(const R&)>;
};
template <>
struct CallbackOf<void> {
  using type = std::function<void()>;
};

void report_error(const std::exception_ptr& error, const std::function<void(const std::exception&)>& call);

}  // namespace pool_internal

// What a pool calls when a result is there; both in the pool's process, in the one thread of the pool that does this.
template <class R>
struct Callbacks {
  typename pool_internal::CallbackOf<R>::type callback = {};
  std::function<void(const std::exception&)> error_callback = {};
};

namespace pool_internal {

// A job that gives one value.
template <class R>
class ResultJob : public Job {
 public:
  ResultJob(std::size_t chunks, Callbacks<R> callbacks) : Job(chunks), callbacks_(std::move(callbacks)) {}

  // Once it is ready and nothing failed; decodes, so each call gives a value of its own.
  virtual R value() const = 0;
  bool calls_back() const override { return callbacks_.callback || callbacks_.error_callback; }

 protected:
  void call_back() override {
    if (error()) {
      if (callbacks_.error_callback) report_error(error(), callbacks_.error_callback);
      return;
    }
    if (!callbacks_.callback) return;
    if constexpr (std::is_void_v<R>) {
      guard_callback(callbacks_.callback);
    } else {
      guard_callback([this] { callbacks_.callback(value()); });
    }
  }

 private:
  Callbacks<R> callbacks_;
};

}  // namespace pool_internal

// The result of a call of a pool that did not wait for it.
//
// Owns:    a share of the result, also when the pool is gone.
// Shares:  copies are the same result. It does not travel to other processes.
// Threads: every method in any thread at once.
// Blocks:  get() and wait() until the result is there or the timeout is over. Looks for some 40 us before it sleeps. The end of the last copy
//          of a result that held proxies, until their servers answer.
// Throws:  TimeoutError from get(); ValueError from successful() before the result is there; what the call has thrown: the class of
//          the specification that it had, else RemoteError with its name and text; WorkerDied when the worker ended instead.
template <class R>
class AsyncResult {
 public:
  explicit AsyncResult(std::shared_ptr<pool_internal::ResultJob<R>> job) : job_(std::move(job)) {}

  R get(Wait timeout = Wait::forever()) const {
    demand(job_->wait(timeout.deadline()));
    if (job_->error()) std::rethrow_exception(job_->error());
    return job_->value();
  }
  void wait(Wait timeout = Wait::forever()) const { job_->wait(timeout.deadline()); }
  bool ready() const { return job_->ready(); }
  bool successful() const {
    demand_ready(ready());
    return !job_->error();
  }

 private:
  static void demand(bool in_time);
  static void demand_ready(bool ready);

  std::shared_ptr<pool_internal::ResultJob<R>> job_;
};

namespace pool_internal {
[[noreturn]] void throw_late();
[[noreturn]] void throw_not_ready();
}  // namespace pool_internal

template <class R>
void AsyncResult<R>::demand(bool in_time) {
  if (!in_time) pool_internal::throw_late();
}
template <class R>
void AsyncResult<R>::demand_ready(bool ready) {
  if (!ready) pool_internal::throw_not_ready();
}

}  // namespace mp

#endif  // REFERENCE_ASYNC_RESULT_H_
