#ifndef CONFORMANCE_HARNESS_CANNOT_RUN_H_
#define CONFORMANCE_HARNESS_CANNOT_RUN_H_

#include <stdexcept>

namespace mp::conformance {

// The runner cannot do what it was asked for: exit status 2. what() is the sentence that the user reads; it says what is
// wrong, where, and what to do.
class CannotRun : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_CANNOT_RUN_H_
