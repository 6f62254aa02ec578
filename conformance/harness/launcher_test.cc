#include "conformance/harness/launcher.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "conformance/harness/cannot_run.h"

namespace mp::conformance {
namespace {

std::vector<std::string> shell(const std::string& script) { return {"sh", "-c", script}; }

TEST(Launcher, ReportsTheStatusOfTheMainProcess) {
  Launcher launcher;
  launcher.start(shell("exit 3"), {});
  const auto ending = launcher.finish(10);
  EXPECT_EQ(ending.status, 3);
  EXPECT_TRUE(ending.leftovers.empty()) << ending.leftovers.text();
}

TEST(Launcher, ReportsASignalAsItsNegativeNumber) {
  Launcher launcher;
  launcher.start(shell("kill -9 $$"), {});
  EXPECT_EQ(launcher.finish(10).status, -9);
}

TEST(Launcher, SaysExactlyWhyACommandCannotBeStarted) {
  Launcher launcher;
  try {
    launcher.start({"no-such-program-anywhere"}, {});
    FAIL() << "no exception";
  } catch (const CannotRun& error) {
    EXPECT_STREQ(error.what(), "the testee cannot be started: 'no-such-program-anywhere': No such file or directory");
  }
}

TEST(Launcher, GivesTheTesteeItsSurroundings) {
  Launcher launcher;
  launcher.start(shell("echo $CONFORM_TOKEN $LANG; umask; cat; ls -A \"$TMPDIR\" | wc -l; trap; ls /proc/self/fd | wc -w"),
                 {{"CONFORM_TOKEN", "secret"}});
  launcher.finish(10);
  EXPECT_EQ(launcher.output(), "secret C.UTF-8\n0022\n0\n4\n");
}

TEST(Launcher, SeesAndEndsWhatIsLeftBehind) {
  Launcher launcher;
  launcher.start(shell("sleep 1000 & echo x > \"$TMPDIR/forgotten\"; exit 0"), {});
  const auto ending = launcher.finish(0.2);
  EXPECT_EQ(ending.status, 0);
  ASSERT_EQ(ending.leftovers.processes.size(), 1u);
  EXPECT_NE(ending.leftovers.processes[0].find("sleep 1000"), std::string::npos);
  EXPECT_EQ(ending.leftovers.files.size(), 1u);
}

TEST(Launcher, FinishesAsSoonAsTheLastProcessHasEnded) {
  Launcher launcher;
  launcher.start(shell("(sleep 0.3; true) & exit 0"), {});
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(launcher.finish(60).leftovers.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30));
}

// Or what one names by its process id would be the other's.
TEST(Launcher, TwoTesteesAtATimeHaveOtherProcessIds) {
  Launcher one, other;
  one.start(shell("sleep 1000"), {});
  other.start(shell("sleep 1000"), {});
  EXPECT_NE(one.main_pid(), other.main_pid());
}

TEST(Launcher, KillsAndLooksFromOutside) {
  Launcher launcher;
  launcher.start({"sleep", "1000"}, {});
  EXPECT_FALSE(launcher.has_ended(launcher.main_pid()));
  ASSERT_EQ(launcher.look(launcher.main_pid()).size(), 1u);
  EXPECT_TRUE(launcher.kill(launcher.main_pid(), SIGTERM));
  EXPECT_EQ(launcher.finish(10).status, -SIGTERM);
  EXPECT_TRUE(launcher.has_ended(launcher.main_pid()));
  EXPECT_FALSE(launcher.kill(99999, 0));
}

TEST(Launcher, PausesFromOutside) {
  Launcher launcher;
  launcher.start({"sleep", "1000"}, {});
  const auto state = [&] { return launcher.look(launcher.main_pid()).at(0).state; };
  EXPECT_TRUE(launcher.pause(launcher.main_pid()));
  while (state() != 'T') std::this_thread::yield();
  EXPECT_TRUE(launcher.resume(launcher.main_pid()));
  while (state() == 'T') std::this_thread::yield();
  EXPECT_FALSE(launcher.pause(99999));
  EXPECT_FALSE(launcher.resume(99999));
}

TEST(Launcher, KeepsTheBeginningAndTheEndOfAFlood) {
  Launcher launcher;
  launcher.start(shell("echo first; head -c 10000000 /dev/zero | tr '\\0' x; echo; echo last"), {});
  EXPECT_EQ(launcher.finish(60).status, 0);
  const std::string output = launcher.output();
  EXPECT_LT(output.size(), 100'000u);
  EXPECT_TRUE(output.starts_with("first\nxxx"));
  EXPECT_TRUE(output.ends_with("xxx\nlast\n"));
  EXPECT_NE(output.find(" bytes are left out "), std::string::npos);
}

}  // namespace
}  // namespace mp::conformance
