// What only this system shows: the bytes on the socket, descriptors, signals, plain pipes.
#include "platform/channel.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

#include "platform/error.h"

namespace mp::platform {
namespace {

using Outcome = Channel::Outcome;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string text(const Message& message) {
  return std::string(reinterpret_cast<const char*>(message.bytes.data()), message.bytes.size());
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count;
}

struct RawRoad {
  RawRoad() { std::tie(channel, raw) = Channel::pair(); }
  int fd() const { return static_cast<int>(raw.native()); }
  void write(std::string_view text) { ASSERT_EQ(::write(fd(), text.data(), text.size()), static_cast<ssize_t>(text.size())); }
  // One byte with `count` copies of descriptor 0 beside it.
  void write_with_descriptors(std::string_view text, std::size_t count) {
    alignas(cmsghdr) char control[CMSG_SPACE(253 * sizeof(int))] = {};
    iovec part{const_cast<char*>(text.data()), text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    *rights = {.cmsg_len = CMSG_LEN(count * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    ASSERT_EQ(::sendmsg(fd(), &header, 0), static_cast<ssize_t>(text.size()));
  }

  Channel channel;
  Channel raw;
};

TEST(ChannelLinuxTest, WritesCpythonsFrameInOneCall) {
  RawRoad road;
  EXPECT_EQ(road.channel.send(bytes("hello"), {}, Deadline::never()), Outcome::kDone);
  char buffer[64];
  ASSERT_EQ(::read(road.fd(), buffer, sizeof(buffer)), 9);
  EXPECT_EQ(std::string(buffer, 9), std::string("\0\0\0\5hello", 9));
}

TEST(ChannelLinuxTest, ReadsFramesInPieces) {
  RawRoad road;
  const std::string frame("\0\0\0\5hello", 9);
  for (const char& byte : frame) {
    EXPECT_EQ(road.channel.receive(Deadline::passed()).outcome, Outcome::kLate);
    road.write({&byte, 1});
  }
  EXPECT_EQ(text(road.channel.receive(Deadline::passed()).message), "hello");
}

TEST(ChannelLinuxTest, BreaksAtACutFrame) {
  for (std::size_t size = 1; size < 9; ++size) {
    RawRoad road;
    road.write(std::string("\0\0\0\5hello", 9).substr(0, size));
    EXPECT_EQ(road.channel.receive(Deadline::passed()).outcome, Outcome::kLate);
    road.raw.close();
    EXPECT_EQ(road.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
    EXPECT_EQ(road.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
    EXPECT_TRUE(road.channel.readable(Deadline::passed()));
  }
}

TEST(ChannelLinuxTest, AHugePromiseCostsNoMemory) {
  RawRoad road;
  road.write(std::string("\xff\xff\xff\xff\0\1\0\0\0\0\0\0some", 16));  // 256 TiB
  EXPECT_EQ(road.channel.receive(Deadline::never(), 1000).length, std::uint64_t{1} << 48);
  EXPECT_EQ(road.channel.receive(Deadline::passed()).outcome, Outcome::kLate);
  road.raw.close();
  EXPECT_EQ(road.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
}

TEST(ChannelLinuxTest, StaysBrokenAfterAHostileLength) {
  RawRoad road;
  road.write("\xff\xff\xff\xf0");
  EXPECT_EQ(road.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
  road.write(std::string("\0\0\0\1x", 5));
  EXPECT_EQ(road.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
}

TEST(ChannelLinuxTest, ClosesHandlesThatNobodyAnnounced) {
  RawRoad road;
  const std::size_t before = open_descriptors();
  road.write_with_descriptors(std::string("\0\0\0\1x", 5), 3);  // beside a header
  EXPECT_EQ(text(road.channel.receive(Deadline::never()).message), "x");
  road.write(std::string("\0\0\0\1", 4));
  road.write_with_descriptors("y", 200);  // beside a body
  EXPECT_EQ(text(road.channel.receive(Deadline::never()).message), "y");
  EXPECT_EQ(open_descriptors(), before);
}

TEST(ChannelLinuxTest, ClosesTheHandlesOfABrokenTable) {
  RawRoad road;
  const std::size_t before = open_descriptors();
  road.write_with_descriptors(std::string("\xff\xff\xff\xfe\0\0\0\1\1", 9), 2);
  EXPECT_EQ(road.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
  EXPECT_EQ(open_descriptors(), before);
}

TEST(ChannelLinuxTest, HandlesArriveCloseOnExec) {
  RawRoad road;
  std::vector<Handle> handles(300);
  for (Handle& handle : handles) handle = Handle(::open("/dev/null", O_RDONLY));
  EXPECT_EQ(road.channel.send({}, handles, Deadline::never()), Outcome::kDone);
  const auto received = road.raw.receive(Deadline::never());
  ASSERT_EQ(received.message.handles.size(), 300u);
  for (const Handle& handle : received.message.handles) {
    EXPECT_EQ(::fcntl(static_cast<int>(handle.native()), F_GETFD), FD_CLOEXEC);
  }
}

TEST(ChannelLinuxTest, NeverTakesTheNumberOfAStandardStream) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<Handle> handles(5);
    for (Handle& handle : handles) handle = Handle(::open("/dev/null", O_RDONLY));
    for (int stream = 0; stream < 3; ++stream) ::close(stream);
    RawRoad road;
    road.channel.send({}, handles, Deadline::never());
    const auto received = road.raw.receive(Deadline::never());
    if (received.message.handles.size() != 5) ::_exit(2);
    for (int stream = 0; stream < 3; ++stream) {
      if (::fcntl(stream, F_GETFD) >= 0) ::_exit(1);
    }
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(ChannelLinuxTest, RunningOutOfDescriptorsBreaksTheRoadAndLeaksNothing) {
  RawRoad road;
  std::vector<Handle> handles(20);
  for (Handle& handle : handles) handle = Handle(::open("/dev/null", O_RDONLY));
  const std::size_t before = open_descriptors();
  EXPECT_EQ(road.channel.send({}, handles, Deadline::never()), Outcome::kDone);
  EXPECT_EQ(open_descriptors(), before - 20);
  rlimit limit;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit tight{.rlim_cur = before - 20, .rlim_max = limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  EXPECT_THROW(road.raw.receive(Deadline::never()), OsError);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(open_descriptors(), before - 20);
  EXPECT_EQ(road.raw.receive(Deadline::never()).outcome, Outcome::kBroken);
}

TEST(ChannelLinuxTest, AnInvalidHandleIsRefusedBeforeAnythingIsSent) {
  RawRoad road;
  std::vector<Handle> handles(1);
  handles[0] = Handle(::dup(0));
  ::close(static_cast<int>(handles[0].native()));
  EXPECT_THROW(road.channel.send(bytes("x"), handles, Deadline::never()), OsError);
  handles[0].release();
  EXPECT_EQ(road.raw.receive(Deadline::passed()).outcome, Outcome::kLate);
  EXPECT_EQ(road.channel.send(bytes("y"), {}, Deadline::never()), Outcome::kDone);
  EXPECT_EQ(text(road.raw.receive(Deadline::never()).message), "y");
}

class ChannelPipeTest : public testing::Test {
 protected:
  ChannelPipeTest() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    reader_ = Channel::adopt(Handle(ends[0]));
    writer_ = Channel::adopt(Handle(ends[1]));
  }

  Channel reader_;
  Channel writer_;
};

TEST_F(ChannelPipeTest, CarriesFrames) {
  EXPECT_EQ(reader_.receive(Deadline::after(std::chrono::milliseconds(5))).outcome, Outcome::kLate);
  const std::string big(1'000'000, 'x');
  std::thread sender([&] {
    EXPECT_EQ(writer_.send(bytes("small"), {}, Deadline::passed()), Outcome::kDone);
    EXPECT_EQ(writer_.send(bytes(big), {}, Deadline::never()), Outcome::kDone);
  });
  EXPECT_EQ(text(reader_.receive(Deadline::never()).message), "small");
  EXPECT_TRUE(text(reader_.receive(Deadline::never()).message) == big);
  sender.join();
  writer_.close();
  EXPECT_EQ(reader_.receive(Deadline::never()).outcome, Outcome::kEnded);
}

TEST_F(ChannelPipeTest, AFullPipeIsLate) {
  while (writer_.send(bytes("0123456789ab"), {}, Deadline::passed()) == Outcome::kDone) {
  }
  EXPECT_EQ(writer_.send(bytes("x"), {}, Deadline::after(std::chrono::milliseconds(5))), Outcome::kLate);
}

TEST_F(ChannelPipeTest, AClosedReaderEndsItWithoutASignal) {
  reader_.close();
  EXPECT_EQ(writer_.send(bytes("x"), {}, Deadline::never()), Outcome::kEnded);
  sigset_t pending;
  ASSERT_EQ(::sigpending(&pending), 0);
  EXPECT_FALSE(sigismember(&pending, SIGPIPE));
}

TEST_F(ChannelPipeTest, RefusesHandles) {
  std::vector<Handle> handles(1);
  handles[0] = Handle(::dup(0));
  EXPECT_THROW(writer_.send({}, handles, Deadline::never()), OsError);
  EXPECT_TRUE(handles[0]);
}

// The second half of the message is not there to be read, so that sending it fails when the first is on the road.
TEST_F(ChannelPipeTest, NothingFollowsAMessageOfWhichOnlyAPartWasSent) {
  constexpr std::size_t kHalf = 16'384;
  void* const memory = ::mmap(nullptr, 2 * kHalf, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(static_cast<char*>(memory) + kHalf, kHalf, PROT_NONE), 0);
  const std::span body(static_cast<const std::byte*>(memory), 2 * kHalf);
  EXPECT_THROW(writer_.send(body, {}, Deadline::never()), OsError);
  EXPECT_EQ(reader_.receive(Deadline::passed()).outcome, Outcome::kLate);
  EXPECT_TRUE(reader_.readable(Deadline::passed()));  // some of it has come
  EXPECT_EQ(writer_.send(bytes("next"), {}, Deadline::never()), Outcome::kEnded);
  writer_.close();
  EXPECT_EQ(reader_.receive(Deadline::never()).outcome, Outcome::kBroken);
  ::munmap(memory, 2 * kHalf);
}

void interrupt(int) {}

// A thread that signals another, over and over, as long as it lives.
class Nuisance {
 public:
  Nuisance() : target_(::pthread_self()) {
    struct sigaction action {};
    action.sa_handler = interrupt;  // no SA_RESTART: every call is interrupted
    ::sigaction(SIGUSR1, &action, nullptr);
    thread_ = std::thread([this] {
      while (!stop_) {
        ::pthread_kill(target_, SIGUSR1);
        std::this_thread::yield();
      }
    });
  }
  ~Nuisance() {
    stop_ = true;
    thread_.join();
  }

 private:
  pthread_t target_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST(ChannelLinuxTest, SignalsNeitherCutAMessageNorMoveADeadline) {
  RawRoad road;
  const Nuisance nuisance;
  const Deadline deadline = Deadline::after(std::chrono::milliseconds(20));
  EXPECT_EQ(road.channel.receive(deadline).outcome, Outcome::kLate);
  EXPECT_TRUE(deadline.has_passed());
  const std::string big(3'000'000, 'x');
  std::thread peer([&] { road.raw.send(road.raw.receive(Deadline::never()).message, Deadline::never()); });
  EXPECT_EQ(road.channel.send(bytes(big), {}, Deadline::never()), Outcome::kDone);
  EXPECT_TRUE(text(road.channel.receive(Deadline::never()).message) == big);
  peer.join();
}

}  // namespace
}  // namespace mp::platform
