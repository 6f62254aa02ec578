#include "conformance/harness/ledger.h"

#include "conformance/harness/samples.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

constexpr spec::Clause kMust = sample_clause(spec::Level::kMust);
constexpr spec::Clause kShould = sample_clause(spec::Level::kShould);
constexpr spec::Clause kMay = sample_clause(spec::Level::kMay);
constexpr spec::Clause kRobust = sample_clause(spec::Level::kMust, "robust");

Ledger ledger_with(std::string_view lines) {
  const Implementation implementation{"CPython", "3.11.7", "linux", "", "", {}, {}, {}};
  return Ledger(implementation, parse_expected_failures("known.txt", lines));
}

Standing standing_of(const spec::Clause& clause, std::vector<Outcome> repetitions, std::string_view lines = "") {
  Ledger ledger = ledger_with(lines);
  const Standing standing = ledger.add(clause, repetitions).standing;
  EXPECT_EQ(ledger.all_as_expected(), !is_unexpected(standing));
  return standing;
}

TEST(Ledger, APassIsAsExpected) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kPass)}), Standing::kAsExpected);
}

TEST(Ledger, MustFailsShouldWarnsMayRecords) {
  const Outcome hang = sample_outcome(Verdict::kFail, "hang");
  EXPECT_EQ(standing_of(kMust, {hang}), Standing::kUnexpected);
  EXPECT_EQ(standing_of(kShould, {hang}), Standing::kWarning);
  EXPECT_EQ(standing_of(kMay, {hang}), Standing::kRecorded);
}

TEST(Ledger, UnresolvedOfAMustIsUnexpected) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kUnresolved, "slow machine")}), Standing::kUnexpected);
}

TEST(Ledger, UnsupportedIsUnexpectedWhereTheTesteeClaimedToOfferIt) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kUnsupported, "not offered")}), Standing::kUnexpected);
}

TEST(Ledger, UnsupportedIsAsExpectedWhereTheTesteeNeverClaimedIt) {
  Ledger ledger = ledger_with("");
  EXPECT_EQ(ledger.add_not_offered(kMust, sample_outcome(Verdict::kUnsupported)).standing, Standing::kAsExpected);
  EXPECT_TRUE(ledger.all_as_expected());
}

TEST(Ledger, AFeatureThatTheTesteeNeverClaimedIsAsExpectedToo) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kUnsupported, "not claimed")}), Standing::kAsExpected);
}

TEST(Ledger, AnUntestedClauseBreaksNoRun) {
  Ledger ledger = ledger_with("queue fail \"hang\" platform: y");
  EXPECT_EQ(ledger.add_untested(kMust).standing, Standing::kAsExpected);
  EXPECT_EQ(ledger.summary().all[Verdict::kUntested], 1);
}

TEST(Ledger, AForeseenFailureIsExpectedAndKeepsItsLine) {
  Ledger ledger = ledger_with("lock fail \"hang\" platform: y\nqueue fail \"hang\" platform: y");
  const Entry& entry = ledger.add(kMust, {sample_outcome(Verdict::kFail, "hang")});
  EXPECT_EQ(entry.standing, Standing::kExpectedFailure);
  ASSERT_NE(entry.line, nullptr);
  EXPECT_EQ(entry.line->where, "known.txt:2");
}

TEST(Ledger, AFailureOfAnotherKindIsUnexpected) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kFail, "crash")}, "queue fail \"hang\" platform: y"),
            Standing::kAnotherWay);
  EXPECT_EQ(standing_of(kMay, {sample_outcome(Verdict::kUnresolved, "hang")}, "queue fail \"hang\" platform: y"),
            Standing::kAnotherWay);
}

TEST(Ledger, OneOfSeveralLinesIsEnough) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kFail, "crash")},
                        "queue fail \"hang\" platform: y\nqueue.put fail \"crash\" platform: y"),
            Standing::kExpectedFailure);
}

TEST(Ledger, AnExpectationThatNoLongerHoldsIsUnexpected) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kPass)}, "queue fail \"hang\" platform: y"),
            Standing::kNoLongerHolds);
}

TEST(Ledger, ALineForAnotherStartMethodDoesNotCount) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kPass)}, "queue [spawn] fail \"hang\" platform: y"),
            Standing::kAsExpected);
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kFail, "hang")}, "queue [spawn] fail \"hang\" platform: y"),
            Standing::kUnexpected);
}

TEST(Ledger, TheWorstRepetitionCounts) {
  Ledger ledger = ledger_with("");
  const Outcome pass = sample_outcome(Verdict::kPass);
  const Entry& entry = ledger.add(kMust, {pass, sample_outcome(Verdict::kFail, "hang"), pass});
  EXPECT_EQ(entry.standing, Standing::kUnexpected);
  EXPECT_EQ(entry.outcome.cause, "hang");
  EXPECT_EQ(entry.runs, 3);
  EXPECT_EQ(entry.passes, 2);
  EXPECT_EQ(entry.worst, 1);
}

TEST(Ledger, AFailureThatShowsNowAndThenDoesNotHold) {
  EXPECT_EQ(standing_of(kMust, {sample_outcome(Verdict::kFail, "hang"), sample_outcome(Verdict::kPass)},
                        "queue fail \"hang\" platform: y"),
            Standing::kNoLongerHolds);
}

TEST(Ledger, ALineThatSaysSomeExcusesWhatItForeseesAndNothingElse) {
  const auto standing = [](Outcome outcome) {
    return standing_of(kMust, {std::move(outcome)}, "* [fork; some] fail \"hang\" platform: y");
  };
  EXPECT_EQ(standing(sample_outcome(Verdict::kFail, "hang")), Standing::kExpectedFailure);
  EXPECT_EQ(standing(sample_outcome(Verdict::kPass)), Standing::kAsExpected);
  EXPECT_EQ(standing(sample_outcome(Verdict::kFail, "crash")), Standing::kUnexpected);
  EXPECT_EQ(standing(sample_outcome(Verdict::kUnresolved, "hang")), Standing::kUnexpected);
  Ledger ledger = ledger_with("* [some] fail \"hang\" platform: y");
  ledger.add(kMust, {sample_outcome(Verdict::kPass)});
  EXPECT_EQ(ledger.idle_lines().size(), 1u);
}

TEST(Ledger, ALineThatSpeaksOfNothingIsIdle) {
  Ledger ledger = ledger_with(
      "queue fail \"hang\" platform: y\nlock fail \"hang\" platform: y\nlock [windows] fail \"hang\" platform: y\n"
      "queue [spawn] fail \"hang\" platform: y");
  ledger.add(kMust, {sample_outcome(Verdict::kPass)});
  const auto idle = ledger.idle_lines();
  ASSERT_EQ(idle.size(), 2u);  // that for Windows has nothing to say here
  EXPECT_EQ(idle[0]->where, "known.txt:2");
  EXPECT_EQ(idle[1]->where, "known.txt:4");
}

TEST(Summary, CountsVerdictsByProfileAndScoresRobustApart) {
  Ledger ledger = ledger_with("");
  ledger.add(kMust, {sample_outcome(Verdict::kPass)});
  ledger.add(kMust, {sample_outcome(Verdict::kFail, "hang")});
  ledger.add(kShould, {sample_outcome(Verdict::kPass)});
  ledger.add(kMay, {sample_outcome(Verdict::kUnresolved)});
  ledger.add(kRobust, {sample_outcome(Verdict::kPass)});
  const Summary summary = ledger.summary();
  EXPECT_EQ(summary.all[Verdict::kPass], 3);
  EXPECT_EQ(summary.by_profile.at("queue")[Verdict::kFail], 1);
  EXPECT_EQ(summary.by_profile.at("robust")[Verdict::kPass], 1);
  EXPECT_EQ(summary.by_the_book.judged, 2);  // the unresolved one is not
  EXPECT_EQ(summary.by_the_book.kept, 1);
  EXPECT_EQ(summary.robust.judged, 1);
  EXPECT_EQ(summary.robust.kept, 1);
}

}  // namespace
}  // namespace mp::conformance
