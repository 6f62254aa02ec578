// What is the same everywhere: all but where one sleeps, which is the system's.
#include "platform/semaphore.h"

#include "platform/look.h"

namespace mp::platform {

Semaphore Semaphore::create(SemaphoreState& state, std::uint32_t initial, std::uint32_t maximum) {
  Handle handle = make_handle();
  state.maximum = maximum;
  state.sleepers.store(0, std::memory_order_relaxed);
  state.count.store(initial, std::memory_order_release);
  return Semaphore(state, std::move(handle));
}

Semaphore Semaphore::adopt(SemaphoreState& state, Handle handle) { return Semaphore(state, std::move(handle)); }

Handle Semaphore::handle() const { return handle_.duplicate(); }

bool Semaphore::acquire_later(Deadline deadline) {
  if (deadline.has_passed()) return false;
  return look([this] { return try_acquire(); }) || sleep_and_acquire(deadline);
}

bool Semaphore::sleep_and_acquire(Deadline deadline) {
  if (deadline.has_passed()) return false;
  bool acquired;
  for (;;) {
    state_->sleepers.store(1, std::memory_order_seq_cst);
    acquired = try_acquire();
    if (acquired || deadline.has_passed()) break;
    sleep(deadline);
  }
  if (state_->count.load(std::memory_order_seq_cst) != 0) wake_one();
  return acquired;
}

void Semaphore::wake_one() {
  if (state_->sleepers.exchange(0, std::memory_order_seq_cst) != 0) wake_sleeper();
}

}  // namespace mp::platform
