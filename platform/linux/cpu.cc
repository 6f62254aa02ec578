#include "platform/cpu.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace mp::platform {
namespace {

// A kernel with more processors than a cpu_set_t has bits refuses it; then affinity limits nothing that we could see.
int affinity() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : cpu_count();
}

// The groups of this process form a path; each may have a quota of its own, "QUOTA PERIOD" in microseconds or "max PERIOD" in cpu.max.
// Only version 2 of the interface, where /proc/self/cgroup has one line that begins with "0::".
int container_quota(int most) {
  std::ifstream groups("/proc/self/cgroup");
  std::string path;
  while (std::getline(groups, path) && !path.starts_with("0::")) path.clear();
  if (path.empty()) return most;
  for (path.erase(0, 3);; path.erase(path.rfind('/'))) {
    std::ifstream limit("/sys/fs/cgroup" + path + "/cpu.max");
    double quota = 0;
    double period = 0;
    if (limit >> quota >> period && quota > 0 && period > 0) most = std::min(most, static_cast<int>(std::ceil(quota / period)));
    if (path.rfind('/') == std::string::npos) return most;
  }
}

}  // namespace

int cpu_count() { return std::max(0, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN))); }

int usable_cpu_count() { return std::max(1, container_quota(affinity())); }

}  // namespace mp::platform
