#include "platform/child.h"

#include <signal.h>
#include <stdio_ext.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <ext/stdio_sync_filebuf.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <mutex>
#include <string>
#include <typeinfo>
#include <utility>

#include "platform/error.h"
#include "platform/linux/poll.h"
#include "platform/linux/spawn.h"

namespace mp::platform {
namespace {

constexpr int kUnknownCode = 255;

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

// Reaps the child if it has ended: its code; nothing while it runs.
std::optional<int> reap(const Handle& pidfd) {
  siginfo_t info;
  if (!look_at_child(pidfd, 0, info)) return kUnknownCode;
  if (info.si_pid == 0) return std::nullopt;
  return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
}

bool has_ended(const Handle& pidfd) { return poll_until(pidfd.native(), POLLIN, Deadline::passed()); }

// Takes the starter's report; 255 when there is none and will be none.
int reported(Channel& status) {
  const auto received = status.receive(Deadline::never());
  const auto& bytes = received.message.bytes;
  const char* const begin = reinterpret_cast<const char*>(bytes.data());
  int code = kUnknownCode;
  std::from_chars(begin, begin + bytes.size(), code);
  return code;
}

// Standard output and error only, not fflush(nullptr): that would wait for a thread that is reading standard input. What has
// nothing to write is left alone: a forked child, which copies each page that it writes to, is a tenth faster for it.
void flush(std::FILE* file) {
  if (::__fpending(file) > 0) std::fflush(file);
}

// Unless the program separated them, the streams of C++ hand on each character to those of C, and keep none.
void flush(std::ostream& stream) {
  const std::streambuf* const buffer = stream.rdbuf();
  if (buffer == nullptr || typeid(*buffer) != typeid(__gnu_cxx::stdio_sync_filebuf<char>)) stream.flush();
}

void flush_output() {
  flush(std::cout);
  flush(std::clog);
  flush(stdout);
  flush(stderr);
}

// No signal of the caller's thread gets through while it lives.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

// In a forked child, what exec does for a spawned one (see spawn.cc). The parent forks with signals blocked, so one that comes
// before this waits, and then finds the default action, never the parent's handler.
void forget_signals() {
  constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    const bool is_fault = std::find(std::begin(kFaults), std::end(kFaults), number) != std::end(kFaults);
    const bool stays =
        is_fault || (number == SIGHUP && ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN);
    action = {};
    action.sa_handler = SIG_DFL;
    if (!stays) ::sigaction(number, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

int run_body(const std::function<int()>& body) noexcept {
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "process %d ends by an error: %s\n", ::getpid(), error.what());
  } catch (...) {
    std::fprintf(stderr, "process %d ends by an error of unknown type\n", ::getpid());
  }
  return 1;
}

}  // namespace

struct Child::Impl {
  std::int64_t pid = 0;
  Handle pidfd;
  Channel status;  // of remote children only
  std::mutex mutex;
  std::optional<int> code;  // guarded by mutex; once set it stays
  Impl* next_abandoned = nullptr;

  std::optional<int> exit_code() {
    const std::lock_guard lock(mutex);
    if (code) return code;
    if (!status) {
      code = reap(pidfd);
    } else if (has_ended(pidfd)) {
      code = reported(status);
    }
    return code;
  }

  void signal(int number) {
    if (exit_code()) return;
    if (pidfd_send_signal(pidfd, number) == 0 || errno == ESRCH) return;
    throw OsError("send signal " + std::to_string(number) + " to process " + std::to_string(pid), errno);
  }

  // From the number of a new child to the right to wait for it. A foreign waitpid(-1) may have been faster, and the number may
  // be somebody else's by now: then waitid() knows no such child of ours, and this one counts as ended.
  void own(pid_t started) {
    pid = started;
    pidfd = Handle(pidfd_open(started));
    if (!pidfd && errno != ESRCH) {
      const int saved = errno;
      ::kill(started, SIGKILL);  // ours and not reaped, hence still this one
      ::waitpid(started, nullptr, 0);
      throw OsError("watch a new child, which was ended therefore", saved);
    }
    siginfo_t unused;
    if (pidfd && look_at_child(pidfd, WNOWAIT, unused)) return;
    code = kUnknownCode;
    pidfd = Handle(::eventfd(1, EFD_CLOEXEC));  // a sentinel that is ready
    if (!pidfd) throw OsError("watch a child that has ended", errno);
  }
};

namespace {

// Children whose objects went before they ended: a stack without a lock, as a thread that holds a lock while another forks
// would leave it locked in the child for ever. Threads take the whole stack and push back what still runs, so no node
// is ever looked at by two.
std::atomic<Child::Impl*> abandoned = nullptr;

void abandon(std::unique_ptr<Child::Impl> impl) {
  Child::Impl* const node = impl.release();
  node->next_abandoned = abandoned.load(std::memory_order_relaxed);
  while (!abandoned.compare_exchange_weak(node->next_abandoned, node, std::memory_order_release,
                                          std::memory_order_relaxed)) {
  }
}

void reap_abandoned() {
  Child::Impl* node = abandoned.exchange(nullptr, std::memory_order_acquire);
  while (node != nullptr) {
    std::unique_ptr<Child::Impl> impl(std::exchange(node, node->next_abandoned));
    if (!impl->exit_code()) abandon(std::move(impl));
  }
}

// They are the parent's.
void forget_abandoned() {
  Child::Impl* node = abandoned.exchange(nullptr, std::memory_order_acquire);
  while (node != nullptr) delete std::exchange(node, node->next_abandoned);
}

}  // namespace

Child::Child() = default;
Child::Child(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Child::Child(Child&&) noexcept = default;

Child& Child::operator=(Child&& other) noexcept {
  Child leaving(std::move(other));
  std::swap(impl_, leaving.impl_);
  return *this;
}

Child::~Child() {
  if (impl_ == nullptr) return;
  reap_abandoned();
  // A remote child is its starter's to reap.
  if (!impl_->status && !impl_->exit_code()) abandon(std::move(impl_));
}

Child Child::fork(const std::function<int()>& body) {
  reap_abandoned();
  auto impl = std::make_unique<Impl>();  // before the child exists: running out of memory must not lose it
  flush_output();
  const SignalsBlocked blocked;
  const pid_t pid = ::fork();
  if (pid < 0) throw OsError("fork a child", errno);
  if (pid == 0) {
    forget_signals();
    forget_abandoned();
    const int code = run_body(body);
    flush_output();
    ::_exit(code);
  }
  impl->own(pid);
  return Child(std::move(impl));
}

Child Child::spawn(const std::string& program, const std::vector<std::string>& arguments, Message message) {
  reap_abandoned();
  auto impl = std::make_unique<Impl>();
  impl->own(spawn_process(program, arguments, message));
  return Child(std::move(impl));
}

bool Child::has_fork() { return true; }

Child Child::remote(std::int64_t pid, Handle handle, Channel status) {
  auto impl = std::make_unique<Impl>();
  impl->pid = pid;
  impl->pidfd = std::move(handle);
  impl->status = std::move(status);
  return Child(std::move(impl));
}

void Child::report(Channel& status, int exit_code) {
  const std::string text = std::to_string(exit_code);
  status.send(std::as_bytes(std::span(text)), {}, Deadline::passed());
}

std::int64_t Child::pid() const { return impl_->pid; }

NativeHandle Child::sentinel() const { return impl_->pidfd.native(); }

Handle Child::handle() const { return impl_->pidfd.duplicate(); }

std::optional<int> Child::exit_code() const { return impl_->exit_code(); }

std::optional<int> Child::wait(Deadline deadline) const {
  for (;;) {
    if (const auto code = impl_->exit_code()) return code;
    if (!poll_until(impl_->pidfd.native(), POLLIN, deadline)) return std::nullopt;
  }
}

void Child::terminate() { impl_->signal(SIGTERM); }

void Child::kill() { impl_->signal(SIGKILL); }

std::int64_t this_pid() { return ::getpid(); }

Handle this_process() {
  Handle handle(pidfd_open(::getpid()));
  if (!handle) throw OsError("open a handle of this process", errno);
  return handle;
}

}  // namespace mp::platform
