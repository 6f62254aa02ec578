// Listener and Client with a real Python at the other end, both ways round, in both families, with and without keys.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reference/error.h"
#include "reference/listener.h"
#include "reference/python_peer.h"

namespace mp {
namespace {

PythonPeer run_peer(std::vector<std::string> arguments, const Address& address = {}) {
  arguments.insert(arguments.begin(), "reference/listener_peer.py");
  if (address.family() == "AF_INET") {
    arguments.insert(arguments.end(), {address.host(), std::to_string(address.port())});
  } else if (!address.is_arbitrary()) {
    arguments.push_back(address.path());
  }
  return PythonPeer(std::move(arguments));
}

constexpr int kNotAuthenticated = 7;

Address printed_by(PythonPeer& server, const std::string& family) {
  const std::string line = server.line();
  if (family != "AF_INET") return Address(line);
  const std::size_t blank = line.find(' ');
  return Address(line.substr(0, blank), std::stoi(line.substr(blank + 1)));
}

void expect_echo(const Connection& connection) {
  const Object objects[] = {nullptr, 1.5, "h\u00e9llo", list(1, tuple(2, "a")), Dict{{"k", bytes("b")}}};
  for (const Object& object : objects) {
    connection.send(object);
    EXPECT_EQ(connection.recv(), object);
  }
}

struct Case {
  std::string family;
  std::string key;  // empty: none
};

class ListenerPythonTest : public testing::TestWithParam<Case> {
 protected:
  static std::optional<std::string> key(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
  }
};

TEST_P(ListenerPythonTest, PythonCallsUs) {
  const auto& [family, secret] = GetParam();
  const Listener listener({}, {.family = family, .authkey = key(secret)});
  PythonPeer peer = run_peer({"call", secret}, listener.address());
  {
    const Connection connection = listener.accept();
    EXPECT_EQ(connection.recv(), list("hello", bytes("bytes"), 7));
    expect_echo(connection);
  }
  EXPECT_EQ(peer.end(), 0);
}

TEST_P(ListenerPythonTest, WeCallPython) {
  const auto& [family, secret] = GetParam();
  PythonPeer peer = run_peer({"serve", family, secret});
  {
    const Connection connection =
        Client(printed_by(peer, family), {.authkey = key(secret), .handshake = Wait::forever()});
    expect_echo(connection);
  }
  EXPECT_EQ(peer.end(), 0);
}

INSTANTIATE_TEST_SUITE_P(Roads, ListenerPythonTest,
                         testing::Values(Case{"AF_INET", ""}, Case{"AF_INET", "secret password"}, Case{"AF_UNIX", ""},
                                         Case{"AF_UNIX", "secret password"}, Case{"AF_UNIX", std::string(5000, 'k')}));

TEST(ListenerToPython, OtherKeysAreRefusedAtBothEnds) {
  const Listener listener({}, {.authkey = "key"});
  PythonPeer peer = run_peer({"call", "another"}, listener.address());
  EXPECT_THROW(listener.accept(), AuthenticationError);
  EXPECT_EQ(peer.line(), "AuthenticationError");
  EXPECT_EQ(peer.end(), kNotAuthenticated);
}

TEST(ClientToPython, OtherKeysAreRefusedAtBothEnds) {
  PythonPeer peer = run_peer({"serve", "AF_UNIX", "key"});
  EXPECT_THROW(Client(printed_by(peer, "AF_UNIX"), {.authkey = "another", .handshake = Wait::forever()}),
               AuthenticationError);
  EXPECT_EQ(peer.line(), "AuthenticationError");
  EXPECT_EQ(peer.end(), kNotAuthenticated);
}

}  // namespace
}  // namespace mp
