#ifndef CONFORMANCE_HARNESS_VERDICT_H_
#define CONFORMANCE_HARNESS_VERDICT_H_

#include <string>
#include <string_view>

namespace mp::conformance {

enum class Verdict {
  kPass,
  kFail,        // the clause is broken
  kUnresolved,  // the test could not get to its question: a surprise in the arrangement, a machine too slow to judge a time
  kUnsupported,  // the testee does not offer what the clause is about
  kUntested,     // the clause has no test
};

// What became of one test under one start method.
struct Outcome {
  std::string test;          // "queue_put_full.WaitsUntilAnotherProcessGets"
  std::string clause;        // "queue.put.full"
  std::string start_method;  // "fork"
  Verdict verdict = Verdict::kUnresolved;
  // One word that names how it went wrong, for people and for expected failures: "wrong answer", "hang", "crash", "orphans", "garbage",
  // "mute", "flood", "cut reply", "double reply", "late", "leftovers", "slow machine", "out of time", "not offered", "not claimed" ... Empty for
  // a pass.
  std::string cause;
  std::string message;     // what was expected and seen, first line enough for a summary
  std::string transcript;  // the calls of each process in order, with times; printed with a failure
  double seconds = 0;
  std::string isolation;  // what the testee was kept apart by
};

// The cause of a kUnsupported that is nobody's fault: the testee never said that it has the feature.
inline constexpr std::string_view kNotClaimed = "not claimed";

std::string_view to_string(Verdict verdict);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_VERDICT_H_
