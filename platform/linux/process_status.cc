#include "platform/posix/process_status.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace mp::platform {
namespace {

// The line of /proc/PID/stat: after the program's name, which may contain anything but ends with the last parenthesis,
// come the fields 3 (state), 20 (number of threads) and 22 (start time), see proc(5). A leader that has ended while other threads go on is
// shown as a zombie, too, but counts them.
std::optional<ProcessStatus> parse(const char* line) {
  const char* rest = std::strrchr(line, ')');
  char state;
  long threads;
  unsigned long long start_time;
  if (rest == nullptr ||
      std::sscanf(rest + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %*s %llu", &state,
                  &threads, &start_time) != 3) {
    return std::nullopt;
  }
  return ProcessStatus{(state == 'Z' || state == 'X') && threads <= 1, start_time};
}

}  // namespace

std::optional<ProcessStatus> process_status(std::int64_t pid) {
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

}  // namespace mp::platform
