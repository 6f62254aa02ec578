#include "platform/cpu.h"

#include <unistd.h>

#include <algorithm>

namespace mp::platform {

int cpu_count() { return std::max(0, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN))); }

// Nothing binds a process to a processor here, and there are no containers.
int usable_cpu_count() { return std::max(1, cpu_count()); }

}  // namespace mp::platform
