#ifndef PLATFORM_POSIX_PROCESS_STATUS_H_
#define PLATFORM_POSIX_PROCESS_STATUS_H_

#include <cstdint>
#include <optional>

namespace mp::platform {

// What the system tells about the process that has this number now.
struct ProcessStatus {
  bool has_ended;            // and nobody has waited for it yet
  std::uint64_t start_time;  // in units of the system's; never changes
};

// Nothing when there is none, or when the system does not tell of that one; of its own processes it must tell, as life.h rests on it.
// Any thread; never blocks, never throws.
std::optional<ProcessStatus> process_status(std::int64_t pid);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_PROCESS_STATUS_H_
