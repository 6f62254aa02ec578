#include "conformance/harness/expected_failures.h"

#include <filesystem>
#include <fstream>

#include "conformance/harness/cannot_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Implementation kCPython{"CPython", "3.11.7", "linux", "python", "3.11", {"fork", "spawn"}, {"queue"}, {}};

Expectation parsed(const std::string& line) {
  const std::vector<Expectation> all = parse_expected_failures("known.txt", line);
  EXPECT_EQ(all.size(), 1u);
  return all.at(0);
}

std::string complaint_about(const std::string& text) {
  try {
    parse_expected_failures("known.txt", text);
  } catch (const CannotRun& error) {
    return error.what();
  }
  return "no complaint";
}

Outcome hang_under(const std::string& start_method) {
  return {.test = "queue_get_cut.TimesOut",
          .clause = "queue.get.cut",
          .start_method = start_method,
          .verdict = Verdict::kFail,
          .cause = "hang",
          .message = "get did not return in 3 s",
          .transcript = "",
          .seconds = 3,
          .isolation = ""};
}

TEST(ExpectedFailures, ALineHasPatternConditionsVerdictSymptomClassAndReason) {
  const Expectation line = parsed(
      "queue.get.cut  [fork spawn; linux; version >= 3.8; version < 4]  fail \"hang\"  bug gh-87971: get # must time "
      "out");
  EXPECT_EQ(line.where, "known.txt:1");
  EXPECT_EQ(line.pattern, "queue.get.cut");
  EXPECT_THAT(line.start_methods, ElementsAre("fork", "spawn"));
  EXPECT_THAT(line.systems, ElementsAre("linux"));
  ASSERT_EQ(line.versions.size(), 2u);
  EXPECT_EQ(line.versions[1].comparison, "<");
  EXPECT_EQ(line.verdict, Verdict::kFail);
  EXPECT_EQ(line.symptom, "hang");
  EXPECT_EQ(line.kind, "bug");
  EXPECT_EQ(line.address, "gh-87971");
  EXPECT_EQ(line.reason, "get # must time out");
}

TEST(ExpectedFailures, AnAddressMayContainColons) {
  EXPECT_EQ(parsed("a fail \"x\" bug https://example.org/1: why").address, "https://example.org/1");
}

TEST(ExpectedFailures, ConditionsMayBeLeftOut) {
  const Expectation line = parsed("a.* unsupported \"*\" not-implemented: there is none");
  EXPECT_THAT(line.start_methods, IsEmpty());
  EXPECT_EQ(line.verdict, Verdict::kUnsupported);
  EXPECT_EQ(line.kind, "not-implemented");
}

TEST(ExpectedFailures, CommentsAndEmptyLinesCountAsLinesOnly) {
  const auto all = parse_expected_failures("f", "# a comment\r\n\n  \t\n  # another\na fail \"x\" platform: y\r\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].where, "f:5");
  EXPECT_EQ(all[0].reason, "y");
}

TEST(ExpectedFailures, EveryBadLineIsNamedWithWhatToDo) {
  const std::string complaint =
      complaint_about("a broken \"x\" bug g: y\n\nb fail \"x\" bug g: y\nc [fork fail \"x\" bug g: y\n");
  EXPECT_THAT(complaint, HasSubstr("known.txt:1: \"broken\" stands where the verdict is expected: write fail"));
  EXPECT_THAT(complaint, HasSubstr("known.txt:4: a [ has no ] behind it"));
  EXPECT_THAT(complaint, Not(HasSubstr("known.txt:3")));
}

TEST(ExpectedFailures, WhatIsMissingIsAskedFor) {
  EXPECT_THAT(complaint_about("a"), HasSubstr("verdict"));
  EXPECT_THAT(complaint_about("a fail"), HasSubstr("symptom is missing"));
  EXPECT_THAT(complaint_about("a fail \"\" bug g: y"), HasSubstr("symptom is missing"));
  EXPECT_THAT(complaint_about("a fail \"x"), HasSubstr("a \" has no \""));
  EXPECT_THAT(complaint_about("a fail \"x\""), HasSubstr("nobody has said yet why"));
  EXPECT_THAT(complaint_about("a fail \"x\" ?:"), HasSubstr("nobody has said yet why"));
  EXPECT_THAT(complaint_about("a fail \"x\" bug:"), HasSubstr("bug has no address"));
  EXPECT_THAT(complaint_about("a fail \"x\" bug gh-1:"), HasSubstr("reason is missing"));
  EXPECT_THAT(complaint_about("a fail \"x\" platform:"), HasSubstr("reason is missing"));
  EXPECT_THAT(complaint_about("a fail \"x\" weather: rain"), HasSubstr("the class \"weather\" is unknown"));
  EXPECT_THAT(complaint_about("a [threads] fail \"x\" platform: y"), HasSubstr("condition \"threads\" is unknown"));
  EXPECT_THAT(complaint_about("a [version 3.8] fail \"x\" platform: y"), HasSubstr("version condition"));
  EXPECT_THAT(complaint_about("a [version >= new] fail \"x\" platform: y"), HasSubstr("version condition"));
}

TEST(ExpectedFailures, AFileThatIsNotThereIsNamed) {
  try {
    read_expected_failures("/no/such/file.txt");
    FAIL() << "no complaint";
  } catch (const CannotRun& error) {
    EXPECT_THAT(error.what(), HasSubstr("/no/such/file.txt cannot be read"));
  }
}

TEST(ExpectedFailures, ADirectoryIsNotAFile) { EXPECT_THROW(read_expected_failures("/"), CannotRun); }

TEST(VersionBound, ComparesAsManyNumbersAsAreWritten) {
  const auto holds = [](const char* comparison, const char* bound, const char* version) {
    return VersionBound{comparison, bound}.holds_for(version);
  };
  EXPECT_TRUE(holds("=", "3.11", "3.11.7"));
  EXPECT_FALSE(holds(">", "3.11", "3.11.7"));
  EXPECT_TRUE(holds("<=", "3.11", "3.11.7"));
  EXPECT_TRUE(holds(">=", "3.8", "3.11.7"));
  EXPECT_TRUE(holds("<", "3.12", "3.11.7"));
  EXPECT_FALSE(holds("<", "3.9", "3.11"));
  EXPECT_TRUE(holds(">=", "3.14.0", "3.14.0a1"));
  EXPECT_FALSE(holds("=", "3.11.1", "3.11"));
}

TEST(Expectation, ConcernsTheStartMethodsSystemsAndVersionsOfItsConditions) {
  EXPECT_TRUE(parsed("queue [fork] fail \"x\" platform: y").concerns(hang_under("fork"), kCPython));
  EXPECT_FALSE(parsed("queue [fork] fail \"x\" platform: y").concerns(hang_under("spawn"), kCPython));
  EXPECT_FALSE(parsed("queue [windows] fail \"x\" platform: y").concerns(hang_under("fork"), kCPython));
  EXPECT_FALSE(parsed("queue [version > 3.11] fail \"x\" platform: y").concerns(hang_under("fork"), kCPython));
  EXPECT_FALSE(parsed("lock fail \"x\" platform: y").concerns(hang_under("fork"), kCPython));
  EXPECT_TRUE(parsed("queue_get_cut.TimesOut fail \"x\" platform: y").concerns(hang_under("fork"), kCPython));
}

TEST(Expectation, ForeseesTheCauseOrAPartOfTheMessage) {
  EXPECT_TRUE(parsed("q fail \"hang\" platform: y").foresees(hang_under("fork")));
  EXPECT_TRUE(parsed("q fail \"not return in ? s\" platform: y").foresees(hang_under("fork")));
  EXPECT_FALSE(parsed("q fail \"crash\" platform: y").foresees(hang_under("fork")));
  EXPECT_FALSE(parsed("q unresolved \"hang\" platform: y").foresees(hang_under("fork")));
}

TEST(Draft, HasOneLineForWhatAllStartMethodsShare) {
  const std::string draft =
      draft_expected_failures({hang_under("fork"), hang_under("spawn")}, kCPython, {"fork", "spawn"});
  EXPECT_THAT(draft, HasSubstr("\nqueue_get_cut.TimesOut  fail \"hang\"  ?:\n"));
}

TEST(Draft, NamesTheStartMethodsWhenTheyDiffer) {
  Outcome crash = hang_under("spawn");
  crash.cause = "crash";
  const std::string draft = draft_expected_failures({hang_under("fork"), crash}, kCPython, {"fork", "spawn"});
  EXPECT_THAT(draft, HasSubstr("queue_get_cut.TimesOut  [spawn]  fail \"crash\"  ?:\n"));
  EXPECT_THAT(draft, HasSubstr("queue_get_cut.TimesOut  [fork]  fail \"hang\"  ?:\n"));
}

TEST(Draft, LeavesPassesOut) {
  Outcome pass = hang_under("fork");
  pass.verdict = Verdict::kPass;
  EXPECT_THAT(draft_expected_failures({pass}, kCPython, {"fork"}), Not(HasSubstr("queue_get_cut")));
}

TEST(Draft, IsRefusedUntilThereAreReasonsAndAcceptedWithThem) {
  Outcome quoting = hang_under("fork");
  quoting.cause = "";
  quoting.message = "expected \"a\"\nseen \"b\"";
  std::string draft = draft_expected_failures({quoting}, kCPython, {"fork"});
  EXPECT_THROW(parse_expected_failures("draft", draft), CannotRun);
  draft.replace(draft.find("?:\n"), 3, "platform: because\n");
  const auto all = parse_expected_failures("draft", draft);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].foresees(quoting));
}

TEST(ExpectedFailures, AreFoundBesideTheAdapter) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "adapter_with_expectations";
  std::filesystem::create_directories(folder / "expected");
  std::ofstream(folder / "adapter.py") << "";
  std::ofstream(folder / "expected" / "my-own-processes.txt") << "";
  Implementation implementation;
  implementation.name = "My own processes";
  const std::string adapter = (folder / "adapter.py").string();
  EXPECT_EQ(expected_failures_beside({"python3", adapter, "--module", "own"}, implementation),
            (folder / "expected" / "my-own-processes.txt").string());
  implementation.name = "another";
  EXPECT_EQ(expected_failures_beside({"python3", adapter}, implementation), "");
  EXPECT_EQ(expected_failures_beside({"python3"}, implementation), "");
}

}  // namespace
}  // namespace mp::conformance
