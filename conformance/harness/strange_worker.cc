// A worker for workers_test: does to its jobs what their tests' names say.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "conformance/harness/job.h"

int main() {
  using namespace mp::conformance;
  for (std::string line; std::getline(std::cin, line);) {
    const Job job = job_of(line);
    Outcome outcome;
    outcome.test = job.test;
    outcome.start_method = job.start_method;
    outcome.verdict = Verdict::kPass;
    if (job.test == "exit") std::_Exit(3);
    if (job.test == "abort") std::abort();
    if (job.test == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
    if (job.test == "print") std::cout << "a line\nhalf a line";
    if (job.test == "garbage")
      std::cout << kOutcomeMark << "{\n" << std::flush;
    else
      std::cout << kOutcomeMark << line_of(outcome) << "\n" << std::flush;
    if (job.test == "leave") std::_Exit(0);
  }
}
