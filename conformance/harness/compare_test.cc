#include "conformance/harness/compare.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;

ResultFile file_with(std::vector<Result> results) { return {"a.json", "CPython", "3.11.7", std::move(results)}; }

Result result_of(const std::string& verdict, const std::string& start_method = "fork") {
  return {"queue_put_full.Waits", "queue.put.full", start_method, verdict, "first line\nsecond line"};
}

TEST(Compare, WhatPassedAndDoesNotIsARegression) {
  for (const std::string verdict : {"fail", "unresolved", "unsupported"}) {
    const Comparison comparison = compare(file_with({result_of("pass")}), file_with({result_of(verdict)}));
    ASSERT_EQ(comparison.regressions.size(), 1u) << verdict;
    EXPECT_EQ(comparison.regressions[0].after, verdict);
  }
}

TEST(Compare, WhatPassesAndDidNotIsAFix) {
  EXPECT_EQ(compare(file_with({result_of("fail")}), file_with({result_of("pass")})).fixes.size(), 1u);
}

TEST(Compare, AnotherWayToFailIsNeither) {
  const Comparison comparison = compare(file_with({result_of("fail")}), file_with({result_of("unresolved")}));
  EXPECT_EQ(comparison.others.size(), 1u);
  EXPECT_TRUE(comparison.regressions.empty() && comparison.fixes.empty());
}

TEST(Compare, StartMethodsAreToldApart) {
  const Comparison comparison =
      compare(file_with({result_of("pass", "fork")}), file_with({result_of("pass", "spawn")}));
  EXPECT_EQ(comparison.added.size(), 1u);
  EXPECT_EQ(comparison.gone.size(), 1u);
}

TEST(Compare, ClausesWithoutTestsAreToldApart) {
  const ResultFile file = file_with({{"", "a", "", "untested", ""}, {"", "b", "", "untested", ""}});
  EXPECT_EQ(compare(file, file).same, 2);
}

TEST(ComparisonText, NamesRegressionsAndCounts) {
  const ResultFile before = file_with({result_of("pass")}), after = file_with({result_of("fail")});
  const std::string text = comparison_text(before, after, compare(before, after));
  EXPECT_THAT(text, HasSubstr("queue.put.full [fork]  pass -> fail"));
  EXPECT_THAT(text, HasSubstr("first line\n"));
  EXPECT_THAT(text, Not(HasSubstr("second line")));
  EXPECT_THAT(text, HasSubstr("1 regressions, 0 fixes"));
}

}  // namespace
}  // namespace mp::conformance
