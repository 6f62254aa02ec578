#include "platform/posix/socket.h"

#include <fcntl.h>

#include <cerrno>

#include "platform/error.h"
#include "platform/posix/descriptor.h"

// No call here makes a descriptor that is closed on exec from the start: a program that another thread starts with calls of its own in
// between inherits it. Child::spawn() does not (see spawn_system.cc).
namespace mp::platform {
namespace {

Handle prepared(int fd, const char* operation) {
  Handle made(above_streams(fd));
  if (!made) throw OsError(operation, errno);
  prepare_arrived(static_cast<int>(made.native()));
  prepare_road(static_cast<int>(made.native()));
  return made;
}

}  // namespace

const int kSendFlags = 0;
const int kReceiveFlags = 0;
const bool kSendHeedsDontWait = false;

Handle make_socket(int domain) { return prepared(::socket(domain, SOCK_STREAM, 0), "make a socket"); }

std::pair<Handle, Handle> make_socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw OsError("make a channel", errno);
  Handle second(ends[1]);  // lest it be lost with the first
  Handle one = prepared(ends[0], "make a channel");
  return {std::move(one), prepared(static_cast<int>(second.release()), "make a channel")};
}

// What is accepted is as little blocking as the listening socket.
int accept_socket(int fd, sockaddr* from, socklen_t* size) {
  const int made = above_streams(::accept(fd, from, size));
  if (made < 0) return made;
  prepare_arrived(made);
  prepare_road(made);
  set_blocking(made, true);
  return made;
}

bool was_lost_in_the_queue(int code) { return code == ECONNABORTED; }

int domain_of_socket(int fd) {
  sockaddr_storage own{};
  socklen_t size = sizeof(own);
  return ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0 ? own.ss_family : -1;
}

// For sockets and pipes alike: EPIPE, and no signal.
void prepare_road(int fd) noexcept { ::fcntl(fd, F_SETNOSIGPIPE, 1); }

void prepare_arrived(int fd) noexcept { ::fcntl(fd, F_SETFD, FD_CLOEXEC); }

bool lacked_descriptors(int code) { return code == EMSGSIZE || code == EMFILE; }

ssize_t write_quietly(int fd, std::span<const iovec> parts) {
  return ::writev(fd, parts.data(), static_cast<int>(parts.size()));
}

}  // namespace mp::platform
