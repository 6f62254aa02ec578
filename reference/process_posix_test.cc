// What only systems with signals and copies of processes have.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reference/error.h"
#include "reference/process.h"
#include "reference/process_line.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using ProcessSignalTest = ByEachMethod;

INSTANTIATE_TEST_SUITE_P(By, ProcessSignalTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

TEST_P(ProcessSignalTest, ExitCodeHasEightBitsAndNamesASignal) {
  const std::pair<void (*)(), int> cases[] = {
      {[] { exit(256); }, 0},
      {[] { exit(-1); }, 255},
      {[] { ::raise(SIGKILL); }, -SIGKILL},
      {[] { ::signal(SIGSEGV, SIG_DFL), ::raise(SIGSEGV); }, -SIGSEGV},
      {[] { ::signal(SIGABRT, SIG_DFL), std::abort(); }, -SIGABRT},
  };
  for (const auto& [function, code] : cases) {
    Process process(function);
    EXPECT_EQ(finish(process), code);
  }
}

TEST_P(ProcessSignalTest, TerminateAndKillAreTheirSignals) {
  const auto one = Line::pair(), other = Line::pair();  // whose near ends stay open: a child leaves at the end of its line
  Process terminated(wait_for_ever, one.second);
  Process killed(wait_for_ever, other.second);
  terminated.start();
  killed.start();
  terminated.terminate();
  killed.kill();
  terminated.join();
  killed.join();
  EXPECT_EQ(terminated.exitcode(), -SIGTERM);
  EXPECT_EQ(killed.exitcode(), -SIGKILL);
}

TEST_P(ProcessSignalTest, DoesNotInheritItsCreatorsSignalHandlersAndMask) {
  const auto before = ::signal(SIGTERM, [](int) { ::_exit(3); });
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  Process process(wait_for_ever, far_end());
  process.start();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::signal(SIGTERM, before);
  EXPECT_EQ(line().hear(), "waits");
  process.terminate();
  process.join();
  EXPECT_EQ(process.exitcode(), -SIGTERM);
}

TEST_P(ProcessSignalTest, IgnoresNothingThatItsCreatorIgnored) {
  const auto before = ::signal(SIGUSR1, SIG_IGN);
  Process process([] { ::raise(SIGUSR1); });
  EXPECT_EQ(finish(process), -SIGUSR1);
  ::signal(SIGUSR1, before);
}

// A signal that comes before the copy is itself finds no handler, either.
TEST_P(ProcessSignalTest, EndsWhenToldAtOnce) {
  const auto before = ::signal(SIGTERM, [](int) { ::_exit(3); });
  for (int round = 0; round < 20; ++round) {
    Process process(wait_for_ever, far_end());
    process.start();
    process.terminate();
    process.join();
    EXPECT_EQ(process.exitcode(), -SIGTERM);
  }
  ::signal(SIGTERM, before);
}

// Only a copy has objects of its creator.
TEST(ForkedProcess, CannotAskOrEndItsSibling) {
  set_start_method("fork", true);
  auto [near, far] = Line::pair();
  Process sibling(wait_for_ever, far);
  sibling.start();
  EXPECT_EQ(near.hear(), "waits");
  Process process([&sibling] {
    int refused = 0;
    for (const auto& act : std::vector<std::function<void()>>{[&] { sibling.join(); }, [&] { sibling.is_alive(); },
                                                              [&] { sibling.exitcode(); }, [&] { sibling.terminate(); },
                                                              [&] { sibling.kill(); }, [&] { sibling.close(); }}) {
      try {
        act();
      } catch (const AssertionError&) {
        ++refused;
      }
    }
    exit(refused);
  });
  EXPECT_EQ(finish(process), 6);
  EXPECT_TRUE(sibling.is_alive());
  sibling.terminate();
  sibling.join();
}

// What that thread had locked stays locked in the copy.
TEST(ForkedProcess, IsRefusedItsSiblingWhateverAnotherThreadDidWithIt) {
  set_start_method("fork", true);
  auto [near, far] = Line::pair();
  Process sibling(wait_for_ever, far);
  sibling.start();
  EXPECT_EQ(near.hear(), "waits");
  std::atomic<bool> done = false;
  std::thread other([&] {
    while (!done) sibling.set_name("a name that is too long to be kept in the object itself");
  });
  for (int round = 0; round < 300; ++round) {
    Process process([&sibling] {
      try {
        sibling.is_alive();
      } catch (const AssertionError&) {
        exit(1);
      }
    });
    EXPECT_EQ(finish(process), 1);
  }
  done = true;
  other.join();
  sibling.terminate();
  sibling.join();
}

}  // namespace
}  // namespace mp
