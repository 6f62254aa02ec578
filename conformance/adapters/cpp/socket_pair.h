#ifndef CONFORMANCE_ADAPTERS_CPP_SOCKET_PAIR_H_
#define CONFORMANCE_ADAPTERS_CPP_SOCKET_PAIR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/adapters/cpp/kit.h"

namespace mp::conformance {

// One end of the protocol's `socketpair`: a connected socket of the system, for implementations that wait for such.
//
// Owns:    the socket.
// Shares:  nothing; no program that this process starts has it.
// Threads: every method in any thread, but close() after the others.
// Blocks:  send() until there is room, recv() until there is something.
// Throws:  Raised (OSError) when the system refuses, or after close().
class Socket {
 public:
  using Native = std::intptr_t;

  static std::pair<Socket, Socket> pair();

  explicit Socket(Native native) : native_(native) {}
  Socket(Socket&& other) noexcept : native_(std::exchange(other.native_, kClosed)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() { close(); }

  // How many bytes went.
  std::size_t send(std::string_view bytes);
  // At most so many bytes; none: the other end was closed.
  std::string recv(std::size_t size);
  Native fileno() const { return native_; }
  void close() noexcept;

 private:
  static constexpr Native kClosed = -1;

  Native native_;
};

// As every adapter has it whose implementation waits for sockets.
void offer_socketpair(Adapter& adapter);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_SOCKET_PAIR_H_
