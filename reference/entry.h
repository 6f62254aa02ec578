#ifndef REFERENCE_ENTRY_H_
#define REFERENCE_ENTRY_H_

#include <functional>
#include <string>

#include "platform/child.h"
#include "platform/message.h"
#include "reference/codec.h"

namespace mp {

// Where a started program begins. To be the first line of main():
//
//   int main(int argc, char** argv) {
//     mp::freeze_support(argc, argv);
//
// In a program that a person started it does nothing. In one that spawn started it does the child's work and ends
// the process: it does not return. A program that never calls it cannot start processes by spawn or forkserver: each of its
// children would run main() from its beginning, start children of its own, and so on without end. start() refuses that.
void freeze_support(int argc, char** argv);

namespace entry {

// What a started program does first. A message for it begins with the name of such a function; the rest is its argument.
// What the function returns is the exit code.
using Function = int (*)(Reader& argument);

// Starts this program again (or the one of set_executable), which then does what the message says.
// Throws RuntimeError when this program did not call freeze_support(), OsError when the system refuses.
platform::Child spawn(platform::Message message);

// Does what the message says, in this process; gives the exit code.
int enter(platform::Message message);

// Runs the body and gives what a process that does nothing else has to end with: 0 after a return, the code of a SystemExit, 1
// after any other error, which is printed on standard error with the name of the process.
int exit_code_of(const std::string& process, const std::function<void()>& body);

// Writes out what waits in the buffers of standard output and error: before a fork, as the copy would write it, too, and at
// the end of a process that runs no exit handlers.
void flush_output();

}  // namespace entry
}  // namespace mp

#endif  // REFERENCE_ENTRY_H_
