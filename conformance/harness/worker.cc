#include "conformance/harness/worker.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <mutex>
#include <queue>
#include <string>
#include <thread>

#include "conformance/harness/clause_test.h"
#include "conformance/harness/job.h"
#include "conformance/harness/this_process.h"

namespace mp::conformance {
namespace {

// Lines from the runner, from the thread that reads them to the thread that runs tests.
class Inbox {
 public:
  void put(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push(std::move(line));
    filled_.notify_one();
  }

  std::string take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return !lines_.empty(); });
    std::string line = std::move(lines_.front());
    lines_.pop();
    return line;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::queue<std::string> lines_;
};

// Only a thread of its own sees the end of the input while a test runs.
void read_all(Inbox& inbox) {
  for (std::string line; std::getline(std::cin, line);) inbox.put(std::move(line));
  std::_Exit(0);
}

Outcome run(const Job& job) {
  const auto& tests = all_clause_tests();
  const auto test = std::ranges::find(tests, job.test, &ClauseTest::full_name);
  Outcome outcome;
  if (test == tests.end()) {
    outcome.cause = "no such test";
    outcome.message = "the worker does not know this test: runner and worker are not the same program";
  } else {
    set_settings(job.settings);
    outcome = run_clause_test(*test, job.start_method);
  }
  outcome.test = job.test;
  outcome.clause = job.clause;
  outcome.start_method = job.start_method;
  if (outcome.verdict == Verdict::kPass) outcome.transcript.clear();  // nobody reads it
  return outcome;
}

// An exception that leaves a test's arrangement is the runner's own fault, never the testee's.
Outcome run_surely(const Job& job) {
  try {
    return run(job);
  } catch (const std::exception& error) {
    Outcome outcome;
    outcome.test = job.test;
    outcome.clause = job.clause;
    outcome.start_method = job.start_method;
    outcome.cause = "could not run";
    outcome.message = error.what();
    return outcome;
  }
}

void write(const Outcome& outcome) {
  const std::string line = kOutcomeMark + line_of(outcome) + '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

void work() {
  survive_broken_pipes();
  leave_interrupts_to_the_runner();
  static Inbox inbox;  // outlives every thread: the process ends by _Exit
  std::thread(read_all, std::ref(inbox)).detach();
  while (true) write(run_surely(job_of(inbox.take())));
}

}  // namespace mp::conformance
