#ifndef CONFORMANCE_HARNESS_TRIAL_H_
#define CONFORMANCE_HARNESS_TRIAL_H_

#include <string>

#include "conformance/harness/clause_test.h"

namespace mp::conformance {

// One run of one test against a fresh testee. Never throws on account of the testee.
Outcome try_once(const ClauseTest& test, const std::string& start_method);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_TRIAL_H_
