#include "platform/posix/socket.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include <cerrno>

#include "platform/error.h"
#include "platform/posix/descriptor.h"

namespace mp::platform {
namespace {

// While it lives, a write of this thread to a pipe without a reader gives EPIPE and nothing else. (Sockets have MSG_NOSIGNAL.)
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~NoSigpipe() {
    const int saved = errno;
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&sigpipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = saved;
  }
  NoSigpipe(const NoSigpipe&) = delete;

 private:
  sigset_t sigpipe_;
  sigset_t before_;
  bool was_pending_;
};

}  // namespace

const int kSendFlags = MSG_NOSIGNAL;
const int kReceiveFlags = MSG_CMSG_CLOEXEC;
const bool kSendHeedsDontWait = true;

Handle make_socket(int domain) {
  Handle made(above_streams(::socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  if (!made) throw OsError("make a socket", errno);
  return made;
}

std::pair<Handle, Handle> make_socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw OsError("make a channel", errno);
  Handle one(above_streams(ends[0]));
  Handle other(above_streams(ends[1]));
  if (!one || !other) throw OsError("make a channel", errno);
  return {std::move(one), std::move(other)};
}

int accept_socket(int fd, sockaddr* from, socklen_t* size) {
  return above_streams(::accept4(fd, from, size, SOCK_CLOEXEC));
}

// accept(2), "Error handling".
bool was_lost_in_the_queue(int code) {
  for (const int each :
       {ECONNABORTED, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EPERM}) {
    if (code == each) return true;
  }
  return false;
}

int domain_of_socket(int fd) {
  int domain = 0;
  socklen_t size = sizeof(domain);
  return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 ? domain : -1;
}

void prepare_road(int) noexcept {}

void prepare_arrived(int) noexcept {}

bool lacked_descriptors(int) { return false; }  // MSG_CTRUNC says it

ssize_t write_quietly(int fd, std::span<const iovec> parts) {
  const NoSigpipe shield;
  return ::writev(fd, parts.data(), static_cast<int>(parts.size()));
}

}  // namespace mp::platform
