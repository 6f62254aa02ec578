#ifndef PLATFORM_BELL_H_
#define PLATFORM_BELL_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "platform/deadline.h"
#include "platform/handle.h"

namespace mp::platform {

// The shared half of a bell. It lives in a Region; zeros are not yet a bell, create() makes it one.
struct BellState {
  std::atomic<std::uint32_t> rings;
  std::atomic<std::uint32_t> sleepers;  // says whether somebody may be asleep
  std::uint64_t name;                   // for systems that do not sleep at a word of memory
};

// Wakes everybody who listens. It says only that something may have changed, not what: each looks for himself.
//
// Owns:    its system handle, where the system needs one; the state belongs to the caller's Region.
// Shares:  handle() travels to a child together with the Region; adopt() makes a Bell of both there. A forked child
//          uses what it inherited.
// Threads: every method may run in any thread and process at once.
// Blocks:  listen() only, until the deadline and no longer. It does not look before it sleeps (see look.h).
// Throws:  OsError when the system refuses.
//
// How nobody oversleeps: ask how often it rang, then look at what you wait for, then listen for one more:
//     listener:  heard = rings();  look;  listen(heard)          ringer:  change it;  ring()
// What was changed before a ring is seen by who heard that ring. So either the listener sees the change, or its ring
// comes after those that he had heard, and listen() returns. A semaphore would not do here: a fast one would come back
// and eat the permit of a slow one.
//
// Inside, the sleeper says that he sleeps and then looks at the number, the ringer counts and then looks for sleepers, all in
// the one order of seq_cst. A ringer who dies between his count and the wake is made good by the sleepers: a sleep is cut
// into slices (a fifth of a second). How they find each other is told beside each system's source.
//
// Of one who dies after his change and before his count the bell knows nothing. Whoever may wait for such a one listens in
// slices of his own, and looks after each.
class Bell {
 public:
  Bell() = default;
  static Bell create(BellState& state);
  static Bell adopt(BellState& state, Handle handle);

  std::uint32_t rings() const { return state_->rings.load(std::memory_order_acquire); }
  // False: the deadline passed before it rang once more.
  bool listen(std::uint32_t heard, Deadline deadline);
  void ring();
  Handle handle() const;  // a duplicate, to travel; empty where the system needs none

 private:
  Bell(BellState& state, Handle handle) : state_(&state), handle_(std::move(handle)) {}

  BellState* state_ = nullptr;
  Handle handle_;
};

}  // namespace mp::platform

#endif  // PLATFORM_BELL_H_
