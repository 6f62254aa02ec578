#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "conformance/adapters/cpp/socket_pair.h"

namespace mp::conformance {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw Raised({{"OSError", "Exception"}, what + ": " + std::generic_category().message(errno), {}});
}

// Again when a signal came first.
template <class Act>
std::size_t undisturbed(const std::string& what, Act act) {
  ssize_t count;
  do count = act();
  while (count < 0 && errno == EINTR);
  if (count < 0) fail(what);
  return static_cast<std::size_t>(count);
}

}  // namespace

std::pair<Socket, Socket> Socket::pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) fail("socketpair");
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return {Socket(ends[0]), Socket(ends[1])};
}

std::size_t Socket::send(std::string_view bytes) {
  return undisturbed("send",
                     [&] { return ::send(static_cast<int>(native_), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
}

std::string Socket::recv(std::size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(undisturbed("recv", [&] { return ::recv(static_cast<int>(native_), bytes.data(), bytes.size(), 0); }));
  return bytes;
}

void Socket::close() noexcept {
  if (native_ != kClosed) ::close(static_cast<int>(std::exchange(native_, kClosed)));
}

}  // namespace mp::conformance
