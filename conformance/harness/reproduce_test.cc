#include "conformance/harness/reproduce.h"

#include "conformance/harness/cannot_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SplitCommand, SplitsAtBlanksOutsideQuotes) {
  EXPECT_THAT(split_command("  python3  a.py\t--x "), ElementsAre("python3", "a.py", "--x"));
  EXPECT_THAT(split_command("'a b' \"c 'd'\" e\\ f g'h'i"), ElementsAre("a b", "c 'd'", "e f", "ghi"));
  EXPECT_THAT(split_command("\"a\\\"b\" 'c\\d' ''"), ElementsAre("a\"b", "c\\d", ""));
  EXPECT_THAT(split_command(" \n"), IsEmpty());
}

TEST(SplitCommand, LeavesPathsOfWindowsAsTheyAre) {
  EXPECT_THAT(split_command(R"(C:\py\python.exe adapter.py)"), ElementsAre(R"(C:\py\python.exe)", "adapter.py"));
  EXPECT_THAT(split_command(R"("C:\my programs\python.exe" a\b.py)"),
              ElementsAre(R"(C:\my programs\python.exe)", R"(a\b.py)"));
  EXPECT_THAT(split_command(R"(C:\my\ programs\python.exe x\)"), ElementsAre(R"(C:\my programs\python.exe)", R"(x\)"));
}

TEST(SplitCommand, LeavesNetworkPathsAsTheyAre) {
  EXPECT_THAT(split_command(R"(\\server\share\a.exe \\?\C:\b)"), ElementsAre(R"(\\server\share\a.exe)", R"(\\?\C:\b)"));
  EXPECT_THAT(split_command(R"("\\server\my share\a.exe" '\\server\b')"),
              ElementsAre(R"(\\server\my share\a.exe)", R"(\\server\b)"));
}

TEST(SplitCommand, ABackslashEscapesABackslash) {
  EXPECT_THAT(split_command(R"(a\\b "c\\d" \\\\e \\ "\\" "\\\"")"),
              ElementsAre(R"(a\b)", R"(c\d)", R"(\\e)", R"(\)", R"(\)", R"(\")"));
}

TEST(SplitCommand, RefusesAnOpenQuote) {
  EXPECT_THROW(split_command("python3 'a.py"), CannotRun);
  EXPECT_THROW(split_command("\"\\\""), CannotRun);
}

TEST(Quoted, LeavesPlainWordsAlone) { EXPECT_EQ(shell_quoted("../a-b_c.py"), "../a-b_c.py"); }

TEST(Quoted, ReadsBackAsTheSameWords) {
  const std::vector<std::string> words = {"python3", "", "it's", "a b", "$HOME", "\"", "\\", "*", "!x"};
  EXPECT_EQ(split_command(shell_quoted(words)), words);
  EXPECT_THAT(split_command(shell_quoted(shell_quoted(words))), ElementsAre(shell_quoted(words)));
}

TEST(ReproduceCommand, NamesEverythingThatMatters) {
  Outcome outcome;
  outcome.test = "queue_put_full.Waits";
  outcome.start_method = "spawn";
  EXPECT_EQ(reproduce_command({{"python3", "my adapter.py"}, 7, 1.0}, outcome),
            program_name() +
                " run --testee 'python3 '\\''my adapter.py'\\''' --start-method spawn "
                "--filter queue_put_full.Waits --seed 7");
  EXPECT_EQ(reproduce_command({{}, 1, 2.5}, outcome),
            program_name() + " run --start-method spawn --filter queue_put_full.Waits --seed 1 --timeout-scale 2.5");
}

TEST(ReproduceCommand, EachRepetitionHasItsSeed) {
  const HowItRan how{{}, 7, 1.0};
  EXPECT_EQ(how.of_repetition(0).seed, 7u);
  EXPECT_EQ(how.of_repetition(3).seed, 10u);
}

}  // namespace
}  // namespace mp::conformance
