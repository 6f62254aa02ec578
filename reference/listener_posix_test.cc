// What only Unix sockets, fork and raw bytes show.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "reference/error.h"
#include "reference/listener.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
namespace fs = std::filesystem;

const ListenerOptions kWithKey = {.family = "AF_UNIX", .authkey = "key"};

// Connected to the listener, and says what it is told.
class RawPeer {
 public:
  explicit RawPeer(const Address& address) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, address.path().c_str(), sizeof(name.sun_path) - 1);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  }
  RawPeer(const RawPeer&) = delete;
  ~RawPeer() { ::close(socket_); }

  void say(std::string_view bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), std::ssize(bytes));
  }

 private:
  int socket_;
};

// A process that ends as soon as the body does, or is killed.
class Forked {
 public:
  template <class Body>
  explicit Forked(Body body) : pid_(::fork()) {
    if (pid_ == 0) {
      body();
      ::_exit(testing::Test::HasFailure() ? 1 : 0);
    }
  }
  Forked(const Forked&) = delete;
  ~Forked() { end(); }

  void kill() { ::kill(pid_, SIGKILL); }
  int end() {
    int status = -1;
    if (pid_ > 0) ::waitpid(std::exchange(pid_, 0), &status, 0);
    return status;
  }

 private:
  pid_t pid_;
};

void expect_next_is_accepted(const Listener& listener) {
  Connection client;
  std::thread thread([&] { client = Client(listener.address(), {.authkey = "key"}); });
  const Connection server = listener.accept();
  thread.join();
  client.send(1);
  EXPECT_EQ(server.recv(), 1);
}

TEST(ListenerOnAFile, FileGoesWithIt) {
  const Listener neighbour;  // whose directory has a short name
  const std::string path = neighbour.address().path() + "2";
  {
    const Listener listener{Address(path)};
    EXPECT_TRUE(fs::is_socket(path));
    EXPECT_EQ(listener.address(), Address(path));
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_THROW(Client(Address(path)), FileNotFoundError);
}

TEST(ListenerOnAFile, ArbitraryOneLeavesNoDirectory) {
  fs::path directory;
  {
    const Listener listener;
    directory = fs::path(listener.address().path()).parent_path();
    EXPECT_EQ(fs::status(directory).permissions(), fs::perms::owner_all);
  }
  EXPECT_FALSE(fs::exists(directory));
}

TEST(ListenerOnAFile, IsGivenUpInAForkedChildThatHasNoDescriptorsLeft) {
  auto listener = std::make_unique<Listener>();
  Forked child([&] {
    const rlimit none{0, 0};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    listener.reset();
  });
  EXPECT_EQ(child.end(), 0);
  EXPECT_TRUE(fs::is_socket(listener->address().path()));
}

// Lengths that no message has, lengths without messages, tables of handles, noise.
TEST(ListenerAgainstRawBytes, RefusesThemAllAndGoesOn) {
  const std::string bytes[] = {
      "\xff\xff\xff\xfd"s,                                  // -3
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s,  // 2^64 - 1
      "\x7f\xff\xff\xff"s,
      "\x00\x00\x01\x01"s,                                                      // 257
      "\xff\xff\xff\xfe\x00\x00\x00\x01\x01\x00\x00\x00\x10sixteen of bytes"s,  // a handle that does not come
      "\xff\xff\xff\xfe\xff\xff\xff\xff"s,                                      // 2^32 - 1 of them
      "\x00\x00\x00\x00"s,
      "\x00\x00\x00\x10sixteen of bytes"s,
      "GET / HTTP/1.1\r\n\r\n"s,
  };
  const Listener listener({}, kWithKey);
  for (const std::string& each : bytes) {
    RawPeer peer(listener.address());
    peer.say(each);
    EXPECT_THROW(listener.accept(), AuthenticationError) << each;
  }
  expect_next_is_accepted(listener);
}

TEST(ListenerAgainstRawBytes, HalfAMessageIsSilence) {
  const Listener listener({}, {.family = "AF_UNIX", .authkey = "key", .handshake = 20ms});
  for (const std::string& each : {"\x00"s, "\x00\x00\x00\x10"s, "\x00\x00\x00\x10sixteen"s}) {
    RawPeer peer(listener.address());
    peer.say(each);
    EXPECT_THROW(listener.accept(), AuthenticationError);
  }
}

TEST(ListenerAgainstRawBytes, RandomOnesNeitherHangNorCrashIt) {
  std::mt19937 random(4711);
  const Listener listener({}, kWithKey);
  for (int i = 0; i < 300; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() : 0);
    { RawPeer(listener.address()).say(bytes); }
    EXPECT_THROW(listener.accept(), AuthenticationError);
  }
  expect_next_is_accepted(listener);
}

TEST(ListenerAndDeath, ClientsKilledAnywhereInTheHandshakeDoNoHarm) {
  std::mt19937 random(4711);
  const Listener listener({}, kWithKey);
  // Whether somebody came, and left in one way or the other.
  const auto meet_one = [&](Wait timeout) {
    try {
      const Connection server = listener.accept(timeout);
      EXPECT_THROW(server.recv(), EOFError);
    } catch (const AuthenticationError&) {
    } catch (const TimeoutError&) {
      return false;
    }
    return true;
  };
  for (int i = 0; i < 100; ++i) {
    Forked client([&] {
      const Connection connection = Client(listener.address(), {.authkey = "key"});
      connection.recv();  // for ever
    });
    std::thread killer([&, delay = std::chrono::microseconds(random() % 2000)] {
      const auto until = std::chrono::steady_clock::now() + delay;
      while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
      client.kill();
    });
    meet_one(100ms);
    killer.join();
    client.end();
    while (meet_one(Wait::none())) {  // one who came when nobody waited any longer
    }
  }
  expect_next_is_accepted(listener);
}

TEST(ListenerAndDeath, ClientOfAListenerThatIsKilledEnds) {
  auto [ours, theirs] = Pipe();
  Forked server([end = theirs] {
    const Listener listener({}, {.family = "AF_UNIX"});  // without a key: the client waits for a challenge
    end.send(listener.address().path());
    const Connection connection = listener.accept();
    end.send("accepted");
    connection.recv();
  });
  const Address address(ours.recv<std::string>());
  std::thread client(
      [&] { EXPECT_THROW(Client(address, {.authkey = "key", .handshake = Wait::forever()}), AuthenticationError); });
  ours.recv();
  server.kill();
  client.join();
}

TEST(ListenerAfterFork, ChildIsNotHeldUpByAThreadOfItsParentThatAccepts) {
  const Listener listener({}, kWithKey);
  std::thread in_accept([&] { EXPECT_THROW(listener.accept(), OSError); });
  const Connection silent = Client(listener.address());
  silent.recv_bytes();  // the thread is in accept() now, and has a guest
  Forked child([&] {
    EXPECT_THROW(listener.accept(Wait::none()), TimeoutError);
    listener.close();
    EXPECT_TRUE(listener.closed());
  });
  EXPECT_EQ(child.end(), 0);
  EXPECT_FALSE(listener.closed());
  listener.close();
  in_accept.join();
}

TEST(ListenerAfterFork, ChildrenServeWhileTheParentDoesNot) {
  const Listener listener({}, {.family = "AF_UNIX", .backlog = 10, .authkey = "key"});
  Forked child([&] {
    for (int i = 0; i < 5; ++i) listener.accept().send(i);
    listener.close();
  });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Client(listener.address(), {.authkey = "key"}).recv(), i);
  EXPECT_EQ(child.end(), 0);
  EXPECT_FALSE(listener.closed());
  expect_next_is_accepted(listener);
}

}  // namespace
}  // namespace mp
