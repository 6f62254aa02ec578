#include "platform/endpoint.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "platform/error.h"

namespace mp::platform {
namespace {

namespace fs = std::filesystem;
using Family = Address::Family;

// A directory for temporary files of its own, short enough for the paths of sockets.
class UnixEndpointTest : public testing::Test {
 protected:
  UnixEndpointTest() {
    EXPECT_NE(::mkdtemp(directory_.data()), nullptr);
    use(directory_);
  }
  ~UnixEndpointTest() override {
    fs::remove_all(directory_);
    if (before_.empty()) {
      ::unsetenv("TMPDIR");
    } else {
      use(before_);
    }
  }

  void use(const std::string& directory) { ::setenv("TMPDIR", directory.c_str(), 1); }
  std::size_t entries() const { return std::distance(fs::directory_iterator(directory_), fs::directory_iterator()); }
  Address in_directory(const std::string& name) const { return {Family::kUnix, directory_ + "/" + name, 0}; }

  std::string before_ = std::getenv("TMPDIR") == nullptr ? "" : std::getenv("TMPDIR");
  std::string directory_ = "/tmp/endpoint-test-XXXXXX";
};

// Runs in a copy of this process, which then ends without cleaning up.
template <class Body>
void in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
}

// Zero when it throws nothing.
template <class Attempt>
int code_of(Attempt attempt) {
  try {
    attempt();
    return 0;
  } catch (const OsError& error) {
    return error.code();
  }
}

TEST_F(UnixEndpointTest, DirectoryOfItsChoiceIsPrivateAndGoesWithIt) {
  Endpoint endpoint = Endpoint::listen_anywhere(Family::kUnix, 1);
  const fs::path path = endpoint.address().name;
  EXPECT_EQ(path.parent_path().parent_path(), directory_);
  EXPECT_EQ(fs::status(path.parent_path()).permissions(), fs::perms::owner_all);
  EXPECT_TRUE(fs::is_socket(path));
  endpoint.close();
  EXPECT_EQ(entries(), 0u);
}

TEST_F(UnixEndpointTest, FileGoesWithIt) {
  Endpoint endpoint = Endpoint::listen(in_directory("a"), 1);
  EXPECT_EQ(entries(), 1u);
  endpoint.close();
  EXPECT_EQ(entries(), 0u);
  EXPECT_TRUE(Endpoint::listen(in_directory("a"), 1));
}

TEST_F(UnixEndpointTest, FileThatIsNotItsOwnAnyMoreStays) {
  Endpoint first = Endpoint::listen(in_directory("a"), 1);
  fs::remove(in_directory("a").name);
  Endpoint second = Endpoint::listen(in_directory("a"), 1);
  first.close();
  EXPECT_TRUE(Endpoint::connect(in_directory("a"), Deadline::never()));
}

TEST_F(UnixEndpointTest, AChildThatEndsLeavesTheFileOfItsParent) {
  Endpoint endpoint = Endpoint::listen_anywhere(Family::kUnix, 1);
  in_child([&] { endpoint.close(); });
  EXPECT_TRUE(Endpoint::connect(endpoint.address(), Deadline::never()));
}

TEST_F(UnixEndpointTest, WhatAKilledProcessLeftIsRemovedByTheNext) {
  for (int i = 0; i < 3; ++i) in_child([] { new Endpoint(Endpoint::listen_anywhere(Family::kUnix, 1)); });
  EXPECT_EQ(entries(), 1u);  // the last one; it had removed the one before it
  Endpoint endpoint = Endpoint::listen_anywhere(Family::kUnix, 1);
  EXPECT_EQ(entries(), 1u);
  Endpoint another = Endpoint::listen_anywhere(Family::kUnix, 1);
  EXPECT_EQ(entries(), 2u);
  EXPECT_TRUE(Endpoint::connect(endpoint.address(), Deadline::never()));
}

TEST_F(UnixEndpointTest, RemovesNothingElse) {
  fs::create_directory(directory_ + "/mp-listener-notOurs");  // too long
  fs::create_directory(directory_ + "/mp-listener-abcdef");
  std::ofstream(directory_ + "/mp-listener-abcdef/file") << "x";
  std::ofstream(directory_ + "/mp-listener-a file") << "x";
  Endpoint::listen_anywhere(Family::kUnix, 1);
  EXPECT_EQ(entries(), 3u);
}

TEST_F(UnixEndpointTest, GoesElsewhereWhereNamesAreTooLong) {
  const std::string deep = directory_ + "/" + std::string(80, 'd');
  fs::create_directory(deep);
  use(deep);
  Endpoint endpoint = Endpoint::listen_anywhere(Family::kUnix, 1);
  EXPECT_TRUE(Endpoint::connect(endpoint.address(), Deadline::never()));
  EXPECT_TRUE(fs::is_empty(deep));
}

TEST_F(UnixEndpointTest, GoesElsewhereWhereThereIsNoDirectory) {
  use(directory_ + "/none");
  EXPECT_TRUE(Endpoint::listen_anywhere(Family::kUnix, 1));
}

TEST_F(UnixEndpointTest, ADirectoryThatCannotBeOpenedIsAnErrorAndDoesNotStay) {
  // UBSan looks through a pipe at a class that it meets for the first time, and finds it bad when no descriptor is left for one: it knows
  // that of this error from here on.
  EXPECT_EQ(code_of([] { throw OsError("open", EMFILE); }), EMFILE);
  in_child([] {
    const int next = ::dup(0);
    ::close(next);
    const rlimit tight{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = static_cast<rlim_t>(next)};
    ::setrlimit(RLIMIT_NOFILE, &tight);
    if (code_of([] { Endpoint::listen_anywhere(Family::kUnix, 1); }) != EMFILE) ::_exit(1);
  });
  EXPECT_EQ(entries(), 0u);
}

TEST_F(UnixEndpointTest, RefusesAPathThatIsTooLong) {
  try {
    Endpoint::listen(in_directory(std::string(100, 'x')), 1);
    FAIL();
  } catch (const OsError& error) {
    EXPECT_EQ(error.code(), ENAMETOOLONG);
  }
}

TEST_F(UnixEndpointTest, RefusesNamedPipes) {
  EXPECT_THROW(Endpoint::listen({Family::kPipe, R"(\\.\pipe\x)", 0}, 1), OsError);
  EXPECT_THROW(Endpoint::listen_anywhere(Family::kPipe, 1), OsError);
  EXPECT_THROW(Endpoint::connect({Family::kPipe, R"(\\.\pipe\x)", 0}, Deadline::never()), OsError);
}

TEST_F(UnixEndpointTest, SaysWhyNobodyAnswers) {
  const auto code = [](const Address& address) {
    try {
      Endpoint::connect(address, Deadline::never());
      return 0;
    } catch (const OsError& error) {
      return error.code();
    }
  };
  EXPECT_EQ(code(in_directory("none")), ENOENT);
  const Address gone = Endpoint::listen_anywhere(Family::kInet, 1).address();
  EXPECT_EQ(code(gone), ECONNREFUSED);
}

TEST_F(UnixEndpointTest, ConnectGivesUpAtItsDeadlineWhenTheQueueIsFull) {
  Endpoint endpoint = Endpoint::listen_anywhere(Family::kUnix, 0);
  std::vector<Channel> waiting;
  for (;;) {
    const auto before = std::chrono::steady_clock::now();
    auto channel = Endpoint::connect(endpoint.address(), Deadline::after(std::chrono::milliseconds(20)));
    if (!channel) {
      EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(20));
      break;
    }
    waiting.push_back(std::move(*channel));
    ASSERT_LT(waiting.size(), 100u);
  }
}

// What a child would take for its standard streams, and a program write its output to.
TEST_F(UnixEndpointTest, NeverTakesTheNumberOfAStandardStream) {
  in_child([] {
    for (int stream = 0; stream < 3; ++stream) ::close(stream);
    for (const Family family : {Family::kUnix, Family::kInet}) {
      Endpoint endpoint = Endpoint::listen_anywhere(family, 1);
      const Channel client = Endpoint::connect(endpoint.address(), Deadline::never()).value();
      const Channel server = endpoint.accept(Deadline::never()).value().channel;
      for (const NativeHandle native : {endpoint.native(), client.native(), server.native()}) {
        if (native < 3) ::_exit(1);
      }
    }
  });
}

// What waits for such a channel must block: it is not told to.
TEST_F(UnixEndpointTest, ChannelsAreOrdinaryOnes) {
  for (const Family family : {Family::kUnix, Family::kInet}) {
    Endpoint endpoint = Endpoint::listen_anywhere(family, 1);
    Channel client = Endpoint::connect(endpoint.address(), Deadline::after(std::chrono::seconds(60))).value();
    Channel server = endpoint.accept(Deadline::never()).value().channel;
    for (const Channel* channel : {&client, &server}) {
      const int fd = static_cast<int>(channel->native());
      EXPECT_EQ(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
      EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
      timeval time{.tv_sec = 1, .tv_usec = 1};
      socklen_t size = sizeof(time);
      ::getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, &size);
      EXPECT_EQ(time.tv_sec + time.tv_usec, 0);
    }
  }
}

}  // namespace
}  // namespace mp::platform
