#ifndef CONFORMANCE_HARNESS_SAMPLES_H_
#define CONFORMANCE_HARNESS_SAMPLES_H_

#include <string>
#include <string_view>
#include <utility>

#include "conformance/harness/verdict.h"
#include "spec/clause.h"

// A clause, and what became of a test of it, for tests of what is made of verdicts.
namespace mp::conformance {

constexpr spec::Clause sample_clause(spec::Level level = spec::Level::kMust, std::string_view profile = "queue") {
  return {.id = "queue.put.full",
          .level = level,
          .statement = "A put on a full queue waits.",
          .source = "class Queue, put",
          .profile = profile,
          .since = "",
          .until = "",
          .systems = "all",
          .methods = "all",
          .answer = spec::Answer::kExact,
          .unobservable = "",
          .place = ""};
}

inline Outcome sample_outcome(Verdict verdict, std::string cause = "", std::string message = "",
                              std::string start_method = "fork") {
  Outcome outcome;
  outcome.test = "queue_put_full.Waits";
  outcome.clause = "queue.put.full";
  outcome.start_method = std::move(start_method);
  outcome.verdict = verdict;
  outcome.cause = std::move(cause);
  outcome.message = std::move(message);
  return outcome;
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_SAMPLES_H_
