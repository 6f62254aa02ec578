#ifndef PLATFORM_DEADLINE_H_
#define PLATFORM_DEADLINE_H_

#include <algorithm>
#include <chrono>

namespace mp::platform {

// A point in steady time after which nobody waits any longer. Durations stop at the public door; below it every
// wait takes a Deadline, so a wait made of several steps never grows with the number of steps.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline never() { return Deadline(Clock::time_point::max()); }
  // Already passed: look once, do not wait.
  static Deadline passed() { return Deadline(Clock::time_point::min()); }
  // A negative duration is as good as zero; one too long for the clock means never.
  static Deadline after(std::chrono::nanoseconds duration) {
    if (duration.count() <= 0) return passed();
    const auto now = Clock::now();
    if (duration >= Clock::time_point::max() - now) return never();
    return Deadline(now + duration);
  }

  bool is_never() const { return when_ == Clock::time_point::max(); }
  bool has_passed() const { return !is_never() && (when_ == Clock::time_point::min() || Clock::now() >= when_); }
  // Zero when passed. Do not call on never().
  std::chrono::nanoseconds remaining() const {
    if (when_ == Clock::time_point::min()) return std::chrono::nanoseconds(0);
    return std::max<std::chrono::nanoseconds>(when_ - Clock::now(), std::chrono::nanoseconds(0));
  }
  Clock::time_point when() const { return when_; }
  Deadline or_earlier(Deadline other) const { return Deadline(std::min(when_, other.when_)); }

 private:
  explicit Deadline(Clock::time_point when) : when_(when) {}
  Clock::time_point when_;
};

}  // namespace mp::platform

#endif  // PLATFORM_DEADLINE_H_
