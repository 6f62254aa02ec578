#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "conformance/protocol/line.h"

namespace mp::conformance {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in parse_address(const std::string& address) {
  sockaddr_in parsed{};
  parsed.sin_family = AF_INET;
  const std::size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  if (colon == std::string::npos || inet_pton(AF_INET, host.c_str(), &parsed.sin_addr) != 1) {
    throw std::system_error(EINVAL, std::generic_category(), "CONFORM_ADDRESS is not HOST:PORT but '" + address + "'");
  }
  parsed.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address.c_str() + colon + 1)));
  return parsed;
}

}  // namespace

Line Line::connect(const std::string& address) {
  const sockaddr_in peer = parse_address(address);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  Line line(socket);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) fail("connect to " + address);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return line;
}

Line::Line(Line&& other) noexcept : socket_(std::exchange(other.socket_, -1)), splitter_(std::move(other.splitter_)) {}

std::optional<std::string> Line::read() {
  char chunk[1 << 16];
  for (;;) {
    if (auto line = splitter_.next()) return line;
    const ssize_t count = ::recv(static_cast<int>(socket_), chunk, sizeof chunk, 0);
    if (count > 0) {
      splitter_.feed({chunk, static_cast<std::size_t>(count)});
    } else if (count == 0 || errno != EINTR) {
      return std::nullopt;
    }
  }
}

bool Line::write(std::string_view line) {
  std::string whole(line);
  whole += '\n';
  const std::lock_guard lock(writing_);
  for (std::size_t done = 0; done < whole.size();) {
    const ssize_t count = ::send(static_cast<int>(socket_), whole.data() + done, whole.size() - done, MSG_NOSIGNAL);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void Line::close() {
  const std::lock_guard lock(writing_);
  abandon();
}

void Line::abandon() noexcept {
  if (socket_ >= 0) ::close(static_cast<int>(std::exchange(socket_, -1)));
}

}  // namespace mp::conformance
