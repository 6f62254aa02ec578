#include "reference/async_result.h"

#include "reference/entry.h"
#include "reference/error.h"

namespace mp::pool_internal {

void Job::fail(std::size_t, std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
}

bool Job::count_down() { return left_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

void Job::finish() {
  call_back();
  {
    const std::lock_guard lock(mutex_);
    ready_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
}

bool Job::wait(platform::Deadline deadline) {
  if (ready()) return true;
  if (!deadline.has_passed()) {
    if (const auto pool = helper()) pool->help(ready_);
  }
  std::unique_lock lock(mutex_);
  const auto is_ready = [this] { return ready(); };
  if (deadline.is_never()) {
    changed_.wait(lock, is_ready);
    return true;
  }
  return is_ready() || (!deadline.has_passed() && changed_.wait_until(lock, deadline.when(), is_ready));
}

void Job::guard_callback(const std::function<void()>& call) { entry::exit_code_of("a callback of a pool", call); }

void report_error(const std::exception_ptr& error, const std::function<void(const std::exception&)>& call) {
  entry::exit_code_of("an error callback of a pool", [&] {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& known) {
      call(known);
    } catch (...) {
      call(RemoteError("an error that is no std::exception"));
    }
  });
}

void throw_late() { throw TimeoutError("the result did not come in time"); }
void throw_not_ready() { throw ValueError("the result is not there yet"); }

}  // namespace mp::pool_internal
