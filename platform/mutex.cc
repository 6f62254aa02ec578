#include "platform/mutex.h"

#include <chrono>

#include "platform/look.h"

namespace mp::platform {
namespace {

constexpr auto kSlice = std::chrono::milliseconds(100);

}  // namespace

Mutex Mutex::create(MutexState& state) {
  state.sleepers.store(0, std::memory_order_relaxed);
  state.last_look.store(0, std::memory_order_relaxed);
  state.holder.store(0, std::memory_order_release);
  return Mutex(state, Semaphore::create(state.wake, 0, 1));
}

Mutex Mutex::adopt(MutexState& state, Handle handle) {
  return Mutex(state, Semaphore::adopt(state.wake, std::move(handle)));
}

Mutex::Outcome Mutex::lock_later(Deadline deadline, Life* dead) {
  if (deadline.has_passed()) return take_from_the_dead(dead);
  if (look([this] { return take(); })) return Outcome::kLocked;
  for (;;) {
    state_->sleepers.store(1, std::memory_order_seq_cst);
    if (take()) return Outcome::kLocked;
    if (take_from_the_dead(dead) == Outcome::kOwnerDied) return Outcome::kOwnerDied;
    if (deadline.has_passed()) return Outcome::kLate;
    wake_.acquire_at_rest(deadline.or_earlier(Deadline::after(kSlice)));
  }
}

// Whoever writes the time first does the looking for all.
Mutex::Outcome Mutex::take_from_the_dead(Life* dead) {
  const auto now = Deadline::Clock::now().time_since_epoch();
  auto last = state_->last_look.load(std::memory_order_relaxed);
  if (now - Deadline::Clock::duration(last) < kSlice) return Outcome::kLate;
  if (!state_->last_look.compare_exchange_strong(last, now.count(), std::memory_order_relaxed)) return Outcome::kLate;
  Life holder = state_->holder.load(std::memory_order_acquire);
  if (holder == 0 || !is_over(holder)) return Outcome::kLate;
  if (dead != nullptr) *dead = holder;
  const bool taken = state_->holder.compare_exchange_strong(holder, own_life(), std::memory_order_seq_cst);
  return taken ? Outcome::kOwnerDied : Outcome::kLate;
}

void Mutex::wake_one() {
  if (state_->sleepers.exchange(0, std::memory_order_seq_cst) != 0) wake_.release();
}

}  // namespace mp::platform
