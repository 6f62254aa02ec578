#include "conformance/harness/report.h"

#include <sstream>

#include "conformance/harness/samples.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;

constexpr spec::Clause kMust = sample_clause(spec::Level::kMust);
constexpr spec::Clause kShould = sample_clause(spec::Level::kShould);

class ReportTest : public testing::Test {
 protected:
  static RunRecord record() {
    RunRecord record;
    record.how = {{"python3", "a.py"}, 7, 1.0};
    record.start_methods = {"fork", "spawn"};
    return record;
  }

  Outcome outcome(Verdict verdict, const std::string& start_method = "fork") const {
    Outcome outcome = sample_outcome(verdict, verdict == Verdict::kPass ? "" : "hang",
                                     "expected: returns\nseen: nothing for 3 s", start_method);
    outcome.transcript = "main: put 1\nmain: put 2\n";
    return outcome;
  }

  // What is printed for these outcomes of one test.
  std::string printed(const spec::Clause& clause, const std::vector<std::vector<Outcome>>& all,
                      std::string_view lines = "", Paint paint = {}) const {
    std::ostringstream out;
    const RunRecord run = record();
    Report report(out, paint, run);
    Ledger ledger({"CPython", "3.11.7", "linux", "", "", {"fork", "spawn"}, {}, {}},
                  parse_expected_failures("known.txt", lines));
    report.begin(ledger.implementation(), all.size());
    for (const auto& repetitions : all) report.add(ledger.add(clause, repetitions));
    report.end(ledger, true);
    return out.str();
  }
};

TEST_F(ReportTest, AFailureIsShownWithAllThatOneNeeds) {
  const std::string text = printed(kMust, {{outcome(Verdict::kFail)}});
  EXPECT_THAT(text, HasSubstr("FAIL  queue.put.full (must) [fork]  queue_put_full.Waits"));
  EXPECT_THAT(text, HasSubstr("  A put on a full queue waits.\n"));
  EXPECT_THAT(text, HasSubstr("  hang:\n    expected: returns\n    seen: nothing for 3 s\n"));
  EXPECT_THAT(text, HasSubstr("    | main: put 2\n"));
  EXPECT_THAT(text, HasSubstr("--testee 'python3 a.py' --start-method fork --filter queue_put_full.Waits --seed 7\n"));
  EXPECT_THAT(text, HasSubstr("Not all is as expected."));
}

TEST_F(ReportTest, APassIsNotShown) {
  const std::string text = printed(kMust, {{outcome(Verdict::kPass)}});
  EXPECT_THAT(text, Not(HasSubstr("queue_put_full.Waits")));
  EXPECT_THAT(text, HasSubstr("All as expected."));
}

TEST_F(ReportTest, TheSummaryJoinsStartMethods) {
  const std::string text = printed(kMust, {{outcome(Verdict::kFail, "spawn")}, {outcome(Verdict::kFail)}});
  EXPECT_THAT(
      text,
      HasSubstr(
          "Not as expected:\n  fail        queue.put.full [fork, spawn]  Waits\n      hang: expected: returns\n"));
}

TEST_F(ReportTest, AnExpectedFailureIsOnlyCounted) {
  const std::string text = printed(kMust, {{outcome(Verdict::kFail)}}, "queue fail \"hang\" bug gh-1: must return");
  EXPECT_THAT(text, Not(HasSubstr("transcript")));
  EXPECT_THAT(text, HasSubstr("Expected failures:  1 bug\n"));
  EXPECT_THAT(text, HasSubstr("All as expected."));
}

TEST_F(ReportTest, AnExpectationThatNoLongerHoldsIsShownWithItsLine) {
  const std::string text = printed(kMust, {{outcome(Verdict::kPass)}}, "queue fail \"hang\" bug gh-1: must return");
  EXPECT_THAT(text, HasSubstr("PASSED UNEXPECTEDLY  queue.put.full"));
  EXPECT_THAT(text, HasSubstr("known.txt:1 expects fail \"hang\" (bug gh-1: must return)"));
  EXPECT_THAT(text, HasSubstr("Expectations to revise:"));
}

TEST_F(ReportTest, ALineThatSpeaksOfNothingIsShown) {
  const std::string text = printed(kMust, {{outcome(Verdict::kPass)}}, "lock fail \"hang\" bug gh-1: must return");
  EXPECT_THAT(text, HasSubstr("Expectations that speak of no test that ran:\n  known.txt:1 expects"));
  EXPECT_THAT(text, HasSubstr("All as expected."));
}

TEST_F(ReportTest, AWarningIsShownAndBreaksNothing) {
  const std::string text = printed(kShould, {{outcome(Verdict::kFail)}});
  EXPECT_THAT(text, HasSubstr("FAIL  queue.put.full (should)"));
  EXPECT_THAT(text, HasSubstr("Warnings (should):"));
  EXPECT_THAT(text, HasSubstr("All as expected."));
}

TEST_F(ReportTest, RepetitionsAreCountedAndTheReproductionHasTheirSeed) {
  const std::string text =
      printed(kMust, {{outcome(Verdict::kPass), outcome(Verdict::kPass), outcome(Verdict::kFail)}});
  EXPECT_THAT(text, HasSubstr(" s  2/3 passed\n"));
  EXPECT_THAT(text, HasSubstr("queue.put.full [fork]  Waits  2/3 passed\n"));
  EXPECT_THAT(text, HasSubstr("--seed 9\n"));
}

TEST_F(ReportTest, ALogHasNoColoursAndALineNowAndThen) {
  const std::string text = printed(kMust, std::vector(100, std::vector{outcome(Verdict::kPass)}));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
  EXPECT_THAT(text, HasSubstr("\n  5 of 100\n"));
  EXPECT_THAT(text, HasSubstr("\n  100 of 100\n"));
}

TEST_F(ReportTest, ATerminalHasOneLineThatIsWrittenOver) {
  const std::string text =
      printed(kMust, {{outcome(Verdict::kPass)}}, "", {.colours = true, .live = true, .width = 30});
  EXPECT_THAT(text, HasSubstr("\r\x1b[K[1 of 1] queue_put_full.Wa..."));
  EXPECT_THAT(text, HasSubstr("\x1b[32mAll as expected.\x1b[0m"));
}

TEST_F(ReportTest, ATerminalDoesNotObeyATestee) {
  Outcome evil = outcome(Verdict::kFail);
  evil.message = "seen \x1b]0;owned\x07";
  EXPECT_THAT(printed(kMust, {{evil}}), HasSubstr("seen ?]0;owned?"));
}

}  // namespace
}  // namespace mp::conformance
