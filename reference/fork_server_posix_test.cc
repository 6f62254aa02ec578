#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "platform/child.h"
#include "platform/wait.h"
#include "reference/error.h"
#include "reference/fork_server.h"
#include "reference/process.h"
#include "reference/process_line.h"
#include "reference/start_method.h"

namespace mp {
namespace {

std::int64_t system_parent() {
  auto [near, far] = Line::pair();
  Process process([](Line line) { line.say(std::to_string(::getppid())); }, far);
  process.start();
  const std::int64_t parent = std::stoll(near.hear());
  process.join();
  return parent;
}

class ForkServerTest : public testing::Test {
 protected:
  void SetUp() override { set_start_method("forkserver", true); }
};

TEST_F(ForkServerTest, OneServesAllStarts) {
  const std::int64_t server = system_parent();
  EXPECT_NE(server, platform::this_pid());
  EXPECT_EQ(system_parent(), server);
}

TEST_F(ForkServerTest, ANewOneIsBegunWhenItWasKilled) {
  auto [near, far] = Line::pair();
  Process process([](Line line) { line.say("began"), line.hear(), exit(4); }, far);
  process.start();
  EXPECT_EQ(near.hear(), "began");
  const std::int64_t server = system_parent();
  ::kill(static_cast<pid_t>(server), SIGKILL);
  EXPECT_NE(system_parent(), server);  // without waiting for its death
  EXPECT_TRUE(process.is_alive());
  near.say("end");
  process.join();
  EXPECT_EQ(process.exitcode(), 255);  // the true one died with the server
}

// It does not tell what became of its children; others need not wait for that.
TEST_F(ForkServerTest, AStoppedOneHoldsUpNoOtherStarts) {
  auto [near, far] = Line::pair();
  Process process([](Line line) { line.hear(), exit(4); }, far);
  process.start();
  const auto server = static_cast<pid_t>(system_parent());
  ASSERT_EQ(::kill(server, SIGSTOP), 0);
  near.say("end");
  const platform::NativeHandle sentinel = process.sentinel();
  platform::wait_any({&sentinel, 1}, platform::Deadline::never());
  set_start_method("spawn", true);
  Process other([] { exit(5); });
  EXPECT_EQ(finish(other), 5);
  EXPECT_EQ(active_children().size(), 1u);
  ASSERT_EQ(::kill(server, SIGCONT), 0);
  process.join();
  EXPECT_EQ(process.exitcode(), 4);
  EXPECT_TRUE(active_children().empty());
}

// Such a copy keeps the server's channel open. Here it ends by itself, long after all others would have gone on.
TEST_F(ForkServerTest, IsStoppedWhileACopyOfTheProgramRuns) {
  system_parent();
  const pid_t copy = ::fork();
  if (copy == 0) {
    ::alarm(60);
    for (;;) ::pause();
  }
  fork_server::stop();
  EXPECT_EQ(::waitpid(copy, nullptr, WNOHANG), 0);
  ::kill(copy, SIGKILL);
  ::waitpid(copy, nullptr, 0);
}

// In the server, before each fork: lets the creator do something first, and waits until it has. All signals are blocked there.
void ask_creator() {
  ::kill(::getppid(), SIGUSR1);
  sigset_t answer;
  sigemptyset(&answer);
  sigaddset(&answer, SIGUSR1);
  int number;
  ::sigwait(&answer, &number);
}

// In the creator: at the first time it may open no more descriptors from now on, so that it cannot take the answer.
bool is_first;
rlimit descriptors;
void answer_server(int, siginfo_t* server, void*) {
  if (std::exchange(is_first, false)) {
    const rlimit no_more{1, descriptors.rlim_max};  // poll() refuses at none
    ::setrlimit(RLIMIT_NOFILE, &no_more);
  }
  ::kill(server->si_pid, SIGUSR1);
}

TEST_F(ForkServerTest, AChildWhoseAnswerCannotBeTakenDoesNothing) {
  // UBSan looks through a pipe at a class that it meets for the first time, and finds it bad when no descriptor is left for one: it knows
  // those of this error from here on.
  EXPECT_THROW(raise(platform::OsError("recvmsg", EMFILE)), OSError);
  set_forkserver_preload({[] { ::pthread_atfork(ask_creator, nullptr, nullptr); }});
  fork_server::stop();
  is_first = true;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &descriptors), 0);
  struct sigaction answer {}, before;
  answer.sa_sigaction = answer_server;
  answer.sa_flags = SA_SIGINFO;
  ASSERT_EQ(::sigaction(SIGUSR1, &answer, &before), 0);
  auto [near, far] = Line::pair();
  Process process([](Line line) { line.say("ran"); }, far);
  far.close();
  EXPECT_THROW(process.start(), OSError);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &descriptors), 0);
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(near.hear(), "ran");
  EXPECT_EQ(near.hear(), "(end)");
  set_forkserver_preload({});
  fork_server::stop();
  ::sigaction(SIGUSR1, &before, nullptr);
}

int preloaded = 0;

TEST_F(ForkServerTest, PreloadsWhatItsChildrenFind) {
  set_forkserver_preload({[] { preloaded = 5; }, [] { throw ValueError("ignored"); }, [] { ++preloaded; }});
  fork_server::stop();
  Process process([] { exit(preloaded); });
  EXPECT_EQ(finish(process), 6);
  EXPECT_EQ(preloaded, 0);
  set_forkserver_preload({});
  fork_server::stop();
}

}  // namespace
}  // namespace mp
