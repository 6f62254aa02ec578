#include "conformance/harness/options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Options parsed(std::vector<std::string> words) {
  words.insert(words.begin(), "conform");
  return parse_options(words);
}

OnlyPrint printed(std::vector<std::string> words) { return std::get<OnlyPrint>(parsed(std::move(words))); }

TEST(Options, RunHasDefaults) {
  const auto run = std::get<RunOptions>(parsed({"run"}));
  EXPECT_EQ(run.testee, "");
  EXPECT_TRUE(run.start_methods.empty() && run.filters.empty());
  EXPECT_GE(run.jobs, 1);
  EXPECT_EQ(run.repeat, 1);
  EXPECT_EQ(run.seed, 1u);
  EXPECT_EQ(run.timeout_scale, 1.0);
  EXPECT_FALSE(run.keep_going);
}

TEST(Options, RunTakesEverything) {
  const auto run = std::get<RunOptions>(parsed({"run",
                                                "--testee",
                                                "python3 a.py --x",
                                                "--start-method",
                                                "fork",
                                                "--start-method",
                                                "spawn",
                                                "--filter",
                                                "queue",
                                                "--filter=!queue.put",
                                                "--jobs",
                                                "3",
                                                "--repeat",
                                                "5",
                                                "--seed",
                                                "18446744073709551615",
                                                "--expected",
                                                "e",
                                                "--write-expected",
                                                "w",
                                                "--json",
                                                "j",
                                                "--junit",
                                                "u",
                                                "--timeout-scale",
                                                "2.5",
                                                "--keep-going"}));
  EXPECT_EQ(run.testee, "python3 a.py --x");
  EXPECT_THAT(run.start_methods, ElementsAre("fork", "spawn"));
  EXPECT_THAT(run.filters, ElementsAre("queue", "!queue.put"));
  EXPECT_EQ(run.jobs, 3);
  EXPECT_EQ(run.repeat, 5);
  EXPECT_EQ(run.seed, 18446744073709551615u);
  EXPECT_EQ(run.expected + run.write_expected + run.json + run.junit, "ewju");
  EXPECT_EQ(run.timeout_scale, 2.5);
  EXPECT_TRUE(run.keep_going);
}

TEST(Options, RunTakesThePathsOfWindowsAsTheyAre) {
  EXPECT_EQ(std::get<RunOptions>(parsed({"run", "--testee", R"(\\server\py\python.exe C:\a.py)"})).testee,
            R"(\\server\py\python.exe C:\a.py)");
}

TEST(Options, TheOtherCommands) {
  EXPECT_TRUE(std::get<ListOptions>(parsed({"list", "--tests"})).tests);
  EXPECT_THAT(std::get<ListOptions>(parsed({"list", "--filter", "queue"})).filters, ElementsAre("queue"));
  EXPECT_EQ(std::get<ExplainOptions>(parsed({"explain", "queue.put"})).clause, "queue.put");
  EXPECT_TRUE(std::holds_alternative<CoverageOptions>(parsed({"coverage"})));
  EXPECT_EQ(std::get<MutantsOptions>(parsed({"mutants", "--jobs", "2"})).jobs, 2);
  EXPECT_EQ(std::get<CompareOptions>(parsed({"compare", "a", "b"})).after, "b");
  EXPECT_EQ(std::get<ReportOptions>(parsed({"report", "a", "b", "--html", "c"})).results,
            std::vector<std::string>({"a", "b"}));
}

TEST(Options, HelpTeachesAndIsNoError) {
  EXPECT_EQ(printed({"--help"}).status, 0);
  EXPECT_THAT(printed({"--help"}).text, HasSubstr("conform run --testee"));
  EXPECT_THAT(printed({"--help"}).text, HasSubstr("Exit status"));
  EXPECT_EQ(printed({"run", "--help"}).status, 0);
  EXPECT_THAT(printed({"run", "--help"}).text, HasSubstr("--start-method"));
  EXPECT_THAT(printed({"run", "--help"}).text, HasSubstr("--write-expected FILE"));
  EXPECT_THAT(printed({"run", "--help"}).text, HasSubstr("A backslash escapes only"));
}

TEST(Options, NonsenseIsStatusTwoAndNamed) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                     {"frobnicate"},
                                                                                     {"run", "--frobnicate"},
                                                                                     {"run", "word"},
                                                                                     {"run", "--filter", "a", "word"},
                                                                                     {"run", "--jobs", "0"},
                                                                                     {"run", "--jobs", "many"},
                                                                                     {"run", "--repeat", "-1"},
                                                                                     {"run", "--seed", "-1"},
                                                                                     {"run", "--timeout-scale", "0"},
                                                                                     {"run", "--timeout-scale", "nan"},
                                                                                     {"run", "--testee", ""},
                                                                                     {"run", "--filter", ""},
                                                                                     {"run", "--start-method", ""},
                                                                                     {"run", "--json", ""},
                                                                                     {"run", "--expected="},
                                                                                     {"run", "--json"},
                                                                                     {"explain"},
                                                                                     {"compare", "a"}}) {
    const Options options = parsed(words);
    ASSERT_TRUE(std::holds_alternative<OnlyPrint>(options)) << testing::PrintToString(words);
    const OnlyPrint print = std::get<OnlyPrint>(options);
    EXPECT_EQ(print.status, 2) << testing::PrintToString(words);
    EXPECT_THAT(print.text, testing::StartsWith("conform: "));
    EXPECT_THAT(print.text, HasSubstr("--help"));
  }
  EXPECT_THAT(printed({"frobnicate"}).text, HasSubstr("frobnicate"));
  EXPECT_THAT(printed({"run", "--frobnicate"}).text, HasSubstr("--frobnicate"));
  EXPECT_THAT(printed({"run", "--frobnicate"}).text, HasSubstr("run --help"));
}

TEST(Options, ComplaintsSayWhatIsWrongAndWhatWasMeant) {
  EXPECT_THAT(printed({"run", "--jbos", "2"}).text,
              testing::StartsWith("conform: --jbos 2 is not understood; did you mean --jobs"));
  EXPECT_THAT(printed({"run", "--jobs", "many"}).text, HasSubstr("--jobs: \"many\" is no whole number from 1 to 1024"));
  EXPECT_THAT(printed({"run", "--seed", "-1"}).text,
              HasSubstr("--seed: \"-1\" is no whole number from 0 to 18446744073709551615"));
  EXPECT_THAT(printed({"run", "--timeout-scale", "nan"}).text,
              HasSubstr("--timeout-scale: \"nan\" is no number from 0.01 to 1000"));
  EXPECT_THAT(printed({"run", "--testee", ""}).text, HasSubstr("--testee: it is empty: give the command"));
}

}  // namespace
}  // namespace mp::conformance
