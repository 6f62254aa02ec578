#include "platform/child.h"

#include <mutex>
#include <utility>

#include "platform/error.h"
#include "platform/windows/spawn.h"
#include "platform/windows/system.h"

namespace mp::platform {
namespace {

// What CPython gives to those that it ends, and shows as -SIGTERM. No program of its own ends with it.
constexpr DWORD kTerminated = 0x10000;
constexpr int kTerminatedCode = -15;

[[noreturn]] void refuse_fork() { refuse("fork, which this system has not", ERROR_CALL_NOT_IMPLEMENTED); }

}  // namespace

// A process handle keeps the exit code as long as it is open, and a process has no parent that must wait for it.
struct Child::Impl {
  std::int64_t pid = 0;
  Handle process;

  // 259 is a code like another: only the object itself says whether the process runs.
  std::optional<int> exit_code() const {
    if (!wait_for(system_handle(process), Deadline::passed())) return std::nullopt;
    DWORD code = 0;
    if (!::GetExitCodeProcess(system_handle(process), &code)) refuse("ask for the exit code of process " + std::to_string(pid));
    return code == kTerminated ? kTerminatedCode : static_cast<int>(code);
  }

  void end() const {
    if (exit_code() || ::TerminateProcess(system_handle(process), kTerminated)) return;
    const DWORD code = ::GetLastError();
    // A process that is ending already refuses; it needs nobody's help.
    constexpr auto kLongEnough = std::chrono::seconds(1);
    if (!wait_for(system_handle(process), Deadline::after(kLongEnough))) refuse("end process " + std::to_string(pid), code);
  }
};

Child::Child() = default;
Child::Child(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;
Child::~Child() = default;

Child Child::fork(const std::function<int()>&) { refuse_fork(); }

Child Child::spawn(const std::string& program, const std::vector<std::string>& arguments, Message message) {
  SpawnedProcess spawned = spawn_process(program, arguments, message);
  auto impl = std::make_unique<Impl>();
  impl->pid = spawned.pid;
  impl->process = std::move(spawned.handle);
  return Child(std::move(impl));
}

bool Child::has_fork() { return false; }

Child Child::remote(std::int64_t, Handle, Channel) { refuse_fork(); }

void Child::report(Channel&, int) { refuse_fork(); }

std::int64_t Child::pid() const { return impl_->pid; }

NativeHandle Child::sentinel() const { return impl_->process.native(); }

Handle Child::handle() const { return impl_->process.duplicate(); }

std::optional<int> Child::exit_code() const { return impl_->exit_code(); }

std::optional<int> Child::wait(Deadline deadline) const {
  if (!wait_for(system_handle(impl_->process), deadline)) return std::nullopt;
  return impl_->exit_code();
}

void Child::terminate() { impl_->end(); }

void Child::kill() { impl_->end(); }

bool Child::was_told_to_end(int exit_code) { return exit_code == kTerminatedCode; }

std::int64_t this_pid() { return ::GetCurrentProcessId(); }

Handle this_process() {
  HANDLE copy = nullptr;
  const HANDLE self = ::GetCurrentProcess();
  if (!::DuplicateHandle(self, self, self, &copy, SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, 0)) {
    refuse("open a handle of this process");
  }
  return Handle(reinterpret_cast<NativeHandle>(copy));
}

}  // namespace mp::platform
