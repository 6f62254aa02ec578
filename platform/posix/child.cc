#include "platform/child.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <iterator>
#include <mutex>
#include <string>
#include <utility>

#include "platform/error.h"
#include "platform/look.h"
#include "platform/posix/output.h"
#include "platform/posix/poll.h"
#include "platform/posix/spawn.h"
#include "platform/posix/watch.h"

namespace mp::platform {
namespace {

// Takes the starter's report: nothing when it has not come yet, 255 when there will be none. Who waits for it as well finds the end of
// the road from then on: what he waited for is taken.
std::optional<int> reported(Channel& status) {
  const auto received = status.receive(Deadline::passed());
  if (received.outcome == Channel::Outcome::kLate) return std::nullopt;
  ::shutdown(static_cast<int>(status.native()), SHUT_RD);
  const auto& bytes = received.message.bytes;
  const char* const begin = reinterpret_cast<const char*>(bytes.data());
  int code = Watch::kUnknownCode;
  std::from_chars(begin, begin + bytes.size(), code);
  return code;
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
  const pid_t maker = ::getpid();
  std::int64_t pid = 0;
  Watch watch;
  Channel status;  // of remote children only
  std::mutex mutex;         // never held while something is awaited
  std::optional<int> code;  // guarded by mutex; once set it stays
  Impl* next_abandoned = nullptr;

  // What is known without waiting.
  std::optional<int> known() {
    const std::lock_guard lock(mutex);
    return find_out();
  }

  // Waits until more may be known; false when the deadline passed first. Of a remote child its end comes first. Its starter's report
  // follows at once, so it is looked for before anybody sleeps.
  bool await_news(Deadline deadline) const {
    if (!status || !watch.has_ended()) return poll_until(watch.native(), POLLIN, deadline);
    const auto has_come = [&] { return poll_until(status.native(), POLLIN, Deadline::passed()); };
    if (deadline.has_passed()) return has_come();
    return look(has_come, std::chrono::nanoseconds(0)) || poll_until(status.native(), POLLIN, deadline);
  }

  void signal(int number) {
    const std::lock_guard lock(mutex);  // nobody reaps it meanwhile, so that its number cannot become another's
    if (!find_out()) watch.signal(number);
  }

  void own(pid_t started) {
    pid = started;
    watch = Watch::of_child(started);
  }

 private:
  // The caller holds the mutex.
  std::optional<int> find_out() {
    if (code) return code;
    if (!status) {
      code = watch.reap();
    } else if (watch.has_ended()) {
      code = reported(status);
    }
    return code;
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
    if (!impl->known()) abandon(std::move(impl));
  }
}

// In a copy of the process that made it, whose child it is. A thread of the maker, which did not come along, may have been at work on
// it: then the mutex stays locked, what it guards may be half changed, and all is left as it lies.
void forget(std::unique_ptr<Child::Impl> impl) {
  if (impl->mutex.try_lock()) {
    impl->mutex.unlock();
  } else {
    (void)impl.release();
  }
}

// They are the parent's.
void forget_abandoned() {
  Child::Impl* node = abandoned.exchange(nullptr, std::memory_order_acquire);
  while (node != nullptr) delete std::exchange(node, node->next_abandoned);
}

// All that a forked child does. Nothing leaves it but the process: behind it lies the caller's code, which is the parent's.
[[noreturn]] void run_child(const std::function<int()>& body) noexcept {
  forget_signals();
  forget_abandoned();
  const int code = run_body(body);
  // It throws where the program has told std::cout to, and the disk is full.
  const int code_of_flush = run_body([] {
    flush_output();
    return 0;
  });
  ::_exit(code_of_flush == 0 ? code : code_of_flush);
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
  if (impl_->maker != ::getpid()) {
    forget(std::move(impl_));
    return;
  }
  reap_abandoned();
  // A remote child is its starter's to reap.
  if (!impl_->status && !impl_->known()) abandon(std::move(impl_));
}

Child Child::fork(const std::function<int()>& body) {
  reap_abandoned();
  auto impl = std::make_unique<Impl>();  // before the child exists: running out of memory must not lose it
  flush_output();
  const SignalsBlocked blocked;
  const pid_t pid = ::fork();
  if (pid < 0) throw OsError("fork a child", errno);
  if (pid == 0) run_child(body);
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
  impl->watch = Watch::of_handle(std::move(handle));
  impl->status = std::move(status);
  return Child(std::move(impl));
}

void Child::report(Channel& status, int exit_code) {
  const std::string text = std::to_string(exit_code);
  status.send(std::as_bytes(std::span(text)), {}, Deadline::passed());
}

std::int64_t Child::pid() const { return impl_->pid; }

NativeHandle Child::sentinel() const { return impl_->watch.native(); }

Handle Child::handle() const { return impl_->watch.handle(); }

std::optional<int> Child::exit_code() const {
  if (const auto code = impl_->known()) return code;
  const bool is_reported_soon = impl_->status && impl_->watch.has_ended();
  return is_reported_soon ? wait(Deadline::never()) : std::nullopt;
}

std::optional<int> Child::wait(Deadline deadline) const {
  for (;;) {
    if (const auto code = impl_->known()) return code;
    if (!impl_->await_news(deadline)) return std::nullopt;
  }
}

void Child::terminate() { impl_->signal(SIGTERM); }

void Child::kill() { impl_->signal(SIGKILL); }

bool Child::was_told_to_end(int exit_code) { return exit_code == -SIGTERM || exit_code == -SIGKILL; }

std::int64_t this_pid() { return ::getpid(); }

Handle this_process() { return Watch::handle_of_this_process(); }

}  // namespace mp::platform
