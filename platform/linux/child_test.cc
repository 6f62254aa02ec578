// What only this system shows: signals, reaping by others, descriptors, standard streams.
#include "platform/child.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <tuple>

#include "platform/error.h"
#include "platform/wait.h"

namespace mp::platform {
namespace {

struct Ends {
  Ends() { std::tie(here, there) = Channel::pair(); }
  Channel here, there;
};

Child ended_by(int signal) {
  return Child::fork([signal] {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    return 0;
  });
}

TEST(ChildLinuxTest, TheSignalThatEndedItIsTheCode) {
  for (const int signal : {SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGTERM, SIGRTMIN}) {
    EXPECT_EQ(ended_by(signal).wait(Deadline::never()), -signal);
  }
}

TEST(ChildLinuxTest, AStoppedChildHasNotEnded) {
  Ends ends;
  Child child = Child::fork([&] {
    ends.here.close();
    ends.there.receive(Deadline::never());
    return 0;
  });
  ASSERT_EQ(::kill(static_cast<pid_t>(child.pid()), SIGSTOP), 0);
  EXPECT_EQ(child.wait(Deadline::after(std::chrono::milliseconds(5))), std::nullopt);
  child.kill();
  EXPECT_EQ(child.wait(Deadline::never()), -SIGKILL);
}

TEST(ChildLinuxTest, OneReapedBySomebodyElseHasEnded) {
  const Child child = Child::fork([] { return 5; });
  ASSERT_EQ(::waitpid(static_cast<pid_t>(child.pid()), nullptr, 0), child.pid());
  EXPECT_EQ(child.wait(Deadline::never()), 255);
  EXPECT_EQ(child.exit_code(), 255);
}

TEST(ChildLinuxTest, WaitersComeBackFromOneReapedBySomebodyElse) {
  Ends ends;
  
  Child child = Child::fork([&] {
    ends.here.close();
    ends.there.receive(Deadline::never());
    return 5;
  });
  std::thread waiter([&] {
    const auto code = child.wait(Deadline::never());
    EXPECT_TRUE(code == 5 || code == 255) << *code;
    EXPECT_EQ(child.exit_code(), code);
  });
  ends.here.close();
  ::waitpid(static_cast<pid_t>(child.pid()), nullptr, 0);
  waiter.join();
}

TEST(ChildLinuxTest, ChildrenEndEvenWhereTheKernelReapsThem) {
  ::signal(SIGCHLD, SIG_IGN);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(Child::fork([] { return 5; }).wait(Deadline::never()).has_value());
  ::signal(SIGCHLD, SIG_DFL);
}

TEST(ChildLinuxTest, LeavesNoZombieWhenItsObjectWentFirst) {
  pid_t pid;
  {
    Ends ends;
    const Child child = Child::fork([&] {
      ends.here.close();
      ends.there.receive(Deadline::never());
      return 0;
    });
    pid = static_cast<pid_t>(child.pid());
  }
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);  // ended, not reaped
  EXPECT_EQ(Child::fork([] { return 0; }).wait(Deadline::never()), 0);
  EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG), -1);
}

TEST(ChildLinuxTest, WritesBufferedOutputOnce) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::fflush(stdout);
  const int before = ::dup(1);
  ::dup2(ends[1], 1);
  std::printf("parent;");
  std::cout << "stream;";
  const Child child = Child::fork([] {
    std::printf("child;");
    return 0;
  });
  EXPECT_EQ(child.wait(Deadline::never()), 0);
  std::fflush(stdout);
  ::dup2(before, 1);
  ::close(before);
  ::close(ends[1]);
  char buffer[100];
  const ssize_t size = ::read(ends[0], buffer, sizeof(buffer));
  ::close(ends[0]);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(size)), "parent;stream;child;");
}

// In a process of its own, which may do what it likes with its output.
TEST(ChildLinuxTest, OutputThatCannotBeWrittenEndsTheChildAndNothingElse) {
  const pid_t helper = ::fork();
  if (helper == 0) {
    std::ios::sync_with_stdio(false);
    ::dup2(::open("/dev/full", O_WRONLY), 1);
    std::cout.exceptions(std::ios::badbit);
    try {
      const Child child = Child::fork([] {
        std::cout << "more than the disk takes";
        return 0;
      });
      ::_exit(child.wait(Deadline::never()) == 1 ? 0 : 2);
    } catch (const std::ios_base::failure&) {
      ::_exit(3);  // the child, here
    }
  }
  int status = -1;
  ASSERT_EQ(::waitpid(helper, &status, 0), helper);
  EXPECT_EQ(status, 0);
}

TEST(ChildLinuxTest, AnotherProgramMayIgnoreItsMessage) {
  EXPECT_EQ(Child::spawn("/bin/true", {}, {std::vector<std::byte>(5'000'000), {}}).wait(Deadline::never()), 0);
}

// The system would end the process by SIGXFSZ.
TEST(ChildLinuxTest, AMessageBeyondTheLimitOfFilesIsRefused) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit low{1 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  EXPECT_THROW(Child::spawn("/bin/true", {}, {std::vector<std::byte>(1 << 20), {}}), OsError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
}

std::set<int> open_descriptors() {
  std::set<int> open;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (const dirent* const entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') open.insert(std::atoi(entry->d_name));
  }
  open.erase(::dirfd(directory));
  ::closedir(directory);
  return open;
}

bool is_clean() {
  if (open_descriptors() != std::set<int>{0, 1, 2}) return false;
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  struct sigaction action;
  ::sigaction(SIGINT, nullptr, &action);
  return !sigismember(&mask, SIGUSR1) && action.sa_handler == SIG_DFL;
}

TEST(ChildLinuxTest, ASpawnedChildInheritsNeitherDescriptorsNorSignals) {
  const Handle stray(::open("/dev/null", O_RDONLY));  // without close-on-exec
  sigset_t usr1, before;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &usr1, &before);
  const auto handler = ::signal(SIGINT, SIG_IGN);
  const Child child = Child::spawn("", {"clean"}, {});
  ::signal(SIGINT, handler);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(child.wait(Deadline::never()), 0);
}

TEST(ChildLinuxTest, StartsLeaveNothingOpenHere) {
  const std::set<int> before = open_descriptors();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Child::fork([] { return 0; }).wait(Deadline::never()), 0);
    EXPECT_EQ(Child::spawn("", {"clean"}, {}).wait(Deadline::never()), 0);
    EXPECT_THROW(Child::spawn("/no/such/program", {}, {}), OsError);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(ChildLinuxTest, AForgedArgumentIsRefused) {
  for (std::string argument : {"--mp-entered=", "--mp-entered=x", "--mp-entered=-1", "--mp-entered=1x",
                               "--mp-entered=99999999999", "--mp-entered=0"}) {
    char name[] = "program";
    char* argv[] = {name, argument.data(), nullptr};
    EXPECT_THROW(entered(2, argv), OsError) << argument;
  }
}

}  // namespace
}  // namespace mp::platform

int main(int argc, char** argv) {
  if (argc > 2 && std::string(argv[2]) == "clean") {
    if (!mp::platform::entered(argc, argv)) return 2;
    return mp::platform::is_clean() ? 0 : 1;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
