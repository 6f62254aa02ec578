#ifndef CONFORMANCE_HARNESS_LINES_H_
#define CONFORMANCE_HARNESS_LINES_H_

#include <array>
#include <boost/asio.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/protocol/line.h"

namespace mp::conformance {

class Actor;

// A line of the testee: the runner's end of it.
struct Connection {
  explicit Connection(boost::asio::ip::tcp::socket socket) : socket(std::move(socket)) {}
  Actor* actor = nullptr;  // none: it has not said hello

  boost::asio::ip::tcp::socket socket;
  std::array<char, 1 << 16> buffer;
  LineSplitter splitter;
  std::string outgoing, being_sent;
};

// All lines of one testee, which its processes open from their side over loopback TCP.
//
// Owns:    its sockets, the open ones and the one that listens.
// Shares:  each connection, with the actor that speaks through it.
// Threads: one; events are told only inside run_one_until().
// Blocks:  run_one_until(), until an event or the time.
// Throws:  boost::system::system_error when the system has no socket.
class Lines {
 public:
  using Clock = std::chrono::steady_clock;
  struct Events {
    std::function<void(const std::shared_ptr<Connection>&, const std::string& line)> line;
    std::function<void(Connection&)> flood;  // a line without end; nothing more is read from there
    std::function<void(Connection&)> end;    // it is closed
  };

  explicit Lines(Events events);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  // Queued, so that a testee which does not read cannot stop the runner.
  void write(const std::shared_ptr<Connection>& connection, const std::string& line);
  static void close(Connection& connection);
  void run_one_until(Clock::time_point until) { io_.run_one_until(until); }

 private:
  void accept();
  void read(const std::shared_ptr<Connection>& connection);
  void flush(const std::shared_ptr<Connection>& connection);

  const Events events_;
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::shared_ptr<Connection>> connections_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_LINES_H_
