// What the runner asks of the system about itself; one file a system.
#ifndef CONFORMANCE_HARNESS_THIS_PROCESS_H_
#define CONFORMANCE_HARNESS_THIS_PROCESS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace mp::conformance {

// The words of the command that started this process, and a variable of its environment (empty if it is not set). UTF-8 on Windows, which
// gives main() what its code page can say; what it is given elsewhere.
std::vector<std::string> words_of_the_command(int argc, const char* const* argv);
std::string environment_variable(const char* name);

// Standard output goes to a person's terminal.
bool is_terminal();
// How many characters fit into a line of it; 80 if it does not say.
int terminal_width();

// A write to a pipe whose reader is gone fails from now on, instead of ending this process.
void survive_broken_pipes();

// A worker takes two of this process's file descriptors: as many as it may have, where the usual limit is low.
void make_room_for_descriptors();

// No program that this process starts from now on has this file descriptor (or HANDLE).
void keep_from_children(std::intptr_t handle);

// Ctrl-C at the terminal reaches every process of the runner; a worker leaves the decision to the runner. What it
// starts is not affected.
void leave_interrupts_to_the_runner();

// Whether processes here may have, beside the number by which they know themselves, another by which this one knows them: those of
// Windows under Wine have it in the system below.
bool sees_the_system_below();

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_THIS_PROCESS_H_
