#include "platform/posix/watch.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "platform/error.h"
#include "platform/posix/poll.h"

// A pidfd is all of it: it can be waited for, travels, and never stands for another process.
namespace mp::platform {
namespace {

// glibc has these since 2.36 only, and there without C linkage.
int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

int pidfd_send_signal(const Handle& pidfd, int number) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, static_cast<int>(pidfd.native()), number, nullptr, 0));
}

// waitid() without blocking. False: it is no child of ours, as somebody else has reaped it, or the kernel has (SIGCHLD ignored).
bool look_at_child(const Handle& pidfd, int options, siginfo_t& info) {
  for (;;) {
    info = {};
    const auto id = static_cast<id_t>(pidfd.native());
    if (::waitid(P_PIDFD, id, &info, WEXITED | WNOHANG | options) == 0) return true;
    if (errno == ECHILD) return false;
    if (errno != EINTR) throw OsError("wait for a child", errno);
  }
}

}  // namespace

struct Watch::Process {
  Handle pidfd;
  bool is_lost = false;  // a child that somebody else has reaped before we could watch it
};

Watch::Watch() = default;
Watch::Watch(Process process) : process_(std::make_unique<Process>(std::move(process))) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

Watch Watch::of_child(pid_t pid) {
  Handle pidfd(pidfd_open(pid));
  if (!pidfd && errno != ESRCH) {
    const int saved = errno;
    ::kill(pid, SIGKILL);  // ours and not reaped, hence still this one
    ::waitpid(pid, nullptr, 0);
    throw OsError("watch a new child, which was ended therefore", saved);
  }
  siginfo_t unused;
  if (pidfd && look_at_child(pidfd, WNOWAIT, unused)) return Watch(Process{std::move(pidfd)});
  Handle ready(::eventfd(1, EFD_CLOEXEC));
  if (!ready) throw OsError("watch a child that has ended", errno);
  return Watch(Process{std::move(ready), true});
}

Watch Watch::of_handle(Handle handle) { return Watch(Process{std::move(handle)}); }

Handle Watch::handle_of_this_process() {
  Handle handle(pidfd_open(::getpid()));
  if (!handle) throw OsError("open a handle of this process", errno);
  return handle;
}

NativeHandle Watch::native() const { return process_->pidfd.native(); }

Handle Watch::handle() const { return process_->pidfd.duplicate(); }

bool Watch::has_ended() const { return poll_until(native(), POLLIN, Deadline::passed()); }

std::optional<int> Watch::reap() {
  siginfo_t info;
  if (process_->is_lost || !look_at_child(process_->pidfd, 0, info)) return kUnknownCode;
  if (info.si_pid == 0) return std::nullopt;
  return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
}

void Watch::signal(int number) const {
  if (pidfd_send_signal(process_->pidfd, number) == 0 || errno == ESRCH) return;
  throw OsError("send signal " + std::to_string(number) + " to a process", errno);
}

}  // namespace mp::platform
