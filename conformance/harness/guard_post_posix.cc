#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exception.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/pipe.hpp>
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

// The process that makes guards, and the socket to it.
class Post {
 public:
  Post() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) give_up(std::generic_category().message(errno));
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
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

// Closed when it goes, whatever happens.
bp::pipe private_pipe() {
  bp::pipe pipe;
  for (const int end : {pipe.native_source(), pipe.native_sink()}) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return pipe;
}

}  // namespace

void dismiss_post() { g_post.reset(); }

GuardPipes start_guard() {
  const char* isolation = std::getenv(kIsolationVariable);
  try {
    bp::pipe to = private_pipe(), from = private_pipe();
    const GuardOrder order{to.native_source(), from.native_sink(),
                           isolation == nullptr || std::string_view(isolation) != "none"};
    if (g_post == nullptr || !g_post->start(order)) {  // the first, or somebody has killed it
      dismiss_post();
      g_post = std::make_unique<Post>();
      if (!g_post->start(order)) give_up("it ends at once");
    }
    GuardPipes near{bp::pipe(-1, to.native_sink()), bp::pipe(from.native_source(), -1)};
    to.assign_sink(-1);
    from.assign_source(-1);
    return near;
  } catch (const bp::process_error& error) {
    give_up(error.what());
  }
}

}  // namespace mp::conformance
