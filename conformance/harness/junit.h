#ifndef CONFORMANCE_HARNESS_JUNIT_H_
#define CONFORMANCE_HARNESS_JUNIT_H_

#include <string>

#include "conformance/harness/ledger.h"
#include "conformance/harness/reproduce.h"

namespace mp::conformance {

// The result as JUnit XML, as continuous integration reads it: one suite a profile, one case a test and start method.
// What is unexpected is a failure (unresolved: an error); expected failures and what was not run are skipped, with the
// reason.
std::string junit_xml(const Ledger& ledger, const HowItRan& how);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_JUNIT_H_
