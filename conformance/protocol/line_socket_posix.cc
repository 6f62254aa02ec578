#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "conformance/protocol/line_socket.h"

namespace mp::conformance::line_socket {
namespace {

[[noreturn]] void fail(const std::string& what, int code = errno) {
  throw std::system_error(code, std::generic_category(), what);
}

// Again when a signal came first.
template <class Act>
std::intptr_t undisturbed(Act act) {
  std::intptr_t count;
  do count = act();
  while (count < 0 && errno == EINTR);
  return count;
}

}  // namespace

std::intptr_t connect(const std::string& host, std::uint16_t port) {
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &peer.sin_addr) != 1) fail("no address: '" + host + "'", EINVAL);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) fail("socket");
  // Two steps, since macOS has no SOCK_CLOEXEC: a program that another thread starts in between has the socket, unless whoever starts
  // it closes what it does not hand on.
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    const int code = errno;
    close(socket);
    fail("connect to " + host + ":" + std::to_string(port), code);
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

std::intptr_t receive(std::intptr_t socket, char* bytes, std::size_t size) {
  return undisturbed([&] { return ::recv(static_cast<int>(socket), bytes, size, 0); });
}

std::intptr_t send(std::intptr_t socket, const char* bytes, std::size_t size) {
  return undisturbed([&] { return ::send(static_cast<int>(socket), bytes, size, MSG_NOSIGNAL); });
}

void close(std::intptr_t socket) noexcept { ::close(static_cast<int>(socket)); }

}  // namespace mp::conformance::line_socket
