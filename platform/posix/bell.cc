#include "platform/bell.h"

#include "platform/posix/word.h"

// `sleepers` is a flag. It is cleared before the count, never after it: then it might be that of one who has heard this ring already
// and is about to sleep until the next. Who clears it wakes all; the system compares the number before it lets one sleep.
namespace mp::platform {

Bell Bell::create(BellState& state) {
  state.sleepers.store(0, std::memory_order_relaxed);
  state.rings.store(0, std::memory_order_release);
  return Bell(state, Handle());
}

Bell Bell::adopt(BellState& state, Handle handle) { return Bell(state, std::move(handle)); }

Handle Bell::handle() const { return Handle(); }

bool Bell::listen(std::uint32_t heard, Deadline deadline) {
  while (rings() == heard) {
    if (deadline.has_passed()) return false;
    state_->sleepers.store(1, std::memory_order_seq_cst);
    sleep_while(state_->rings, heard, deadline, "bell");
  }
  return true;
}

void Bell::ring() {
  const bool cleared = state_->sleepers.load(std::memory_order_relaxed) != 0 &&
                       state_->sleepers.exchange(0, std::memory_order_seq_cst) != 0;
  state_->rings.fetch_add(1, std::memory_order_seq_cst);
  if (!cleared && state_->sleepers.load(std::memory_order_seq_cst) == 0) return;
  wake_all_sleepers(state_->rings, "bell");
}

}  // namespace mp::platform
