#ifndef CONFORMANCE_HARNESS_LEDGER_H_
#define CONFORMANCE_HARNESS_LEDGER_H_

#include <array>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/expected_failures.h"
#include "conformance/harness/implementation.h"
#include "conformance/harness/verdict.h"
#include "spec/clause.h"

namespace mp::conformance {

// An outcome beside what was expected of it.
enum class Standing {
  kAsExpected,       // a pass, or something that the testee never claimed to offer
  kExpectedFailure,  // a line of the expected failures foresees it
  kRecorded,         // not a pass, of a clause that says "may"
  kWarning,          // not a pass, of a clause that says "should"
  kUnexpected,       // not a pass, of a clause that says "must"
  kAnotherWay,       // a line expects a failure, but not this one
  kNoLongerHolds,    // a line expects a failure, and it passed
};

std::string_view to_string(Standing standing);
// The last three: each of them makes exit status 1.
bool is_unexpected(Standing standing);

// What became of one test under one start method, over all its repetitions.
struct Entry {
  const spec::Clause* clause = nullptr;
  Outcome outcome;  // of the repetition that went worst
  Standing standing = Standing::kAsExpected;
  const Expectation* line = nullptr;  // that speaks of it
  int runs = 0;
  int passes = 0;
  int worst = 0;  // which repetition went worst, from 0
};

// How many of each verdict.
class Tally {
 public:
  int& operator[](Verdict verdict) { return counts_[static_cast<std::size_t>(verdict)]; }
  int operator[](Verdict verdict) const { return counts_[static_cast<std::size_t>(verdict)]; }

 private:
  std::array<int, 5> counts_{};
};

// Clauses with at least one pass or fail; kept are those without a fail.
struct Score {
  int judged = 0;
  int kept = 0;
};

struct Summary {
  Tally all;
  std::map<std::string, Tally, std::less<>> by_profile;
  Score by_the_book;
  Score robust;  // apart: what goes beyond the documentation
};

// Compares outcomes with expectations.
//
// Owns:    the expectations and one entry for each test and start method; entries stay where they are.
// Shares:  nothing.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  never.
class Ledger {
 public:
  Ledger(Implementation implementation, std::vector<Expectation> expectations);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // The outcomes of all repetitions of one test under one start method; at least one.
  const Entry& add(const spec::Clause& clause, const std::vector<Outcome>& repetitions);
  // The testee never claimed to offer what this test needs: it was not run.
  const Entry& add_not_offered(const spec::Clause& clause, Outcome outcome);
  // The clause has no test, though it could have one.
  const Entry& add_untested(const spec::Clause& clause);

  const Implementation& implementation() const { return implementation_; }
  const std::deque<Entry>& entries() const { return entries_; }
  const std::vector<Expectation>& expectations() const { return expectations_; }
  Summary summary() const;
  bool all_as_expected() const;
  // Lines for this implementation that speak of no outcome at all.
  std::vector<const Expectation*> idle_lines() const;

 private:
  const Entry& keep(Entry entry);
  Entry judge(const spec::Clause& clause, const Outcome& outcome, bool offered) const;

  const Implementation implementation_;
  const std::vector<Expectation> expectations_;
  std::deque<Entry> entries_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_LEDGER_H_
