#ifndef PLATFORM_LIFE_H_
#define PLATFORM_LIFE_H_

#include <atomic>
#include <cstdint>

namespace mp::platform {

// Names one process for as long as the machine is up: its number and the time of its start in one word, as numbers are
// used again. Zero names nobody, so that a word in shared memory can say who holds something.
using Life = std::uint64_t;

namespace life_internal {
extern std::atomic<Life> own;  // zero until asked for, and again in a forked child
Life find_own();
}  // namespace life_internal

// This process. Costs one load after the first call in a process.
inline Life own_life() {
  const Life own = life_internal::own.load(std::memory_order_relaxed);
  return own != 0 ? own : life_internal::find_own();
}

// True once that process has ended, whether or not its parent has waited for it. A process of which nothing can be
// found out counts as alive. Takes some 20 us; never blocks, never throws. The life must come from this machine and
// this process namespace.
bool is_over(Life life);

// The number of that process, for messages.
std::int64_t pid_of(Life life);

}  // namespace mp::platform

#endif  // PLATFORM_LIFE_H_
