#ifndef CONFORMANCE_HARNESS_UNRESOLVED_H_
#define CONFORMANCE_HARNESS_UNRESOLVED_H_

#include <stdexcept>
#include <string>

namespace mp::conformance {

// The test could not get to its question. `cause` is the one word of Outcome::cause.
struct Unresolved : std::runtime_error {
  Unresolved(std::string cause, const std::string& message) : std::runtime_error(message), cause(std::move(cause)) {}
  std::string cause;
};

// The act itself went wrong so that nothing more can be seen: the clause is broken.
struct Broken : std::runtime_error {
  Broken(std::string cause, const std::string& message) : std::runtime_error(message), cause(std::move(cause)) {}
  std::string cause;
};

// The testee does not have what the test is about.
struct NotOffered : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The test needs a feature that the hello does not name.
struct NotClaimed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_UNRESOLVED_H_
