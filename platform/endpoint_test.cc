#include "platform/endpoint.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/error.h"
#include "platform/wait.h"

namespace mp::platform {
namespace {

using Family = Address::Family;
using std::chrono::milliseconds;

std::string exchange(Channel& from, Channel& to, std::string_view text) {
  EXPECT_EQ(from.send(std::as_bytes(std::span(text)), {}, Deadline::never()), Channel::Outcome::kDone);
  const auto received = to.receive(Deadline::never());
  EXPECT_EQ(received.outcome, Channel::Outcome::kDone);
  return {reinterpret_cast<const char*>(received.message.bytes.data()), received.message.bytes.size()};
}

std::vector<Family> offered() {
  std::vector<Family> families;
  for (const Family family : {Family::kInet, Family::kUnix, Family::kPipe}) {
    if (Endpoint::offers(family)) families.push_back(family);
  }
  return families;
}

class EndpointTest : public testing::TestWithParam<Family> {
 protected:
  Endpoint endpoint_ = Endpoint::listen_anywhere(GetParam(), 8);

  Channel connect() { return Endpoint::connect(endpoint_.address(), Deadline::never()).value(); }
};

TEST_P(EndpointTest, ConnectsBothWays) {
  Channel client = connect();
  Endpoint::Accepted accepted = endpoint_.accept(Deadline::never()).value();
  EXPECT_EQ(exchange(client, accepted.channel, "to the server"), "to the server");
  EXPECT_EQ(exchange(accepted.channel, client, "to the client"), "to the client");
}

TEST_P(EndpointTest, TellsItsAddress) {
  EXPECT_EQ(endpoint_.address().family, GetParam());
  EXPECT_NE(endpoint_.address().name, "");
  EXPECT_EQ(endpoint_.address().port != 0, GetParam() == Family::kInet);
}

TEST_P(EndpointTest, AddressesOfTheSystemsChoiceDiffer) {
  EXPECT_NE(Endpoint::listen_anywhere(GetParam(), 1).address(), endpoint_.address());
}

TEST_P(EndpointTest, AcceptGivesUpAtItsDeadline) {
  EXPECT_FALSE(endpoint_.accept(Deadline::passed()));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(endpoint_.accept(Deadline::after(milliseconds(20))));
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(20));
}

TEST_P(EndpointTest, AcceptEndsWhenSomebodyConnects) {
  std::thread client([this] { connect(); });
  EXPECT_TRUE(endpoint_.accept(Deadline::never()));
  client.join();
}

TEST_P(EndpointTest, CanBeWaitedFor) {
  const NativeHandle natives[] = {endpoint_.native()};
  EXPECT_TRUE(wait_any(natives, Deadline::passed()).empty());
  Channel client = connect();
  EXPECT_EQ(wait_any(natives, Deadline::never()).size(), 1u);
  EXPECT_TRUE(endpoint_.accept(Deadline::passed()));
  EXPECT_TRUE(wait_any(natives, Deadline::passed()).empty());
}

TEST_P(EndpointTest, KeepsThoseWhoConnectBeforeAnybodyAccepts) {
  std::vector<Channel> clients, servers;
  for (int i = 0; i < 5; ++i) clients.push_back(connect());
  for (int i = 0; i < 5; ++i) servers.push_back(endpoint_.accept(Deadline::never()).value().channel);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(exchange(clients[i], servers[i], std::to_string(i)), std::to_string(i));
}

TEST_P(EndpointTest, SeveralThreadsAcceptEachClientOnce) {
  constexpr int kClients = 40;
  std::atomic<int> accepted = 0;
  std::vector<std::thread> servers;
  for (int i = 0; i < 4; ++i) {
    servers.emplace_back([&] {
      while (accepted < kClients) {
        if (endpoint_.accept(Deadline::after(milliseconds(5)))) ++accepted;
      }
    });
  }
  for (int i = 0; i < kClients; ++i) connect();
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(accepted, kClients);
  EXPECT_FALSE(endpoint_.accept(Deadline::passed()));
}

TEST_P(EndpointTest, ClientThatIsGoneAgainDoesNoHarm) {
  connect();
  Channel client = connect();
  for (;;) {
    Endpoint::Accepted accepted = endpoint_.accept(Deadline::never()).value();
    if (accepted.channel.receive(Deadline::passed()).outcome == Channel::Outcome::kEnded) continue;
    EXPECT_EQ(exchange(client, accepted.channel, "x"), "x");
    break;
  }
}

TEST_P(EndpointTest, ChannelsOutliveIt) {
  Channel client = connect();
  Channel server = endpoint_.accept(Deadline::never()).value().channel;
  endpoint_.close();
  EXPECT_FALSE(endpoint_);
  EXPECT_EQ(exchange(client, server, "x"), "x");
}

TEST_P(EndpointTest, NobodyConnectsAfterClose) {
  const Address address = endpoint_.address();
  endpoint_.close();
  endpoint_.close();
  EXPECT_THROW(Endpoint::connect(address, Deadline::never()), OsError);
}

TEST_P(EndpointTest, IsClosedWithItsOwnerAndMoves) {
  const Address address = endpoint_.address();
  {
    Endpoint other = std::move(endpoint_);
    EXPECT_FALSE(endpoint_);
    EXPECT_TRUE(Endpoint::connect(address, Deadline::never()));
    other = Endpoint::listen_anywhere(GetParam(), 1);
    EXPECT_THROW(Endpoint::connect(address, Deadline::never()), OsError);
  }
}

TEST_P(EndpointTest, AnAddressIsTakenUntilClose) {
  const Address address = endpoint_.address();
  EXPECT_THROW(Endpoint::listen(address, 1), OsError);
  // Not the directory of the first one, which goes with it.
  if (GetParam() != Family::kInet) return;
  endpoint_.close();
  EXPECT_TRUE(Endpoint::listen(address, 1));
}

INSTANTIATE_TEST_SUITE_P(Families, EndpointTest, testing::ValuesIn(offered()), [](const auto& info) {
  return info.param == Family::kInet ? "Inet" : info.param == Family::kUnix ? "Unix" : "Pipe";
});

TEST(Endpoint, OffersTcpAndWhatIsFastest) {
  EXPECT_TRUE(Endpoint::offers(Family::kInet));
  EXPECT_TRUE(Endpoint::offers(Endpoint::fastest()));
}

TEST(Endpoint, KnowsWhereTcpClientsComeFrom) {
  Endpoint endpoint = Endpoint::listen({Family::kInet, "127.0.0.1", 0}, 1);
  EXPECT_EQ(endpoint.address().name, "127.0.0.1");
  Channel client = Endpoint::connect(endpoint.address(), Deadline::never()).value();
  const Address from = endpoint.accept(Deadline::never()).value().from.value();
  EXPECT_EQ(from.name, "127.0.0.1");
  EXPECT_NE(from.port, 0);
  EXPECT_NE(from.port, endpoint.address().port);
}

TEST(Endpoint, TakesTheNameOfAHost) {
  Endpoint endpoint = Endpoint::listen({Family::kInet, "localhost", 0}, 1);
  EXPECT_EQ(endpoint.address().name, "127.0.0.1");
  EXPECT_TRUE(Endpoint::connect({Family::kInet, "localhost", endpoint.address().port}, Deadline::never()));
  EXPECT_THROW(Endpoint::listen({Family::kInet, "no-such-host.invalid", 0}, 1), OsError);
}

}  // namespace
}  // namespace mp::platform
