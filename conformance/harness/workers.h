// Runs tests in several processes at once. Each worker is this program again; it is given one job at a time, so that a
// slow test holds up nobody else, and a worker that dies takes one test with it, which is then `unresolved`: the judge
// failed, not the testee.
//
//   runner ── stdin: one job a line ──> worker ── guard ── testee
//          <── stdout: one outcome a line ──
//
// Who may die where: a worker that dies closes its standard output; the runner notes it and starts another. A runner
// that dies closes every worker's standard input; workers leave at once, and their guards end the testees.
#ifndef CONFORMANCE_HARNESS_WORKERS_H_
#define CONFORMANCE_HARNESS_WORKERS_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "conformance/harness/job.h"

namespace mp::conformance {

// So many; each is asked for when it is its turn.
struct Jobs {
  std::size_t count = 0;
  std::function<Job(std::size_t)> job;
};

struct Crew {
  std::vector<std::string> program;  // the command of a worker
  int size = 1;
  // A worker that takes longer for one job is ended and replaced. The harness has a watchdog of its own for each test:
  // this is for a harness that hangs itself.
  std::chrono::seconds patience = std::chrono::minutes(10);
};

// With more patience where every limit is longer.
Crew crew_of(std::vector<std::string> program, int size, double timeout_scale);

enum class Ended { kAllDone, kStopped, kInterrupted, kNoWorkers };

// Runs all jobs, in their order as far as workers are free. `done` is called in this thread, with the number of the
// job; it returns false to stop. An interrupt (SIGINT, SIGTERM) stops, too. From then on a broken pipe no longer ends
// this process. If the system refuses one more worker, those that there are do the work; kNoWorkers: the last has
// died, and could not be replaced. Throws CannotRun if not even the first can be started.
Ended run_jobs(const Jobs& jobs, const Crew& crew, const std::function<bool(std::size_t, const Outcome&)>& done);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_WORKERS_H_
