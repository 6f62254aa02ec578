#include "platform/life.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

namespace mp::platform {
namespace {

// Numbers of processes are below 2^22, the ticks since the start of the machine below 2^42 for a thousand years.
constexpr int kPidShift = 42;

struct Status {
  char state;
  long threads;
  unsigned long long start_time;
};

// The line of /proc/PID/stat: after the program's name, which may contain anything but ends with the last parenthesis,
// come the fields 3 (state), 20 (number of threads) and 22 (start time), see proc(5).
std::optional<Status> parse(const char* line) {
  const char* rest = std::strrchr(line, ')');
  Status status{};
  if (rest == nullptr ||
      std::sscanf(rest + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %*s %llu",
                  &status.state, &status.threads, &status.start_time) != 3) {
    return std::nullopt;
  }
  return status;
}

std::optional<Status> status_of(std::int64_t pid) {
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/%lld/stat", static_cast<long long>(pid));
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  char line[1024];
  const ssize_t size = ::read(file, line, sizeof(line) - 1);
  ::close(file);
  if (size <= 0) return std::nullopt;
  line[size] = '\0';
  return parse(line);
}

// A leader that has ended while other threads go on is shown as a zombie, too, but counts them.
bool is_zombie(const Status& status) { return (status.state == 'Z' || status.state == 'X') && status.threads <= 1; }

void forget_own() { life_internal::own.store(0, std::memory_order_relaxed); }

const int forgotten_in_children = ::pthread_atfork(nullptr, nullptr, forget_own);

}  // namespace

namespace life_internal {

constinit std::atomic<Life> own = 0;

Life find_own() {
  (void)forgotten_in_children;
  const std::int64_t pid = ::getpid();
  const std::optional<Status> status = status_of(pid);
  const Life life = static_cast<Life>(pid) << kPidShift | (status ? status->start_time : 0);
  own.store(life, std::memory_order_relaxed);
  return life;
}

}  // namespace life_internal

std::int64_t pid_of(Life life) { return static_cast<std::int64_t>(life >> kPidShift); }

bool is_over(Life life) {
  const std::int64_t pid = pid_of(life);
  // Where there is no /proc, the number has to be enough.
  if (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) return true;
  const std::optional<Status> status = status_of(pid);
  if (!status) return false;
  const Life start_time = life & ((Life{1} << kPidShift) - 1);
  return is_zombie(*status) || (start_time != 0 && status->start_time != start_time);
}

}  // namespace mp::platform
