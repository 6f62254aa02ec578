#ifndef PLATFORM_LINUX_FUTEX_H_
#define PLATFORM_LINUX_FUTEX_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>

#include "platform/deadline.h"
#include "platform/error.h"

// Sleeping on a word of shared memory: what a semaphore and a bell are made of here.
namespace mp::platform {

// A sleep is cut into slices, for the wake of one who died before he gave it.
inline constexpr auto kFutexSlice = std::chrono::milliseconds(200);

// Not FUTEX_PRIVATE_FLAG: the word is shared between processes.
inline long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* until) {
  return ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation, value, until, nullptr,
                   FUTEX_BITSET_MATCH_ANY);
}

// Sleeps while the word has that value, a slice at most. The kernel's own look at the word is a full barrier.
// FUTEX_WAIT_BITSET takes a point of CLOCK_MONOTONIC, which is the steady clock here.
inline void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value, Deadline deadline, const char* place) {
  const auto until = deadline.or_earlier(Deadline::after(kFutexSlice)).when().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until);
  const timespec point{seconds.count(), std::chrono::nanoseconds(until - seconds).count()};
  if (futex(word, FUTEX_WAIT_BITSET, value, &point) == 0) return;
  if (errno != EAGAIN && errno != EINTR && errno != ETIMEDOUT) {
    throw OsError(std::string("sleep at a ") + place, errno);
  }
}

inline void wake_sleepers(std::atomic<std::uint32_t>& word, int most, const char* place) {
  if (futex(word, FUTEX_WAKE, static_cast<std::uint32_t>(most), nullptr) < 0) {
    throw OsError(std::string("wake at a ") + place, errno);
  }
}

}  // namespace mp::platform

#endif  // PLATFORM_LINUX_FUTEX_H_
