#include "platform/life.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "platform/posix/life_of.h"
#include "platform/posix/process_status.h"

namespace mp::platform {
namespace {

// Numbers of processes are below 2^22. Of the start time, the lower bits are enough: ticks since the start of the machine do for a thousand
// years (Linux), microseconds repeat themselves after fifty days (macOS), and the same number would have to come back in that very one.
constexpr int kPidShift = 42;
constexpr Life kStartMask = (Life{1} << kPidShift) - 1;

void forget_own() { life_internal::own.store(0, std::memory_order_relaxed); }

const int forgotten_in_children = ::pthread_atfork(nullptr, nullptr, forget_own);

}  // namespace

namespace life_internal {

constinit std::atomic<Life> own = 0;

Life find_own() {
  (void)forgotten_in_children;
  const Life life = life_of(::getpid());
  own.store(life, std::memory_order_relaxed);
  return life;
}

}  // namespace life_internal

Life life_of(std::int64_t pid) {
  const std::optional<ProcessStatus> status = process_status(pid);
  return static_cast<Life>(pid) << kPidShift | (status ? status->start_time & kStartMask : 0);
}

std::int64_t pid_of(Life life) { return static_cast<std::int64_t>(life >> kPidShift); }

bool is_over(Life life) {
  const std::int64_t pid = pid_of(life);
  // Where the system tells no more (no /proc), the number has to be enough.
  if (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) return true;
  const std::optional<ProcessStatus> status = process_status(pid);
  if (!status) return false;
  const Life start_time = life & kStartMask;
  return status->has_ended || (start_time != 0 && (status->start_time & kStartMask) != start_time);
}

}  // namespace mp::platform
