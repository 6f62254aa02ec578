#ifndef CONFORMANCE_HARNESS_PROGRAMS_H_
#define CONFORMANCE_HARNESS_PROGRAMS_H_

#include <string>
#include <vector>

namespace mp::conformance {

// Programs that are built beside the runner. Each is where the variable says, else below the runner's own folder.
// Throws CannotRun if it is not there.
std::vector<std::string> reference_command(const std::string& own_program);  // CONFORM_REFERENCE
std::vector<std::string> mutants_command(const std::string& own_program);    // CONFORM_MUTANTS

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_PROGRAMS_H_
