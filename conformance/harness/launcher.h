#ifndef CONFORMANCE_HARNESS_LAUNCHER_H_
#define CONFORMANCE_HARNESS_LAUNCHER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/harness/seen_thread.h"

namespace mp::conformance {

// What is left of a testee when it should be gone.
struct Leftovers {
  std::vector<std::string> processes;      // "process 7: python3 -c ..."
  std::vector<std::string> shared_memory;  // names; only seen where the testee has a private /dev/shm
  std::vector<std::string> files;          // in its directory for temporary files

  bool empty() const { return processes.empty() && shared_memory.empty() && files.empty(); }
  std::string text() const;
};

// A testee as it is seen from outside: started through a guard of its own (guard.h), which outlives nobody.
//
// Owns:    the guard, and through it every process of the testee; all have ended when the destructor returns.
// Threads: one.
// Blocks:  finish() for the time that it is given; everything else for a round trip to the guard.
// Throws:  CannotRun when there can be no guard; start() when the command cannot be started.
class Launcher {
 public:
  struct Ending {
    // Of the main process: 0 to 255, or -N for signal N; on Windows any number of 32 bits, and N for who was killed with N. Nothing: it runs.
    std::optional<int> status;
    Leftovers leftovers;
  };

  Launcher();
  ~Launcher();

  // Throws CannotRun: "cannot be started: 'x': No such file or directory".
  void start(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment);
  // Process ids are those that the testee itself sees.
  std::int64_t main_pid() const;
  const std::string& isolation() const;
  bool kill(std::int64_t pid, int signal);
  // It stands still, whatever it does, until resume(). False: there is no such process.
  bool pause(std::int64_t pid);
  bool resume(std::int64_t pid);
  // Empty: there is no such process.
  std::vector<SeenThread> look(std::int64_t pid);
  bool has_ended(std::int64_t pid);
  // Waits until no process is left, but no longer than that.
  Ending finish(double seconds);
  // What it printed so far.
  std::string output();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_LAUNCHER_H_
