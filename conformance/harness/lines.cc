#include "conformance/harness/lines.h"

#include <utility>

namespace mp::conformance {

namespace asio = boost::asio;
using asio::ip::tcp;

Lines::Lines(Events events)
    : events_(std::move(events)), acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
  accept();
}

void Lines::accept() {
  acceptor_.async_accept([this](auto error, tcp::socket socket) {
    if (!error) {
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      connections_.push_back(std::make_shared<Connection>(std::move(socket)));
      read(connections_.back());
    }
    accept();
  });
}

void Lines::read(const std::shared_ptr<Connection>& connection) {
  connection->socket.async_read_some(asio::buffer(connection->buffer), [this, connection](auto error, std::size_t count) {
    if (error) {
      close(*connection);
      return events_.end(*connection);
    }
    try {
      connection->splitter.feed({connection->buffer.data(), count});
      while (const auto line = connection->splitter.next()) events_.line(connection, *line);
    } catch (const LineTooLong&) {
      return events_.flood(*connection);
    }
    read(connection);
  });
}

void Lines::write(const std::shared_ptr<Connection>& connection, const std::string& line) {
  connection->outgoing += line + "\n";
  if (connection->being_sent.empty()) flush(connection);
}

void Lines::flush(const std::shared_ptr<Connection>& connection) {
  connection->being_sent = std::exchange(connection->outgoing, "");
  asio::async_write(connection->socket, asio::buffer(connection->being_sent), [this, connection](auto error, std::size_t) {
    connection->being_sent.clear();
    if (!error && !connection->outgoing.empty()) flush(connection);  // an error is seen by the reader, too
  });
}

void Lines::close(Connection& connection) {
  boost::system::error_code ignored;
  connection.socket.close(ignored);
}

}  // namespace mp::conformance
