#include "platform/posix/process_status.h"

#include <sys/proc.h>
#include <sys/sysctl.h>

namespace mp::platform {

std::optional<ProcessStatus> process_status(std::int64_t pid) {
  int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(pid)};
  kinfo_proc found{};
  std::size_t size = sizeof(found);
  // Where there is no such process the call succeeds and fills nothing.
  if (::sysctl(name, 4, &found, &size, nullptr, 0) != 0 || size != sizeof(found)) return std::nullopt;
  const timeval& start = found.kp_proc.p_starttime;
  const auto microseconds =
      static_cast<std::uint64_t>(start.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(start.tv_usec);
  return ProcessStatus{found.kp_proc.p_stat == SZOMB, microseconds};
}

}  // namespace mp::platform
