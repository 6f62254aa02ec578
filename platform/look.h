#ifndef PLATFORM_LOOK_H_
#define PLATFORM_LOOK_H_

#include <chrono>
#include <thread>

namespace mp::platform {

// Known before main(), and false until then. Not a static of the function below: the child of a fork would wait for ever for a thread that
// was just asking when it was forked, and did not come along.
inline const bool kLookingPays = std::thread::hardware_concurrency() != 1;

// False on a machine with one processor: whatever a thread waits for cannot happen while it looks. The processors that this
// thread is bound to do not count, as its partner may be bound to another; if both share one, yield() lets the partner go on.
inline bool looking_pays() { return kLookingPays; }

// Looks before sleeping: asks `ready` again and again for a bounded time, about the price of being woken from another processor
// (30 us). True as soon as ready() is. First without pause, then with yield() in between, so that a partner on the same
// processor gets on with it (without yield a round trip there costs ten times more).
//
// Ask once yourself before: ready() is not called at all when looking does not pay. After false: sleep, and check
// again in the way of your own protocol, as what you wait for may have happened since the last look.
//
// `without_yield` is for looks at memory; pass zero when a look is a system call, which takes long enough by itself.
template <class Ready>
bool look(Ready ready, std::chrono::nanoseconds without_yield = std::chrono::microseconds(1)) {
  using Clock = std::chrono::steady_clock;
  constexpr auto kInAll = std::chrono::microseconds(40);
  if (!looking_pays()) return false;
  const auto begin = Clock::now();
  for (;;) {
    if (ready()) return true;
    const auto elapsed = Clock::now() - begin;  // some 20 ns: pause enough between two looks at a cache line
    if (elapsed >= kInAll) return false;
    if (elapsed >= without_yield) std::this_thread::yield();
  }
}

}  // namespace mp::platform

#endif  // PLATFORM_LOOK_H_
