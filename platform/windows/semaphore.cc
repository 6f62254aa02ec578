#include "platform/semaphore.h"

#include <chrono>

#include "platform/look.h"
#include "platform/windows/system.h"

// The count is in shared memory; what one sleeps at is an auto-reset event, which remembers one wake that came before the sleep. That is
// enough, and more would be too much: wakes are passed on by those who wake (see the header), so two that melt into one
// lose nobody, while a kernel semaphore would pile up the wakes of all who found something to take before they slept.
namespace mp::platform {
namespace {

constexpr auto kSlice = std::chrono::milliseconds(200);

}  // namespace

Semaphore Semaphore::create(SemaphoreState& state, std::uint32_t initial, std::uint32_t maximum) {
  Handle event = owned(::CreateEventW(nullptr, FALSE, FALSE, nullptr), "make a semaphore");
  state.maximum = maximum;
  state.sleepers.store(0, std::memory_order_relaxed);
  state.count.store(initial, std::memory_order_release);
  return Semaphore(state, std::move(event));
}

Semaphore Semaphore::adopt(SemaphoreState& state, Handle handle) { return Semaphore(state, std::move(handle)); }

Handle Semaphore::handle() const { return handle_.duplicate(); }

bool Semaphore::acquire_later(Deadline deadline) {
  if (deadline.has_passed()) return false;
  if (look([this] { return try_acquire(); })) return true;
  bool acquired;
  for (;;) {
    state_->sleepers.store(1, std::memory_order_seq_cst);
    acquired = try_acquire();
    if (acquired || deadline.has_passed()) break;
    wait_for(system_handle(handle_), deadline.or_earlier(Deadline::after(kSlice)));
  }
  if (state_->count.load(std::memory_order_seq_cst) != 0) wake_one();
  return acquired;
}

void Semaphore::wake_one() {
  if (state_->sleepers.exchange(0, std::memory_order_seq_cst) == 0) return;
  if (!::SetEvent(system_handle(handle_))) refuse("wake at a semaphore");
}

}  // namespace mp::platform
