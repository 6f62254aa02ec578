#include "conformance/harness/launcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/seen_thread.h"

namespace mp::conformance {
namespace {

constexpr int kKill = 9;  // SIGKILL, where there are signals

std::vector<std::string> testee(std::vector<std::string> words) {
  words.insert(words.begin(), std::getenv("OBEDIENT_TESTEE"));
  return words;
}

std::string printed(const std::vector<std::string>& words) {
  Launcher launcher;
  launcher.start(testee(words), {{"CONFORM_TOKEN", "secret"}});
  EXPECT_EQ(launcher.finish(60).status, 0);
  return launcher.output();
}

std::vector<std::string> for_ever() { return testee({"sleep", "1000000"}); }

TEST(Launcher, ReportsTheStatusOfTheMainProcess) {
  Launcher launcher;
  launcher.start(testee({"exit", "3"}), {});
  const auto ending = launcher.finish(60);
  EXPECT_EQ(ending.status, 3);
  EXPECT_TRUE(ending.leftovers.empty()) << ending.leftovers.text();
}

TEST(Launcher, HasNoStatusOfAProcessThatRuns) {
  Launcher launcher;
  launcher.start(for_ever(), {});
  const auto ending = launcher.finish(0.1);
  EXPECT_EQ(ending.status, std::nullopt);
  ASSERT_EQ(ending.leftovers.processes.size(), 1u);
  EXPECT_TRUE(ending.leftovers.processes[0].starts_with("process " + std::to_string(launcher.main_pid()) + ": "));
}

TEST(Launcher, SaysWhichCommandCannotBeStarted) {
  Launcher launcher;
  try {
    launcher.start({"no-such-program-anywhere"}, {});
    FAIL() << "no exception";
  } catch (const CannotRun& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with("the testee cannot be started: 'no-such-program-anywhere': ")) << text;
  }
}

TEST(Launcher, GivesTheTesteeItsArgumentsAsTheyAre) {
  EXPECT_EQ(printed({"print", "", "a b", "tab\there", "say \"no\"", "C:\\dir\\", "C:\\my dir\\", "\\\"", "*", ""}),
            "[][a b][tab\there][say \"no\"][C:\\dir\\][C:\\my dir\\][\\\"][*][]");
}

TEST(Launcher, GivesTheTesteeItsEnvironment) { EXPECT_EQ(printed({"print-variable", "CONFORM_TOKEN"}), "[secret]"); }

TEST(Launcher, GivesTheTesteeAnEmptyInput) { EXPECT_EQ(printed({"print-input"}), "[]"); }

TEST(Launcher, KeepsStandardErrorToo) { EXPECT_EQ(printed({"complain", "no such module"}), "no such module"); }

TEST(Launcher, KeepsTheBeginningAndTheEndOfAFlood) {
  const std::string output = printed({"flood", "10000000"});
  EXPECT_LT(output.size(), 100'000u);
  EXPECT_TRUE(output.starts_with("firstxxx"));
  EXPECT_TRUE(output.ends_with("xxxlast"));
  EXPECT_NE(output.find(" bytes are left out "), std::string::npos);
}

TEST(Launcher, SeesProcessesThatAreLeftBehind) {
  Launcher launcher;
  launcher.start(testee({"leave-process", "sleep", "1000000"}), {});
  auto ending = launcher.finish(0);
  while (!ending.status) ending = launcher.finish(0.01);
  EXPECT_EQ(ending.status, 0);
  ASSERT_EQ(ending.leftovers.processes.size(), 1u);
  EXPECT_NE(ending.leftovers.processes[0].find("obedient_testee"), std::string::npos) << ending.leftovers.text();
}

TEST(Launcher, SeesFilesThatAreLeftBehind) {
  Launcher launcher;
  launcher.start(testee({"leave-file"}), {});
  const auto ending = launcher.finish(60);
  EXPECT_EQ(ending.status, 0);
  ASSERT_EQ(ending.leftovers.files.size(), 1u);
  EXPECT_TRUE(ending.leftovers.files[0].ends_with("forgotten")) << ending.leftovers.text();
}

TEST(Launcher, FinishesAsSoonAsTheLastProcessHasEnded) {
  Launcher launcher;
  launcher.start(testee({"leave-process", "sleep", "300"}), {});
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(launcher.finish(1000).leftovers.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(500));
}

// Or what one names by its process id would be the other's.
TEST(Launcher, TwoTesteesAtATimeHaveOtherProcessIds) {
  Launcher one, other;
  one.start(for_ever(), {});
  other.start(for_ever(), {});
  EXPECT_NE(one.main_pid(), other.main_pid());
}

TEST(Launcher, KillsFromOutside) {
  Launcher launcher;
  launcher.start(for_ever(), {});
  EXPECT_FALSE(launcher.has_ended(launcher.main_pid()));
  EXPECT_TRUE(launcher.kill(launcher.main_pid(), kKill));
  const auto status = launcher.finish(60).status;
  ASSERT_NE(status, std::nullopt);
  EXPECT_EQ(std::abs(*status), kKill);
  EXPECT_TRUE(launcher.has_ended(launcher.main_pid()));
  EXPECT_FALSE(launcher.kill(launcher.main_pid(), kKill));
}

// Neither a number that it has not, nor one that would be another in fewer bits: 0 is a group for some systems.
TEST(Launcher, KillsNobodyElse) {
  Launcher launcher;
  launcher.start(for_ever(), {});
  for (const std::int64_t wider : {std::int64_t{1} << 31, std::int64_t{1} << 32, std::int64_t{1} << 40}) {
    EXPECT_FALSE(launcher.kill(wider, kKill));
    EXPECT_FALSE(launcher.kill(wider + launcher.main_pid(), kKill));
    EXPECT_FALSE(launcher.kill(-wider, kKill));
  }
  for (const std::int64_t pid : {std::int64_t{-1}, std::int64_t{0}, -launcher.main_pid()}) {
    EXPECT_FALSE(launcher.kill(pid, kKill)) << pid;
  }
  EXPECT_FALSE(launcher.has_ended(launcher.main_pid()));
}

TEST(Launcher, LooksFromOutside) {
  Launcher launcher;
  launcher.start(for_ever(), {});
  EXPECT_FALSE(launcher.look(launcher.main_pid()).empty());
  EXPECT_TRUE(launcher.look(std::int64_t{1} << 40).empty());
}

class Paused : public testing::Test {
 protected:
  Paused() { launcher_.start(for_ever(), {}); }

  bool stands() {
    const auto threads = launcher_.look(launcher_.main_pid());
    return std::ranges::all_of(threads, [](const SeenThread& thread) { return thread.state == 'T'; });
  }
  void await(bool standing) {
    while (stands() != standing) std::this_thread::yield();
  }

  Launcher launcher_;
};

TEST_F(Paused, StandsStillUntilItIsResumed) {
  EXPECT_TRUE(launcher_.pause(launcher_.main_pid()));
  await(true);
  EXPECT_TRUE(launcher_.resume(launcher_.main_pid()));
  await(false);
}

TEST_F(Paused, IsResumedOnceHoweverOftenItWasPaused) {
  EXPECT_TRUE(launcher_.pause(launcher_.main_pid()));
  EXPECT_TRUE(launcher_.pause(launcher_.main_pid()));
  await(true);
  EXPECT_TRUE(launcher_.resume(launcher_.main_pid()));
  await(false);
}

TEST_F(Paused, CanBeKilled) {
  EXPECT_TRUE(launcher_.pause(launcher_.main_pid()));
  EXPECT_TRUE(launcher_.kill(launcher_.main_pid(), kKill));
  EXPECT_NE(launcher_.finish(60).status, std::nullopt);
}

TEST_F(Paused, MustBeOfTheTestee) {
  EXPECT_FALSE(launcher_.pause(std::int64_t{1} << 40));
  EXPECT_FALSE(launcher_.resume(std::int64_t{1} << 40));
}

}  // namespace
}  // namespace mp::conformance
