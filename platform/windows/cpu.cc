#include "platform/cpu.h"

#include <windows.h>

#include <algorithm>
#include <bit>

namespace mp::platform {

int cpu_count() { return static_cast<int>(::GetActiveProcessorCount(ALL_PROCESSOR_GROUPS)); }

// A process that may run in several groups of 64 processors has no affinity that could be asked for: then it shows as zero.
int usable_cpu_count() {
  DWORD_PTR own = 0;
  DWORD_PTR all = 0;
  if (!::GetProcessAffinityMask(::GetCurrentProcess(), &own, &all) || own == 0) return std::max(1, cpu_count());
  return std::clamp(std::popcount(static_cast<unsigned long long>(own)), 1, std::max(1, cpu_count()));
}

}  // namespace mp::platform
