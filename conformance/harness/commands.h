// What the words of the command line do. Each gives the exit status: 0 all as expected, 1 something is not; what could
// not run throws CannotRun.
#ifndef CONFORMANCE_HARNESS_COMMANDS_H_
#define CONFORMANCE_HARNESS_COMMANDS_H_

#include <iosfwd>
#include <string>

#include "conformance/harness/options.h"

namespace mp::conformance {

// `own_program` is the runner's file (see guard.h): workers are started from it.
int run(const RunOptions& options, const std::string& own_program, std::ostream& out);
int mutants(const MutantsOptions& options, const std::string& own_program, std::ostream& out);
int list(const ListOptions& options, std::ostream& out);
int explain(const ExplainOptions& options, const std::string& own_program, std::ostream& out);
int coverage(std::ostream& out);
int compare(const CompareOptions& options, std::ostream& out);
int report(const ReportOptions& options, std::ostream& out);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_COMMANDS_H_
