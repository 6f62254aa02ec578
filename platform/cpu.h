#ifndef PLATFORM_CPU_H_
#define PLATFORM_CPU_H_

namespace mp::platform {

// The logical processors of the machine that are switched on; 0 when the system does not tell.
int cpu_count();

// Those that this process may use, as far as the system says: its affinity, and the quota of its container, rounded up. At least 1.
int usable_cpu_count();

}  // namespace mp::platform

#endif  // PLATFORM_CPU_H_
