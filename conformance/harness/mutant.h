#ifndef CONFORMANCE_HARNESS_MUTANT_H_
#define CONFORMANCE_HARNESS_MUTANT_H_

#include <string>
#include <string_view>
#include <vector>

namespace mp::conformance {

// An implementation that breaks one clause on purpose; conformance/mutants/README.md says how its program is spoken to.
struct Mutant {
  std::string clause;  // "queue.put.full"
  std::string name;    // "queue.put.full/returns-at-once"
  std::string what;    // what is wrong with it, for people
};

// What "mutants --list" printed. Throws CannotRun for a line that is not CLAUSE, tab, NAME, tab, WHAT IS WRONG.
std::vector<Mutant> parse_mutants(std::string_view text);

// Asks the program of mutants, which is built beside the runner. Throws CannotRun if it is not there or does not answer
// so.
std::vector<Mutant> list_mutants(const std::string& own_program);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_MUTANT_H_
