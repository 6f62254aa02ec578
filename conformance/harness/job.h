// What goes between the runner and its workers: a job a line in one direction, its outcome a line in the other.
#ifndef CONFORMANCE_HARNESS_JOB_H_
#define CONFORMANCE_HARNESS_JOB_H_

#include <string>
#include <string_view>

#include "conformance/harness/settings.h"
#include "conformance/harness/verdict.h"

namespace mp::conformance {

// One test to be run once under one start method, on the testee and with the seed of `settings`.
struct Job {
  std::string test;
  std::string clause;
  std::string start_method;
  Settings settings;
};

// One line each, without its end. Reading one that was not made so throws std::exception.
std::string line_of(const Job& job);
Job job_of(std::string_view line);
std::string line_of(const Outcome& outcome);
Outcome outcome_of(std::string_view line);

// Stands before each outcome, so that it is found behind whatever else a worker's standard output carries.
inline constexpr char kOutcomeMark = '\x1e';

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_JOB_H_
