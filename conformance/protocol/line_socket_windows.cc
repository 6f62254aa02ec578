#include <winsock2.h>
#include <ws2tcpip.h>

#include <algorithm>
#include <climits>
#include <system_error>

#include "conformance/protocol/line_socket.h"

namespace mp::conformance::line_socket {
namespace {

[[noreturn]] void fail(const std::string& what, int code = ::WSAGetLastError()) {
  throw std::system_error(code, std::system_category(), what);
}

// Stays until the process ends.
void start_winsock() {
  static const int code = [] {
    WSADATA data;
    return ::WSAStartup(MAKEWORD(2, 2), &data);
  }();
  if (code != 0) fail("start Winsock", code);
}

int clamped(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

std::intptr_t connect(const std::string& host, std::uint16_t port) {
  start_winsock();
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = ::htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &peer.sin_addr) != 1) fail("no address: '" + host + "'", WSAEINVAL);
  const SOCKET socket =
      ::WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (socket == INVALID_SOCKET) fail("socket");
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    const int code = ::WSAGetLastError();
    ::closesocket(socket);
    fail("connect to " + host + ":" + std::to_string(port), code);
  }
  const BOOL on = TRUE;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof on);
  return static_cast<std::intptr_t>(socket);
}

std::intptr_t receive(std::intptr_t socket, char* bytes, std::size_t size) {
  return ::recv(static_cast<SOCKET>(socket), bytes, clamped(size), 0);
}

std::intptr_t send(std::intptr_t socket, const char* bytes, std::size_t size) {
  return ::send(static_cast<SOCKET>(socket), bytes, clamped(size), 0);
}

void close(std::intptr_t socket) noexcept { ::closesocket(static_cast<SOCKET>(socket)); }

}  // namespace mp::conformance::line_socket
