// A Connection with a real Python at the other end.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "reference/connection.h"
#include "reference/error.h"

namespace mp {
namespace {

// Runs connection_peer.py on the other end, and waits for its end.
class Peer {
 public:
  Peer() {
    auto [ours, its] = Pipe();
    connection = ours;
    const int descriptor = dup(static_cast<int>(its.fileno()));  // a copy that is inherited
    its.close();
    thread_ = std::thread([this, descriptor] {
      status_ = std::system(("exec python3 reference/connection_peer.py " + std::to_string(descriptor)).c_str());
    });
    // The peer's answer: it has the descriptor by now, and ours may go.
    connection.send("ready?");
    EXPECT_EQ(connection.recv(), "ready?");
    ::close(descriptor);
  }
  ~Peer() {
    connection.close();
    thread_.join();
    EXPECT_EQ(status_, 0);
  }

  Connection connection;

 private:
  std::thread thread_;
  int status_ = -1;
};

TEST(ConnectionToPython, CarriesObjectsBothWays) {
  Peer peer;
  const Object objects[] = {nullptr, true, -1, UINT64_MAX, 0.1, "h\u00e9llo \xed\xa0\x80", bytes(std::string(100'000, 'x')),
                            list(1, tuple(2, "a")), Dict{{"k", Set{1, 2}}}, FrozenSet{"x"},
                            Instance{Global{"builtins", "ValueError"}, tuple("no"), {}, {}, {}}};
  for (const Object& object : objects) {
    peer.connection.send(object);
    const Object back = peer.connection.recv();
    EXPECT_EQ(back, object);
    EXPECT_EQ(back.kind(), object.kind());
  }
  peer.connection.send("now bytes");
}

TEST(ConnectionToPython, CarriesBytesBothWays) {
  Peer peer;
  peer.connection.send("now bytes");
  for (const std::size_t size : {0, 1, 16383, 16384, 16385, 1 << 20, 40 << 20}) {
    const Bytes message(size, std::byte{7});
    std::thread sender([&] { peer.connection.send_bytes(message); });
    EXPECT_EQ(peer.connection.recv_bytes(), message);
    sender.join();
  }
}

}  // namespace
}  // namespace mp
