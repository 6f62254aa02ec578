#ifndef REFERENCE_WAIT_H_
#define REFERENCE_WAIT_H_

#include <chrono>

#include "platform/deadline.h"

namespace mp {

// How long a call may wait: the `timeout` of the specification. Any duration converts to it; a negative one is as good
// as zero, forever() is None. The time begins to run when the call asks for deadline(), once, at its start.
class Wait {
 public:
  static constexpr Wait forever() { return Wait(std::chrono::nanoseconds::max()); }
  static constexpr Wait none() { return Wait(std::chrono::nanoseconds::zero()); }

  template <class Rep, class Period>
  constexpr Wait(std::chrono::duration<Rep, Period> duration) : duration_(clamp(duration)) {}

  constexpr bool is_forever() const { return duration_ == std::chrono::nanoseconds::max(); }
  constexpr std::chrono::nanoseconds duration() const { return duration_; }
  platform::Deadline deadline() const {
    return is_forever() ? platform::Deadline::never() : platform::Deadline::after(duration_);
  }

 private:
  // Through a double, as 10'000 hours fit into their own type, but not all of those do into nanoseconds. NaN becomes
  // zero.
  template <class Rep, class Period>
  static constexpr std::chrono::nanoseconds clamp(std::chrono::duration<Rep, Period> duration) {
    using Seconds = std::chrono::duration<double>;
    const Seconds seconds = std::chrono::duration_cast<Seconds>(duration);
    if (!(seconds > Seconds::zero())) return std::chrono::nanoseconds::zero();
    if (seconds > Seconds(9e9)) return std::chrono::nanoseconds::max();  // 285 years
    return std::chrono::ceil<std::chrono::nanoseconds>(duration);
  }

  std::chrono::nanoseconds duration_;
};

}  // namespace mp

#endif  // REFERENCE_WAIT_H_
