// What a testee finds where there are signals, and what becomes of them.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/launcher.h"

namespace mp::conformance {
namespace {

std::vector<std::string> shell(const std::string& script) { return {"sh", "-c", script}; }

TEST(LauncherOnPosix, ReportsASignalAsItsNegativeNumber) {
  Launcher launcher;
  launcher.start(shell("kill -9 $$"), {});
  EXPECT_EQ(launcher.finish(10).status, -9);
}

TEST(LauncherOnPosix, SendsAnySignal) {
  Launcher launcher;
  launcher.start({"sleep", "1000"}, {});
  ASSERT_EQ(launcher.look(launcher.main_pid()).size(), 1u);
  EXPECT_TRUE(launcher.kill(launcher.main_pid(), SIGTERM));
  EXPECT_EQ(launcher.finish(10).status, -SIGTERM);
}

TEST(LauncherOnPosix, SaysExactlyWhyACommandCannotBeStarted) {
  Launcher launcher;
  try {
    launcher.start({"no-such-program-anywhere"}, {});
    FAIL() << "no exception";
  } catch (const CannotRun& error) {
    EXPECT_STREQ(error.what(), "the testee cannot be started: 'no-such-program-anywhere': No such file or directory");
  }
}

TEST(LauncherOnPosix, GivesTheTesteeItsSurroundings) {
  Launcher launcher;
  launcher.start(
      shell("echo $CONFORM_TOKEN $LANG; umask; cat; ls -A \"$TMPDIR\" | wc -l; trap; ls /proc/self/fd | wc -w"),
      {{"CONFORM_TOKEN", "secret"}});
  launcher.finish(10);
  EXPECT_EQ(launcher.output(), "secret C.UTF-8\n0022\n0\n4\n");
}

TEST(LauncherOnPosix, NamesTheCommandOfWhatIsLeftBehind) {
  Launcher launcher;
  launcher.start(shell("sleep 1000 & exit 0"), {});
  const auto ending = launcher.finish(0.2);
  ASSERT_EQ(ending.leftovers.processes.size(), 1u);
  EXPECT_NE(ending.leftovers.processes[0].find("sleep 1000"), std::string::npos);
}

// Outside of namespaces the testee can do that, before or after the guard has said that it was started.
TEST(LauncherOnPosix, AsksNobodyWhenTheGuardWasKilled) {
  ::setenv(kIsolationVariable, "none", 1);
  Launcher launcher;
  ::unsetenv(kIsolationVariable);
  const auto ask_for_ever = [&] {
    launcher.start(shell("kill -9 $PPID; exec sleep 1000"), {});
    for (;;) launcher.has_ended(launcher.main_pid());
  };
  EXPECT_THROW(ask_for_ever(), CannotRun);
}

}  // namespace
}  // namespace mp::conformance
