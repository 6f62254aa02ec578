#include "platform/semaphore.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "platform/error.h"
#include "platform/look.h"

namespace mp::platform {
namespace {

constexpr auto kSlice = std::chrono::milliseconds(200);

// Not FUTEX_PRIVATE_FLAG: the word is shared between processes.
long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* until) {
  return ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation, value, until, nullptr,
                   FUTEX_BITSET_MATCH_ANY);
}

// Sleeps while the word is zero, a slice at most. The kernel's own look at the word is a full barrier.
// FUTEX_WAIT_BITSET takes a point of CLOCK_MONOTONIC, which is the steady clock here.
void sleep_while_zero(std::atomic<std::uint32_t>& word, Deadline deadline) {
  const auto until = deadline.or_earlier(Deadline::after(kSlice)).when().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until);
  const timespec point{seconds.count(), std::chrono::nanoseconds(until - seconds).count()};
  if (futex(word, FUTEX_WAIT_BITSET, 0, &point) == 0) return;
  if (errno != EAGAIN && errno != EINTR && errno != ETIMEDOUT) throw OsError("sleep at a semaphore", errno);
}

}  // namespace

Semaphore Semaphore::create(SemaphoreState& state, std::uint32_t initial, std::uint32_t maximum) {
  state.maximum = maximum;
  state.sleepers.store(0, std::memory_order_relaxed);
  state.count.store(initial, std::memory_order_release);
  return Semaphore(state, Handle());
}

Semaphore Semaphore::adopt(SemaphoreState& state, Handle handle) { return Semaphore(state, std::move(handle)); }

Handle Semaphore::handle() const { return Handle(); }

bool Semaphore::acquire_later(Deadline deadline) {
  if (deadline.has_passed()) return false;
  if (look([this] { return try_acquire(); })) return true;
  bool acquired;
  for (;;) {
    state_->sleepers.store(1, std::memory_order_seq_cst);
    acquired = try_acquire();
    if (acquired || deadline.has_passed()) break;
    sleep_while_zero(state_->count, deadline);
  }
  if (state_->count.load(std::memory_order_seq_cst) != 0) wake_one();
  return acquired;
}

void Semaphore::wake_one() {
  if (state_->sleepers.exchange(0, std::memory_order_seq_cst) == 0) return;
  if (futex(state_->count, FUTEX_WAKE, 1, nullptr) < 0) throw OsError("wake at a semaphore", errno);
}

}  // namespace mp::platform
