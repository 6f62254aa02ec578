// Which tests run under which start methods.
#ifndef CONFORMANCE_HARNESS_CASES_H_
#define CONFORMANCE_HARNESS_CASES_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/clause_test.h"
#include "conformance/harness/expected_failures.h"
#include "conformance/harness/selection.h"

namespace mp::conformance {

// One test under one start method.
struct Case {
  const ClauseTest* test;
  std::string start_method;
  std::string not_offered;  // why the testee is not judged here; "": it is
};

// Those that the testee offers and the user wants; all that it offers if the user names none. Throws CannotRun.
std::vector<std::string> choose_start_methods(const Implementation& implementation,
                                              const std::vector<std::string>& wanted);

// Throws CannotRun, with a suggestion, if a glob names no clause and no test.
void check_names(const Selection& selection);

// The selected tests, each under the start methods that its clause speaks of. Throws CannotRun if none is left.
std::vector<Case> choose_cases(const Selection& selection, const Implementation& implementation,
                               const std::vector<std::string>& start_methods);

bool has_test(const spec::Clause& clause);
bool speaks_of(const spec::Clause& clause, std::string_view start_method);

// Throws CannotRun, with a suggestion, if a line names no clause and no test.
void check_names(const std::vector<Expectation>& expectations);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_CASES_H_
