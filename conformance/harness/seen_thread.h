#ifndef CONFORMANCE_HARNESS_SEEN_THREAD_H_
#define CONFORMANCE_HARNESS_SEEN_THREAD_H_

#include <cstdint>
#include <string>

namespace mp::conformance {

// A thread of a testee, as the system shows it to others.
struct SeenThread {
  char state;              // 'R' runs, 'S' sleeps, 'T' stands still, 'Z' has ended and waits to be collected ...
  std::string where;       // the function of the system that it sleeps in; empty where that cannot be seen
  std::int64_t turns = 0;  // another number after it has run again, as far as the system tells

  bool operator==(const SeenThread&) const = default;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_SEEN_THREAD_H_
