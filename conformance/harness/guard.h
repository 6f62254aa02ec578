// The guard: a process of this program that stands between the runner and one testee. It starts the testee's command, sees from
// outside what becomes of its processes, and leaves none of them behind.
//
//   runner ── pipes (stdin, stdout of the guard) ── guard ── starts, watches, ends ── main process of the testee ── children
//      └───── asks for guards ── post ── forks ───────┘
//
// To start this program takes longer than many a test. So it is started once, as the post, which has one thread and forks a guard for each
// testee; with the request it gets the guard's ends of the pipes, and keeps no copy. On Windows there is no post, as nothing can be forked
// there: each guard is started.
//
// Who may die, and what follows: the runner (even by SIGKILL, at any moment): the post leaves; the guard reads the end of its pipe, ends
// every process of the testee and leaves, too. The post: its guards go on, and the runner starts another. The guard: every process of the
// testee ends with it, where the system has private process namespaces or job objects; elsewhere at least the main process, whose closed
// lines end the others (on macOS the whole session, but for the death of both processes of the guard). The testee: the guard reports it
// and stays until the runner lets go.
//
// Both directions carry one JSON object a line. The runner begins with a Launch as {"command", "environment"}; the guard answers
// {"started": PID, "isolation": "..."} or {"failed": "cannot be started: ..."}. Then each request gets one answer, in order:
//   {"kill": PID, "signal": N}  -> {"killed": true}, or false: there is no such process
//   {"pause": PID}              -> {"paused": true}, or false; it stands still a moment later, until
//   {"resume": PID}             -> {"resumed": true}, or false
//   {"look": PID}               -> {"threads": [{"state": "S", "where": "futex_wait_queue", "turns": 12}, ...]}; none: there is no such process;
//                                  seen_thread.h says what they are
//   {"finish": SECONDS}         -> {"ended": STATUS or null, "processes": [...], "shared_memory": [...], "files": [...]}: at once when
//                                  no process is left, else after that time
//   {"output": true}            -> {"output": "..."}: what the testee wrote to standard output and error, its middle cut
#ifndef CONFORMANCE_HARNESS_GUARD_H_
#define CONFORMANCE_HARNESS_GUARD_H_

#include <boost/process/pipe.hpp>
#include <string>

namespace mp::conformance {

inline constexpr const char* kGuardArgument = "--guard-a-testee";
// "none" in this variable of the runner keeps the testee out of namespaces of its own, so that a debugger outside can reach it.
inline constexpr const char* kIsolationVariable = "CONFORM_ISOLATION";

// Plays the post, whose standard input is the socket of requests; on Windows it plays a guard, whose standard input is the pipe of orders.
// Gives the exit status of the process.
int guard_main();

// The runner's ends of the pipes of a new guard.
struct GuardPipes {
  boost::process::pipe to, from;
};

// Throws CannotRun. One thread at a time.
GuardPipes start_guard();

// Guards that are started from now on have the environment that this process has now.
void dismiss_post();

// This program's own file.
std::string this_program();

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_GUARD_H_
