#include <winsock2.h>
#include <ws2tcpip.h>

#include <algorithm>
#include <climits>
#include <system_error>

#include "conformance/adapters/cpp/socket_pair.h"

namespace mp::conformance {
namespace {

[[noreturn]] void fail(const std::string& what, int code = ::WSAGetLastError()) {
  throw Raised({{"OSError", "Exception"}, what + ": " + std::system_category().message(code), {}});
}

// Stays until the process ends.
void start_winsock() {
  static const int code = [] {
    WSADATA data;
    return ::WSAStartup(MAKEWORD(2, 2), &data);
  }();
  if (code != 0) fail("start Winsock", code);
}

Socket::Native tcp_socket() {
  const SOCKET socket =
      ::WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (socket == INVALID_SOCKET) fail("socket");
  return static_cast<Socket::Native>(socket);
}

SOCKET of(const Socket& socket) { return static_cast<SOCKET>(socket.fileno()); }
int clamped(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

// Any free port of this machine, for itself alone.
sockaddr_in listen_on(const Socket& listener) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  int size = sizeof place;
  if (::bind(of(listener), reinterpret_cast<const sockaddr*>(&place), size) != 0) fail("bind");
  if (::listen(of(listener), 1) != 0) fail("listen");
  if (::getsockname(of(listener), reinterpret_cast<sockaddr*>(&place), &size) != 0) fail("getsockname");
  return place;
}

bool is_from(const Socket& accepted, const Socket& client) {
  sockaddr_in peer{}, own{};
  int peer_size = sizeof peer, own_size = sizeof own;
  return ::getpeername(of(accepted), reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
         ::getsockname(of(client), reinterpret_cast<sockaddr*>(&own), &own_size) == 0 && peer.sin_port == own.sin_port;
}

}  // namespace

// The system has no socketpair(2). Somebody else of this machine might connect first: then it is refused.
std::pair<Socket, Socket> Socket::pair() {
  start_winsock();
  const Socket listener(tcp_socket());
  const sockaddr_in place = listen_on(listener);
  Socket client(tcp_socket());
  if (::connect(of(client), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) fail("connect");
  const SOCKET native = ::accept(of(listener), nullptr, nullptr);
  if (native == INVALID_SOCKET) fail("accept");
  Socket accepted(static_cast<Native>(native));
  if (!is_from(accepted, client)) fail("accept", WSAECONNABORTED);
  ::SetHandleInformation(reinterpret_cast<HANDLE>(native), HANDLE_FLAG_INHERIT, 0);
  return {std::move(accepted), std::move(client)};
}

std::size_t Socket::send(std::string_view bytes) {
  const int count = ::send(of(*this), bytes.data(), clamped(bytes.size()), 0);
  if (count < 0) fail("send");
  return static_cast<std::size_t>(count);
}

std::string Socket::recv(std::size_t size) {
  std::string bytes(size, '\0');
  const int count = ::recv(of(*this), bytes.data(), clamped(size), 0);
  if (count < 0) fail("recv");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

void Socket::close() noexcept {
  if (native_ != kClosed) ::closesocket(static_cast<SOCKET>(std::exchange(native_, kClosed)));
}

}  // namespace mp::conformance
