// Start and join of a child that does nothing, by each start method, against the system calls alone and CPython.
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reference/benchmarks/rows.h"
#include "reference/benchmarks/measure.h"
#include "reference/multiprocessing.h"

extern char** environ;

namespace mp::bench {
namespace {

constexpr std::size_t kStarts = 100;
constexpr std::size_t kPythonStarts = 20;

void nothing() {}

double start_and_join(const std::string& method) {
  const Context context = get_context(method);
  const auto once = [&context] {
    Process process = context.Process(nothing);
    process.start();
    process.join();
  };
  once();  // a fork server starts with the first child
  return timed(kStarts, [&] {
    for (std::size_t i = 0; i < kStarts; ++i) once();
  });
}

double raw_fork() {
  return timed(kStarts, [] {
    for (std::size_t i = 0; i < kStarts; ++i) {
      const pid_t child = fork();
      if (child == 0) _exit(0);
      waitpid(child, nullptr, 0);
    }
  });
}

double raw_spawn() {
  return timed(kStarts, [] {
    char program[] = "/proc/self/exe";
    char flag[] = "--leave-at-once";
    char* arguments[] = {program, flag, nullptr};
    for (std::size_t i = 0; i < kStarts; ++i) {
      pid_t child = 0;
      if (posix_spawn(&child, program, nullptr, nullptr, arguments, environ) == 0) waitpid(child, nullptr, 0);
    }
  });
}

// The least that a fork server can be: a process that forks at each byte, waits for the child, and answers with a byte.
double raw_zygote() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 0;
  const pid_t zygote = fork();
  if (zygote == 0) {
    close(ends[0]);
    char byte;
    while (read(ends[1], &byte, 1) == 1) {
      const pid_t child = fork();
      if (child == 0) _exit(0);
      waitpid(child, nullptr, 0);
      if (write(ends[1], &byte, 1) != 1) break;
    }
    _exit(0);
  }
  close(ends[1]);
  const double seconds = timed(kStarts, [&] {
    char byte = 0;
    for (std::size_t i = 0; i < kStarts; ++i) {
      if (write(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1) break;
    }
  });
  close(ends[0]);
  waitpid(zygote, nullptr, 0);
  return seconds;
}

Contestant reference(const std::string& method) {
  return {"reference", [method] { return start_and_join(method); }};
}

}  // namespace

void add_start_rows() {
  add_row({"fork: start and join", {reference("fork"), {"raw fork", raw_fork}, cpython("fork", kPythonStarts)}});
  add_row({"spawn: start and join", {reference("spawn"), {"posix_spawn", raw_spawn}, cpython("spawn", kPythonStarts)}});
  add_row({"forkserver: start and join",
           {reference("forkserver"), {"raw zygote", raw_zygote}, cpython("forkserver", kPythonStarts)}});
}

}  // namespace mp::bench
