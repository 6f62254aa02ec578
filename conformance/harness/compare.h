#ifndef CONFORMANCE_HARNESS_COMPARE_H_
#define CONFORMANCE_HARNESS_COMPARE_H_

#include <string>
#include <vector>

#include "conformance/harness/result_file.h"

namespace mp::conformance {

// One test under one start method in two result files; a verdict is empty where the file does not have it.
struct Change {
  std::string test;
  std::string clause;
  std::string start_method;
  std::string before;
  std::string after;
  std::string message;  // of the newer
};

struct Comparison {
  std::vector<Change> regressions;  // passed before, and does not now
  std::vector<Change> fixes;        // passes now, and did not before
  std::vector<Change> others;       // another verdict, neither of them a pass
  std::vector<Change> added;
  std::vector<Change> gone;
  int same = 0;
};

Comparison compare(const ResultFile& before, const ResultFile& after);
std::string comparison_text(const ResultFile& before, const ResultFile& after, const Comparison& comparison);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_COMPARE_H_
