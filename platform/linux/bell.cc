#include "platform/bell.h"

#include <limits>

#include "platform/linux/futex.h"

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

void Bell::wake_all() { wake_sleepers(state_->rings, std::numeric_limits<int>::max(), "bell"); }

}  // namespace mp::platform
