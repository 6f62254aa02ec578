// The guard: a process of this program that stands between the runner and one testee. It starts the testee's command, sees from
// outside what becomes of its processes, and leaves none of them behind.
//
//   runner ── pipes (stdin, stdout of the guard) ── guard ── starts, watches, ends ── main process of the testee ── children
//
// Who may die, and what follows: the runner (even by SIGKILL, at any moment): the guard reads the end of its pipe, ends
// every process of the testee and leaves. The guard: every process of the testee ends with it, where the system has private
// process namespaces; elsewhere at least the main process, whose closed lines end the others. The testee: the guard
// reports it and stays until the runner lets go.
//
// Both directions carry one JSON object a line. The runner begins with a Launch as {"command", "environment"}; the guard answers
// {"started": PID, "isolation": "..."} or {"failed": "cannot be started: ..."}. Then each request gets one answer, in order:
//   {"kill": PID, "signal": N}  -> {"killed": true}, or false: there is no such process
//   {"pause": PID}              -> {"paused": true}, or false; it stands still a moment later, until
//   {"resume": PID}             -> {"resumed": true}, or false
//   {"look": PID}               -> {"threads": [{"state": "S", "where": "futex_wait_queue"}, ...]}; none: there is no such process
//   {"finish": SECONDS}         -> {"ended": STATUS or null, "processes": [...], "shared_memory": [...], "files": [...]}: at once when
//                                  no process is left, else after that time
//   {"output": true}            -> {"output": "..."}: what the testee wrote to standard output and error, its middle cut
#ifndef CONFORMANCE_HARNESS_GUARD_H_
#define CONFORMANCE_HARNESS_GUARD_H_

#include <string>

namespace mp::conformance {

inline constexpr const char* kGuardArgument = "--guard-a-testee";
// "none" in this variable keeps the testee out of namespaces of its own, so that a debugger outside can reach it.
inline constexpr const char* kIsolationVariable = "CONFORM_ISOLATION";

// Plays the guard on standard input and output; gives the exit status of the process.
int guard_main();

// To be called in the runner: writing to a guard that was killed is an error there, not a signal.
void survive_a_dead_guard();

// This program's own file.
std::string this_program();

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_GUARD_H_
