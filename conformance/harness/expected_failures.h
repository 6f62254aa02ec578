// What an implementation is known to get wrong: one line a failure, in a file per implementation and system.
//
//   # clause or test      [conditions]                   verdict "symptom"     class: reason
//   queue.get.cut-frame   [fork spawn; version >= 3.8]   fail "hang"           bug gh-87971: get must time out, but ...
//   manager.address.any   [windows]                      unsupported "*"       platform: there are no Unix sockets
//
// A line holds when *every* outcome that it names has its verdict and its symptom; it is as wrong to expect a failure
// that is gone as to miss a new one. Only where one fault spoils much at once, or luck decides, a line may say `some`:
// it then excuses the outcomes that are what it says, and says nothing of the others. See conformance/README.md for the
// format in full.
#ifndef CONFORMANCE_HARNESS_EXPECTED_FAILURES_H_
#define CONFORMANCE_HARNESS_EXPECTED_FAILURES_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/implementation.h"
#include "conformance/harness/verdict.h"

namespace mp::conformance {

// "version >= 3.8": as many numbers are compared as are written, so 3.11.7 is = 3.11 and not > 3.11.
struct VersionBound {
  std::string comparison;  // "<", "<=", "=", ">=", ">"
  std::string version;
  bool holds_for(std::string_view other) const;
};

struct Expectation {
  std::string where;                       // "cpython-linux.txt:12"
  std::string pattern;                     // a glob for clauses or tests
  std::vector<std::string> start_methods;  // none: all
  std::vector<std::string> systems;        // none: all
  std::vector<VersionBound> versions;
  bool some = false;  // speaks only of outcomes that are what it says
  Verdict verdict = Verdict::kFail;
  std::string symptom;  // a glob: the cause, or a part of the message
  std::string kind;     // "bug", "by-design", "platform", "not-implemented", "docs-unclear"
  std::string address;  // of a bug
  std::string reason;

  // System and version fit.
  bool is_for(const Implementation& implementation) const;
  // The line speaks of this outcome: name and start method fit, too; for `some`, also what it foresees.
  bool concerns(const Outcome& outcome, const Implementation& implementation) const;
  // The outcome is what the line says.
  bool foresees(const Outcome& outcome) const;
};

// Throws CannotRun with a sentence for each bad line.
std::vector<Expectation> parse_expected_failures(std::string_view file_name, std::string_view text);
std::vector<Expectation> read_expected_failures(const std::string& path);

// The file that an adapter brings along for this implementation: expected/NAME.txt in the folder of the first file that the
// testee's command names, where NAME is that of the hello in small letters with dashes: "cpython-multiprocessing". Empty if there is none.
std::string expected_failures_beside(const std::vector<std::string>& command, const Implementation& implementation);

// A file that expects these outcomes. Class and reason are left open, and a file with open reasons is refused: a person
// writes why each line is there. `start_methods` are those that ran: an outcome common to all of them becomes one line.
std::string draft_expected_failures(const std::vector<Outcome>& outcomes, const Implementation& implementation,
                                    const std::vector<std::string>& start_methods);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_EXPECTED_FAILURES_H_
