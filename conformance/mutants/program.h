// Who this process is. The main process of the testee learns from its arguments which mutant it is; its children,
// however they are started, from an environment variable.
#ifndef CONFORMANCE_MUTANTS_PROGRAM_H_
#define CONFORMANCE_MUTANTS_PROGRAM_H_

#include <string>

namespace mp::conformance {

// In the main process, as the first thing that it does.
void become_mutant(const std::string& name);
// Empty: none.
std::string mutant_name();
bool in_main_process();
// Whether this process has been stopped by a signal and gone on, since it was first asked. Never, where nothing stops a process.
bool was_stopped();

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_PROGRAM_H_
