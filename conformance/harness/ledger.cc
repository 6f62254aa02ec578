#include "conformance/harness/ledger.h"

#include <algorithm>
#include <utility>

namespace mp::conformance {
namespace {

// A clause that the runner is sure about under no start method is not judged.
void score(const std::map<const spec::Clause*, Tally>& by_clause, Summary& summary) {
  for (const auto& [clause, tally] : by_clause) {
    if (tally[Verdict::kPass] + tally[Verdict::kFail] == 0) continue;
    Score& score = clause->profile == "robust" ? summary.robust : summary.by_the_book;
    ++score.judged;
    score.kept += tally[Verdict::kFail] == 0;
  }
}

Standing unforeseen(spec::Level level, const Outcome& outcome, bool offered) {
  const bool fine = outcome.verdict == Verdict::kPass || outcome.verdict == Verdict::kUntested ||
                    (outcome.verdict == Verdict::kUnsupported && (!offered || outcome.cause == kNotClaimed));
  if (fine) return Standing::kAsExpected;
  switch (level) {
    case spec::Level::kMay: return Standing::kRecorded;
    case spec::Level::kShould: return Standing::kWarning;
    case spec::Level::kMust: break;
  }
  return Standing::kUnexpected;
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::kAsExpected: return "as expected";
    case Standing::kExpectedFailure: return "expected failure";
    case Standing::kRecorded: return "recorded";
    case Standing::kWarning: return "warning";
    case Standing::kUnexpected: return "unexpected";
    case Standing::kAnotherWay: return "fails in another way than expected";
    case Standing::kNoLongerHolds: return "expected failure no longer holds";
  }
  return "?";
}

bool is_unexpected(Standing standing) { return standing >= Standing::kUnexpected; }

Ledger::Ledger(Implementation implementation, std::vector<Expectation> expectations)
    : implementation_(std::move(implementation)), expectations_(std::move(expectations)) {}

Entry Ledger::judge(const spec::Clause& clause, const Outcome& outcome, bool offered) const {
  Entry entry;
  entry.clause = &clause;
  entry.outcome = outcome;
  for (const Expectation& line : expectations_) {
    if (!line.concerns(outcome, implementation_)) continue;
    entry.line = &line;
    if (line.foresees(outcome)) {
      entry.standing = Standing::kExpectedFailure;
      return entry;
    }
  }
  if (entry.line == nullptr || outcome.verdict == Verdict::kUntested) {
    entry.standing = unforeseen(clause.level, outcome, offered);
  } else {
    entry.standing = outcome.verdict == Verdict::kPass ? Standing::kNoLongerHolds : Standing::kAnotherWay;
  }
  return entry;
}

const Entry& Ledger::keep(Entry entry) { return entries_.emplace_back(std::move(entry)); }

const Entry& Ledger::add(const spec::Clause& clause, const std::vector<Outcome>& repetitions) {
  // Worse is: a standing further down the list; of equal standing, what is not a pass.
  const auto badness = [](const Entry& entry) {
    return std::pair(entry.standing, entry.outcome.verdict != Verdict::kPass);
  };
  Entry worst = judge(clause, repetitions.at(0), true);
  int passes = 0;
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    passes += repetitions[i].verdict == Verdict::kPass;
    Entry entry = judge(clause, repetitions[i], true);
    entry.worst = static_cast<int>(i);
    if (badness(entry) > badness(worst)) worst = std::move(entry);
  }
  worst.runs = static_cast<int>(repetitions.size());
  worst.passes = passes;
  return keep(std::move(worst));
}

const Entry& Ledger::add_not_offered(const spec::Clause& clause, Outcome outcome) {
  return keep(judge(clause, outcome, false));
}

const Entry& Ledger::add_untested(const spec::Clause& clause) {
  Outcome outcome;
  outcome.clause = clause.id;
  outcome.verdict = Verdict::kUntested;
  return keep(judge(clause, outcome, false));
}

Summary Ledger::summary() const {
  Summary summary;
  std::map<const spec::Clause*, Tally> by_clause;
  for (const Entry& entry : entries_) {
    ++summary.all[entry.outcome.verdict];
    ++summary.by_profile[std::string(entry.clause->profile)][entry.outcome.verdict];
    ++by_clause[entry.clause][entry.outcome.verdict];
  }
  score(by_clause, summary);
  return summary;
}

std::vector<const Expectation*> Ledger::idle_lines() const {
  std::vector<const Expectation*> idle;
  for (const Expectation& line : expectations_) {
    const auto concerned = [&](const Entry& entry) { return line.concerns(entry.outcome, implementation_); };
    if (line.is_for(implementation_) && std::ranges::none_of(entries_, concerned)) idle.push_back(&line);
  }
  return idle;
}

bool Ledger::all_as_expected() const {
  return std::ranges::none_of(entries_, [](const Entry& entry) { return is_unexpected(entry.standing); });
}

}  // namespace mp::conformance
