#include "reference/listener.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const ListenerOptions kWithKey = {.authkey = "key"};
const ClientOptions kRightKey = {.authkey = "key"};

// The other end, in a thread: what Client() gave, or the error that it threw.
class Caller {
 public:
  explicit Caller(const Address& address, ClientOptions options = {}) {
    thread_ = std::thread([this, address, options] {
      try {
        connection_ = Client(address, options);
      } catch (const Error& error) {
        error_ = error.names().front();
      }
    });
  }
  ~Caller() { join(); }

  Connection connection() {
    join();
    EXPECT_EQ(error_, "");
    return connection_;
  }
  std::string error() {
    join();
    return error_;
  }

 private:
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  std::thread thread_;
  Connection connection_;
  std::string error_;
};

void expect_connected(const Connection& a, const Connection& b) {
  a.send("there");
  EXPECT_EQ(b.recv(), "there");
  b.send("back");
  EXPECT_EQ(a.recv(), "back");
}

std::string refusal(const Listener& listener) {
  try {
    listener.accept();
    return "accepted";
  } catch (const AuthenticationError& error) {
    return error.what();
  }
}

class ListenerTest : public testing::TestWithParam<const char*> {
 protected:
  Listener listen(ListenerOptions options = {}) const {
    options.family = GetParam();
    return Listener({}, options);
  }
};

TEST_P(ListenerTest, ConnectsBothWays) {
  const Listener listener = listen();
  const Connection client = Client(listener.address());
  expect_connected(client, listener.accept());
}

TEST_P(ListenerTest, AcceptsOneAfterAnother) {
  const Listener listener = listen({.backlog = 4});
  std::vector<Connection> clients, servers;
  for (int i = 0; i < 4; ++i) clients.push_back(Client(listener.address()));
  for (int i = 0; i < 4; ++i) servers.push_back(listener.accept());
  for (int i = 0; i < 4; ++i) expect_connected(clients[i], servers[i]);
}

TEST_P(ListenerTest, AcceptWaits) {
  const Listener listener = listen();
  std::thread server([&] { EXPECT_EQ(listener.accept().recv(), 1); });
  Client(listener.address()).send(1);
  server.join();
  EXPECT_THROW(listener.accept(Wait::none()), TimeoutError);
  EXPECT_THROW(listener.accept(5ms), TimeoutError);
}

TEST_P(ListenerTest, TellsItsFamily) {
  EXPECT_EQ(listen().address().family(), GetParam());
  EXPECT_EQ(listen().last_accepted(), std::nullopt);
}

TEST_P(ListenerTest, EqualKeysConnect) {
  for (const std::string& key : {"key"s, ""s, std::string(10'000, 'k')}) {
    const Listener listener = listen({.authkey = key});
    Caller caller(listener.address(), {.authkey = key});
    const Connection server = listener.accept();
    expect_connected(caller.connection(), server);
  }
}

TEST_P(ListenerTest, DifferentKeysFailAtBothEndsAndTheNextIsAccepted) {
  const Listener listener = listen(kWithKey);
  for (int i = 0; i < 3; ++i) {
    Caller wrong(listener.address(), {.authkey = "another"});
    EXPECT_THROW(listener.accept(), AuthenticationError);
    EXPECT_EQ(wrong.error(), "AuthenticationError");
  }
  Caller caller(listener.address(), kRightKey);
  const Connection server = listener.accept();
  expect_connected(caller.connection(), server);
}

TEST_P(ListenerTest, ASilentClientHoldsUpNobody) {
  const Listener listener = listen(kWithKey);
  std::vector<Connection> silent;
  for (int i = 0; i < 3; ++i) {
    silent.push_back(Client(listener.address()));
    Caller caller(listener.address(), kRightKey);
    const Connection server = listener.accept();
    expect_connected(caller.connection(), server);
  }
  // One that wakes up late is accepted late.
  std::thread late([end = silent.front()] { authenticate(end, Handshake::Role::kClient, "key"); });
  const Connection server = listener.accept();
  late.join();
  expect_connected(silent.front(), server);
}

TEST_P(ListenerTest, ASilentClientIsRefusedInTime) {
  const Listener listener = listen({.authkey = "key", .handshake = 20ms});
  const Connection silent = Client(listener.address());
  EXPECT_NE(refusal(listener).find("in time"), std::string::npos);
  silent.recv_bytes();  // the challenge that it did not answer
  EXPECT_THROW(silent.recv_bytes(), EOFError);
}

// Of its messages each comes before its time is over, but not all of them.
TEST_P(ListenerTest, TimeIsThatOfTheWholeHandshake) {
  const Listener listener = listen({.authkey = "key", .handshake = 20ms});
  const Connection slow = Client(listener.address());
  std::thread client([&] { answer_challenge(slow, "key"); });
  EXPECT_THROW(listener.accept(), AuthenticationError);
  client.join();
}

TEST_P(ListenerTest, TimeStandsStillWhileNobodyAccepts) {
  const Listener listener = listen({.authkey = "key", .handshake = 10s});
  const Connection slow = Client(listener.address());
  EXPECT_THROW(listener.accept(Wait::none()), TimeoutError);
  EXPECT_THROW(listener.accept(1ms), TimeoutError);
  std::thread client([&] { authenticate(slow, Handshake::Role::kClient, "key"); });
  const Connection server = listener.accept();
  client.join();
  expect_connected(slow, server);
}

TEST_P(ListenerTest, ClientsThatSayOtherThingsAreRefused) {
  using Act = void (*)(const Connection&);
  const Act acts[] = {
      [](const Connection& client) { client.close(); },
      [](const Connection& client) { client.send("an object"); },
      [](const Connection& client) { client.send_bytes(""); },
      [](const Connection& client) { client.send_bytes(std::string(257, 'x')); },
      [](const Connection& client) { client.send_bytes(client.recv_bytes()); },
      [](const Connection& client) {
        answer_challenge(client, "key");
        client.send_bytes("no challenge");
      },
      [](const Connection& client) {
        answer_challenge(client, "key");
        client.close();
      },
      [](const Connection& client) {
        answer_challenge(client, "key");
        EXPECT_THROW(deliver_challenge(client, "another"), AuthenticationError);
      },
  };
  const Listener listener = listen(kWithKey);
  for (const Act act : acts) {
    const Connection client = Client(listener.address());
    std::thread thread([&] { act(client); });
    EXPECT_THROW(listener.accept(), AuthenticationError);
    thread.join();
  }
  Caller caller(listener.address(), kRightKey);
  const Connection server = listener.accept();
  expect_connected(caller.connection(), server);
}

TEST_P(ListenerTest, MoreSilentClientsThanItKeepsPushTheOldestOut) {
  const Listener listener = listen({.backlog = 100, .authkey = "key"});
  std::vector<Connection> silent;
  for (int i = 0; i < 65; ++i) silent.push_back(Client(listener.address()));
  EXPECT_NE(refusal(listener).find("too many"), std::string::npos);
  silent.front().recv_bytes();
  EXPECT_THROW(silent.front().recv_bytes(), EOFError);
  std::thread client([&] { authenticate(silent.back(), Handshake::Role::kClient, "key"); });
  const Connection server = listener.accept();
  client.join();
  expect_connected(silent.back(), server);
}

TEST_P(ListenerTest, ClientWithAKeyDoesNotWaitForEverForAListenerWithout) {
  const Listener listener = listen();
  Caller caller(listener.address(), {.authkey = "key", .handshake = 20ms});
  const Connection server = listener.accept();
  EXPECT_EQ(caller.error(), "AuthenticationError");
  EXPECT_THROW(server.recv(), EOFError);
}

TEST_P(ListenerTest, ClientWithAKeyRefusesAListenerThatSendsDataAtOnce) {
  const Listener listener = listen();
  Caller caller(listener.address(), kRightKey);
  listener.accept().send("data");
  EXPECT_EQ(caller.error(), "AuthenticationError");
}

TEST_P(ListenerTest, ManyClientsAtOnceAndManyThreadsThatAccept) {
  constexpr int kClients = 60;
  const Listener listener = listen({.backlog = kClients, .authkey = "key"});
  std::atomic<int> good = 0, bad = 0;
  std::vector<std::thread> servers, clients;
  for (int i = 0; i < 3; ++i) {
    servers.emplace_back([&] {
      for (;;) {
        try {
          const Connection connection = listener.accept();
          connection.send(connection.recv());
          ++good;
        } catch (const AuthenticationError&) {
          ++bad;
        } catch (const OSError&) {
          return;  // closed
        }
      }
    });
  }
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      if (i % 4 == 0) {
        Client(listener.address());
      } else if (i % 4 == 1) {
        EXPECT_THROW(Client(listener.address(), {.authkey = "another", .handshake = Wait::forever()}),
                     AuthenticationError);
      } else {
        const Connection connection = Client(listener.address(), {.authkey = "key", .handshake = Wait::forever()});
        connection.send(i);
        EXPECT_EQ(connection.recv(), i);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  while (good + bad < kClients) std::this_thread::yield();
  listener.close();
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(good, kClients / 2);
  EXPECT_EQ(bad, kClients / 2);
}

TEST_P(ListenerTest, CloseEndsEveryAccept) {
  const Listener listener = listen(kWithKey);
  std::vector<std::thread> servers;
  for (int i = 0; i < 3; ++i) {
    servers.emplace_back([&] { EXPECT_THROW(listener.accept(), OSError); });
  }
  const Connection silent = Client(listener.address());
  silent.recv_bytes();  // now one of them has begun
  listener.close();
  for (std::thread& server : servers) server.join();
  EXPECT_THROW(silent.recv_bytes(), EOFError);
}

TEST_P(ListenerTest, IsClosedOnceAndForAll) {
  const Listener listener = listen();
  const Listener copy = listener;
  const Address address = listener.address();
  EXPECT_FALSE(copy.closed());
  listener.close();
  listener.close();
  EXPECT_TRUE(copy.closed());
  EXPECT_EQ(copy.address(), address);
  EXPECT_THROW(copy.accept(), OSError);
  EXPECT_THROW(copy.accept(Wait::none()), OSError);
  EXPECT_THROW(Client(address), OSError);
}

TEST_P(ListenerTest, IsClosedWithItsLastCopy) {
  std::optional<Listener> listener = listen();
  const Address address = listener->address();
  {
    const Listener copy = *listener;
    listener.reset();
    EXPECT_NO_THROW(Client(address));
  }
  EXPECT_THROW(Client(address), OSError);
}

TEST_P(ListenerTest, ConnectionsOutliveIt) {
  const Listener listener = listen();
  const Connection client = Client(listener.address());
  const Connection server = listener.accept();
  listener.close();
  expect_connected(client, server);
}

TEST_P(ListenerTest, CannotListenWhereSomebodyDoes) {
  const Listener listener = listen();
  EXPECT_THROW(Listener(listener.address()), OSError);
}

std::vector<const char*> families() {
  std::vector<const char*> names = {"AF_INET"};
  for (const char* name : {"AF_UNIX", "AF_PIPE"}) {
    try {
      family_named(name);
      names.push_back(name);
    } catch (const ValueError&) {
    }
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Families, ListenerTest, testing::ValuesIn(families()),
                         [](const auto& info) { return std::string(info.param).substr(3); });

TEST(Listener, TakesTheQuickestFamilyOfItself) { EXPECT_NE(Listener().address().family(), "AF_INET"); }

TEST(Listener, TellsThePortAndWhereClientsComeFrom) {
  const Listener listener(Address("localhost", 0));
  EXPECT_EQ(listener.address().host(), "127.0.0.1");
  EXPECT_GT(listener.address().port(), 0);
  const Connection client = Client(listener.address());
  listener.accept();
  EXPECT_EQ(listener.last_accepted().value().host(), "127.0.0.1");
  EXPECT_NE(listener.last_accepted().value().port(), listener.address().port());
}

TEST(Listener, TellsWhoWasRefused) {
  const Listener listener(Address("localhost", 0), kWithKey);
  Client(listener.address());
  EXPECT_THROW(listener.accept(), AuthenticationError);
  EXPECT_EQ(listener.last_accepted().value().host(), "127.0.0.1");
}

TEST(Listener, RefusesAddressesThatDoNotFitTheFamily) {
  const std::string local(Listener().address().family());  // that of this system, whose addresses are texts
  EXPECT_THROW(Listener("/tmp/a_path", {.family = "AF_INET"}), TypeError);
  EXPECT_THROW(Listener({"localhost", 0}, {.family = local}), TypeError);
  EXPECT_THROW(Listener({}, {.family = "AF_NONE"}), ValueError);
  EXPECT_THROW(Client({"localhost", 1}, {.family = local}), TypeError);
  EXPECT_THROW(Client("/tmp/a_path", {.family = "AF_NONE"}), ValueError);
  EXPECT_THROW(Client({}), ValueError);
}

TEST(Client, SaysThatNobodyListens) {
  const Address address = Listener({}, {.family = "AF_INET"}).address();
  EXPECT_THROW(Client(address), ConnectionRefusedError);
}

}  // namespace
}  // namespace mp
