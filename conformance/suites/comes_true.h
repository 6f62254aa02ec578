#ifndef CONFORMANCE_SUITES_COMES_TRUE_H_
#define CONFORMANCE_SUITES_COMES_TRUE_H_

#include <chrono>

#include "conformance/harness/testee.h"

namespace mp::conformance {

// Looks again and again at what only the system, or the guard, can tell. False: not within the runner's limit for an answer.
template <class Condition>
bool comes_true(Testee& testee, Condition condition) {
  const auto limit = Clock::now() + Testee::in_clock(Testee::limits().answer);
  while (!condition()) {
    if (Clock::now() >= limit) return false;
    testee.pass(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_COMES_TRUE_H_
