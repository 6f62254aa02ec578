#include "platform/posix/watch.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "platform/error.h"
#include "platform/macos/process_queue.h"
#include "platform/posix/life_of.h"
#include "platform/posix/poll.h"

namespace mp::platform {
namespace {

// Waits for a child that is ending, or looks only. Nothing: it goes on. kUnknownCode: it is none of ours, as somebody else has reaped it.
std::optional<int> reap_child(pid_t pid, int options) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, options);
    if (ended == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    if (ended == 0) return std::nullopt;
    if (errno == ECHILD) return Watch::kUnknownCode;
    if (errno != EINTR) throw OsError("wait for a child", errno);
  }
}

bool is_child(pid_t pid) {
  siginfo_t unused;
  return ::waitid(P_PID, static_cast<id_t>(pid), &unused, WEXITED | WNOHANG | WNOWAIT) == 0;
}

}  // namespace

struct Watch::Process {
  Process(Life whose, bool mine, Handle ready) : life(whose), is_mine(mine), queue(std::move(ready)) {}
  Process(Process&&) noexcept = default;
  // A queue is not inherited: in a forked child that number stands for nothing, or for what it has opened itself.
  ~Process() {
    if (::getpid() != maker) queue.release();
  }

  Life life;
  bool is_mine;  // a child that nobody has reaped
  Handle queue;
  pid_t maker = ::getpid();
};

Watch::Watch() = default;
Watch::Watch(Process process) : process_(std::make_unique<Process>(std::move(process))) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

Watch Watch::of_child(pid_t pid) {
  try {
    const Life life = life_of(pid);
    Handle queue = queue_of(life);
    const bool is_mine = is_child(pid);  // then it was so all the time: only we reap it from now on
    return Watch(Process(life, is_mine, is_mine ? std::move(queue) : ready_queue()));
  } catch (const OsError&) {
    if (is_child(pid)) {
      ::kill(pid, SIGKILL);  // ours and not reaped, hence still this one
      reap_child(pid, 0);
    }
    throw;
  }
}

Watch Watch::of_handle(Handle handle) {
  const std::optional<Life> life = life_in(handle.native());
  if (!life) throw OsError("watch a process: this handle stands for none", EBADF);
  return Watch(Process(*life, false, queue_of(*life)));
}

Handle Watch::handle_of_this_process() { return note_of(own_life()); }

NativeHandle Watch::native() const { return process_->queue.native(); }

Handle Watch::handle() const { return note_of(process_->life); }

bool Watch::has_ended() const { return poll_until(native(), POLLIN, Deadline::passed()); }

// The queue tells of the end a moment before waitpid() does: hence the wait, which is for what is ending.
std::optional<int> Watch::reap() {
  if (!process_->is_mine) return kUnknownCode;
  if (!has_ended()) return std::nullopt;
  return reap_child(static_cast<pid_t>(pid_of(process_->life)), 0);
}

void Watch::signal(int number) const {
  if (has_ended() || ::kill(static_cast<pid_t>(pid_of(process_->life)), number) == 0 || errno == ESRCH) return;
  throw OsError("send signal " + std::to_string(number) + " to a process", errno);
}

}  // namespace mp::platform
