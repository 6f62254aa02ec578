#ifndef CONFORMANCE_HARNESS_TRANSCRIPT_H_
#define CONFORMANCE_HARNESS_TRANSCRIPT_H_

#include <memory>
#include <string>
#include <vector>

#include "conformance/harness/objects.h"
#include "conformance/harness/pending.h"

namespace mp::conformance {

// A request as a call that people would write: "queue1.put(1)". Of a batch the first steps.
std::string printed_call(const Request& request, const Objects& objects);

// What the runner does to a process by the system, which is no request: "killed from outside, signal 9".
std::shared_ptr<Exchange> act_from_outside(Actor& actor, std::string what);

// The calls of all processes in the order in which they began, with what they gave and how long they took. Of a very long test the
// first and the last ones.
std::string transcript_of(const std::vector<std::shared_ptr<Exchange>>& exchanges, Clock::time_point begun);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_TRANSCRIPT_H_
