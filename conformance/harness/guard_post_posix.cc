#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/posix.hpp>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/guard_order_posix.h"

namespace mp::conformance {
namespace {

namespace bp = boost::process;

[[noreturn]] void give_up(const std::string& why) {
  throw CannotRun("no process can be made for the guard of a testee: " + why);
}
[[noreturn]] void give_up() { give_up(std::generic_category().message(errno)); }

void keep_from_children(const int (&ends)[2]) {
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
}

// The process that makes guards, and the socket to it.
class Post {
 public:
  Post() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) give_up();
    keep_from_children(ends);
    socket_ = ends[0];
    try {
      process_ =
          bp::child(bp::exe = this_program(), bp::args = {kGuardArgument}, bp::posix::fd.bind(STDIN_FILENO, ends[1]));
    } catch (const std::exception& error) {
      ::close(ends[0]);
      ::close(ends[1]);
      give_up(error.what());
    }
    ::close(ends[1]);
  }

  ~Post() {
    ::close(socket_);
    std::error_code error;
    process_.wait(error);
  }

  bool start(const GuardOrder& order) { return send_order(socket_, order); }

 private:
  int socket_;
  bp::child process_;
};

std::unique_ptr<Post> g_post;

}  // namespace

void dismiss_post() { g_post.reset(); }

GuardPipes start_guard() {
  int to[2], from[2];
  if (::pipe(to) != 0) give_up();
  keep_from_children(to);
  if (::pipe(from) != 0) give_up();
  keep_from_children(from);
  const char* isolation = std::getenv(kIsolationVariable);
  const GuardOrder order{to[0], from[1], isolation == nullptr || std::string_view(isolation) != "none"};
  bool started = g_post != nullptr && g_post->start(order);
  if (!started) {  // the first, or somebody has killed it
    dismiss_post();
    g_post = std::make_unique<Post>();
    started = g_post->start(order);
  }
  ::close(order.input);
  ::close(order.output);
  if (!started) give_up("it ends at once");
  return {bp::pipe(-1, to[1]), bp::pipe(from[0], -1)};
}

}  // namespace mp::conformance
