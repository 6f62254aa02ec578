#include "conformance/harness/junit.h"

#include "conformance/harness/samples.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;

constexpr spec::Clause kClause = sample_clause();

std::string junit_of(Verdict verdict, const std::string& message, std::string_view lines = "") {
  Ledger ledger({"A & B", "1", "linux", "", "", {}, {}, {}}, parse_expected_failures("known.txt", lines));
  ledger.add(kClause, {sample_outcome(verdict, verdict == Verdict::kPass ? "" : "hang", message)});
  return junit_xml(ledger, {{}, 7, 1.0});
}

TEST(Junit, APassIsAnEmptyCase) {
  const std::string xml = junit_of(Verdict::kPass, "");
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"A &amp; B 1\">"));
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"queue\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"queue.put.full\" name=\"queue_put_full.Waits/fork\" time=\"0\"/>"));
}

TEST(Junit, WhatIsUnexpectedIsAFailureWithItsReproduction) {
  const std::string xml = junit_of(Verdict::kFail, "expected 1\nseen 2");
  EXPECT_THAT(xml, HasSubstr("failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"unexpected\" message=\"hang: expected 1\">"));
  EXPECT_THAT(xml, HasSubstr("A put on a full queue waits."));
  EXPECT_THAT(xml, HasSubstr("--filter queue_put_full.Waits --seed 7</failure>"));
}

TEST(Junit, UnresolvedIsAnError) { EXPECT_THAT(junit_of(Verdict::kUnresolved, ""), HasSubstr("errors=\"1\"")); }

TEST(Junit, AnExpectedFailureIsSkippedWithItsReason) {
  const std::string xml = junit_of(Verdict::kFail, "", "queue fail \"hang\" bug gh-1: put <must> return");
  EXPECT_THAT(xml, HasSubstr("skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"expected failure, bug gh-1: put &lt;must&gt; return\"/>"));
}

TEST(Junit, WhatXmlCannotHoldBecomesAQuestionMark) {
  const std::string xml = junit_of(Verdict::kFail,
                                   "a\x01"
                                   "b\xff"
                                   "c\xed\xa0\x80"
                                   "d\xc3\xa4");
  EXPECT_THAT(xml, HasSubstr("a?b?c???d\xc3\xa4"));
}

}  // namespace
}  // namespace mp::conformance
