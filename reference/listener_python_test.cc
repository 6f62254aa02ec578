// Listener and Client with a real Python at the other end, both ways round, in both families, with and without keys.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "reference/error.h"
#include "reference/listener.h"

namespace mp {
namespace {

// A run of listener_peer.py.
class Peer {
 public:
  explicit Peer(const std::string& arguments)
      : output_(::popen(("exec python3 reference/listener_peer.py " + arguments).c_str(), "r")) {}
  Peer(const Peer&) = delete;
  ~Peer() { end(); }

  std::string line() {
    std::string text;
    for (int c; (c = std::fgetc(output_)) != EOF && c != '\n';) text += static_cast<char>(c);
    return text;
  }
  int end() {
    if (output_ == nullptr) return status_;
    const int status = ::pclose(std::exchange(output_, nullptr));
    return status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  std::FILE* output_;
  int status_ = -1;
};

constexpr int kNotAuthenticated = 7;

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string arguments_of(const Address& address) {
  return address.family() == "AF_INET" ? address.host() + " " + std::to_string(address.port()) : quoted(address.path());
}

Address printed_by(Peer& server, const std::string& family) {
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
  Peer peer("call " + quoted(secret) + " " + arguments_of(listener.address()));
  {
    const Connection connection = listener.accept();
    EXPECT_EQ(connection.recv(), list("hello", bytes("bytes"), 7));
    expect_echo(connection);
  }
  EXPECT_EQ(peer.end(), 0);
}

TEST_P(ListenerPythonTest, WeCallPython) {
  const auto& [family, secret] = GetParam();
  Peer peer("serve " + family + " " + quoted(secret));
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
  Peer peer("call another " + arguments_of(listener.address()));
  EXPECT_THROW(listener.accept(), AuthenticationError);
  EXPECT_EQ(peer.line(), "AuthenticationError");
  EXPECT_EQ(peer.end(), kNotAuthenticated);
}

TEST(ClientToPython, OtherKeysAreRefusedAtBothEnds) {
  Peer peer("serve AF_UNIX key");
  EXPECT_THROW(Client(printed_by(peer, "AF_UNIX"), {.authkey = "another", .handshake = Wait::forever()}),
               AuthenticationError);
  EXPECT_EQ(peer.line(), "AuthenticationError");
  EXPECT_EQ(peer.end(), kNotAuthenticated);
}

}  // namespace
}  // namespace mp
