#include "platform/posix/word.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string>

#include "platform/error.h"

namespace mp::platform {
namespace {

// Not FUTEX_PRIVATE_FLAG: the word is shared between processes.
long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* until) {
  return ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation, value, until, nullptr,
                   FUTEX_BITSET_MATCH_ANY);
}

void wake(std::atomic<std::uint32_t>& word, int most, const char* place) {
  if (futex(word, FUTEX_WAKE, static_cast<std::uint32_t>(most), nullptr) < 0) {
    throw OsError(std::string("wake at a ") + place, errno);
  }
}

}  // namespace

// FUTEX_WAIT_BITSET takes a point of CLOCK_MONOTONIC, which is the steady clock here.
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value, Deadline deadline, const char* place) {
  const auto until = deadline.or_earlier(Deadline::after(kWordSlice)).when().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until);
  const timespec point{seconds.count(), std::chrono::nanoseconds(until - seconds).count()};
  if (futex(word, FUTEX_WAIT_BITSET, value, &point) == 0) return;
  if (errno != EAGAIN && errno != EINTR && errno != ETIMEDOUT) {
    throw OsError(std::string("sleep at a ") + place, errno);
  }
}

void wake_one_sleeper(std::atomic<std::uint32_t>& word, const char* place) { wake(word, 1, place); }

void wake_all_sleepers(std::atomic<std::uint32_t>& word, const char* place) { wake(word, INT_MAX, place); }

}  // namespace mp::platform
