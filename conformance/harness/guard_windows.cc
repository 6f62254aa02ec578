// The guard under Windows. The testee's processes are in a job of their own, from which none escapes, and which ends them all when its last
// handle is closed: that is the guard's, whatever becomes of it.
#include <windows.h>
//
#include <tlhelp32.h>
#include <winternl.h>

#include <boost/system/error_code.hpp>  // missing in the next ones
#include <boost/winapi/handle_info.hpp>
//
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exception.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <boost/process/search_path.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/guard_orders.h"
#include "conformance/harness/output_capture.h"
#include "conformance/harness/this_process.h"
#include "conformance/harness/windows_command_line.h"

extern "C" NTSTATUS NTAPI NtSuspendProcess(HANDLE process);
extern "C" NTSTATUS NTAPI NtResumeProcess(HANDLE process);

namespace mp::conformance {
namespace {

namespace bp = boost::process;
namespace fs = std::filesystem;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

struct CloseHandle_ {
  void operator()(HANDLE handle) const { ::CloseHandle(handle); }
};
using OwnedHandle = std::unique_ptr<void, CloseHandle_>;

std::wstring wide(const std::string& text) {
  std::wstring result(text.size(), L'\0');
  const int size = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(),
                                         static_cast<int>(result.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

std::string narrow(const std::wstring& text) {
  std::string result(text.size() * 3, '\0');
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(),
                                         static_cast<int>(result.size()), nullptr, nullptr);
  result.resize(static_cast<std::size_t>(size));
  return result;
}

// The processes of the testee.
class JobObject {
 public:
  JobObject() : job_(::CreateJobObjectW(nullptr, nullptr)), port_(::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    ::SetInformationJobObject(job_.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT association{nullptr, port_.get()};
    ::SetInformationJobObject(job_.get(), JobObjectAssociateCompletionPortInformation, &association, sizeof association);
  }

  bool take(HANDLE process) { return ::AssignProcessToJobObject(job_.get(), process) != 0; }
  void end_all() {
    ::TerminateJobObject(job_.get(), 1);
    await_empty(std::chrono::seconds(10));
  }

  // False: the time is over. The port tells when the last process has ended; an old message of it only makes this look once more.
  bool await_empty(Clock::duration patience) {
    const auto limit = Clock::now() + patience;
    while (!is_empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - Clock::now()).count();
      DWORD message;
      ULONG_PTR key;
      LPOVERLAPPED process;
      if (left <= 0 || !::GetQueuedCompletionStatus(port_.get(), &message, &key, &process, static_cast<DWORD>(left))) {
        return is_empty();
      }
    }
    return true;
  }

  // Nothing: no process of the testee has this number.
  OwnedHandle member(std::int64_t pid, DWORD rights) const {
    OwnedHandle process(::OpenProcess(rights | PROCESS_QUERY_INFORMATION, FALSE, static_cast<DWORD>(pid)));
    BOOL is_member = FALSE;
    if (!process || !::IsProcessInJob(process.get(), job_.get(), &is_member) || !is_member) return nullptr;
    return ::WaitForSingleObject(process.get(), 0) == WAIT_TIMEOUT ? std::move(process) : nullptr;
  }

  // "process 7: worker.exe"
  std::vector<std::string> processes() const {
    std::vector<std::string> found;
    const OwnedHandle all(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof entry;
    for (BOOL more = ::Process32FirstW(all.get(), &entry); more; more = ::Process32NextW(all.get(), &entry)) {
      if (member(entry.th32ProcessID, SYNCHRONIZE) == nullptr) continue;
      found.push_back("process " + std::to_string(entry.th32ProcessID) + ": " + narrow(entry.szExeFile));
    }
    return found;
  }

 private:
  bool is_empty() const {
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION account{};
    ::QueryInformationJobObject(job_.get(), JobObjectBasicAccountingInformation, &account, sizeof account, nullptr);
    return account.ActiveProcesses == 0;
  }

  OwnedHandle job_, port_;
};

// What the system says of the threads of a process, behind what it says of the process.
std::vector<SYSTEM_THREAD_INFORMATION> threads_of(std::int64_t pid) {
  std::vector<std::byte> room(256 * 1024);
  ULONG needed = 0;
  constexpr NTSTATUS kTooSmall = static_cast<NTSTATUS>(0xc0000004);
  NTSTATUS status;
  while ((status = ::NtQuerySystemInformation(SystemProcessInformation, room.data(), static_cast<ULONG>(room.size()), &needed)) ==
         kTooSmall) {
    room.resize(room.size() * 2);
  }
  if (status < 0) return {};
  for (std::size_t at = 0;;) {
    const auto* process = reinterpret_cast<const SYSTEM_PROCESS_INFORMATION*>(room.data() + at);
    if (reinterpret_cast<std::intptr_t>(process->UniqueProcessId) == pid) {
      const auto* first = reinterpret_cast<const SYSTEM_THREAD_INFORMATION*>(process + 1);
      return {first, first + process->NumberOfThreads};
    }
    if (process->NextEntryOffset == 0) return {};
    at += process->NextEntryOffset;
  }
}

char letter_of(const SYSTEM_THREAD_INFORMATION& thread) {
  enum : ULONG { kReady = 1, kRunning = 2, kStandby = 3, kTerminated = 4, kDeferredReady = 7 };
  switch (thread.ThreadState) {
    case kReady:
    case kRunning:
    case kStandby:
    case kDeferredReady: return 'R';
    case kTerminated: return 'Z';
    default: return 'S';  // Wine calls everything "initialized"
  }
}

// The time that it has run; how often, the header does not say.
std::int64_t turns_of(const SYSTEM_THREAD_INFORMATION& thread) {
  return thread.Reserved1[0].QuadPart + thread.Reserved1[1].QuadPart;
}

// Owns:    every process of the testee, the directory for its temporary files, what it printed.
// Threads: one, and one that takes what the testee prints.
// Blocks:  run(), until the runner lets go.
class Guard : GuardOrders {
 public:
  explicit Guard(fs::path directory) : directory_(std::move(directory)) {}
  ~Guard() override {
    job_.end_all();
    if (reader_.joinable()) reader_.join();
  }

  void run() {
    char bytes[4096];
    DWORD count;
    while (::ReadFile(::GetStdHandle(STD_INPUT_HANDLE), bytes, sizeof bytes, &count, nullptr) && count > 0) feed({bytes, count});
  }

 private:
  void start(const Json& command, const Json& environment) override {
    const auto words = command.get<Words>();
    const fs::path program = place_of(wide(words.front()));
    const std::wstring line = wide(windows_command_line(words));
    bp::wenvironment told = boost::this_process::wenvironment();
    for (const wchar_t* name : {L"TMPDIR", L"TMP", L"TEMP"}) told[name] = directory_.wstring();
    for (const auto& [name, value] : environment.items()) told[wide(name)] = wide(value.get<std::string>());
    bool is_ours = false;
    try {
      main_ = bp::child(
          bp::exe = program.wstring(), told, bp::std_in<bp::null, (bp::std_out & bp::std_err)> printing_,
          bp::extend::on_setup([&](auto& executor) {
            executor.cmd_line = line.c_str();  // Boost loses empty words, and some quotes and backslashes
            executor.creation_flags |= CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP;
          }),
          bp::extend::on_success([&](auto& executor) {
            is_ours = job_.take(executor.proc_info.hProcess);
            if (is_ours) ::ResumeThread(executor.proc_info.hThread);
          }));
    } catch (const bp::process_error& error) {
      return failed(command, std::system_category().message(error.code().value()));
    }
    if (!is_ours) {
      main_.terminate();
      return failed(command, "it cannot be put into a job");
    }
    reader_ = std::thread([this] { drain(); });
    started(main_.id(), "a job object");
  }

  // As a shell would find it; what is not found is left for the system to refuse.
  static fs::path place_of(const std::wstring& word) {
    const fs::path named = word;
    if (named.has_parent_path()) return named;
    const fs::path found = bp::search_path(word).wstring();
    return found.empty() ? named : found;
  }

  void drain() {
    char bytes[16 * 1024];
    DWORD count;
    while (::ReadFile(printing_.native_source(), bytes, sizeof bytes, &count, nullptr) && count > 0) {
      const std::lock_guard lock(mutex_);
      printed_.add({bytes, count});
    }
  }

  // Who is killed by a signal elsewhere ends here with its number.
  bool kill(std::int64_t pid, int signal) override {
    const OwnedHandle process = job_.member(pid, PROCESS_TERMINATE | SYNCHRONIZE);
    return process && ::TerminateProcess(process.get(), static_cast<UINT>(signal));
  }
  bool pause(std::int64_t pid) override {
    const OwnedHandle process = job_.member(pid, PROCESS_SUSPEND_RESUME | SYNCHRONIZE);
    if (!process || ::NtSuspendProcess(process.get()) < 0) return false;
    standing_.insert(pid);
    return true;
  }
  bool resume(std::int64_t pid) override {
    standing_.erase(pid);
    const OwnedHandle process = job_.member(pid, PROCESS_SUSPEND_RESUME | SYNCHRONIZE);
    return process && ::NtResumeProcess(process.get()) >= 0;
  }
  std::vector<SeenThread> look(std::int64_t pid) override {
    std::vector<SeenThread> threads;
    if (job_.member(pid, SYNCHRONIZE) == nullptr) return threads;
    for (const auto& thread : threads_of(pid)) {
      threads.push_back({standing_.contains(pid) ? 'T' : letter_of(thread), "", turns_of(thread)});
    }
    return threads;
  }

  void finish(double seconds) override {
    job_.await_empty(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)));
    std::optional<int> status;
    DWORD code = STILL_ACTIVE;
    if (::WaitForSingleObject(main_.native_handle(), 0) == WAIT_OBJECT_0 &&
        ::GetExitCodeProcess(main_.native_handle(), &code)) {
      status = static_cast<int>(code);
    }
    ended(status, job_.processes(), {}, directory_.string());  // shared memory goes with its last mapping
  }

  std::string output() override {
    const std::lock_guard lock(mutex_);
    return printed_.text();
  }

  void write(const std::string& line) override {
    DWORD count;
    ::WriteFile(::GetStdHandle(STD_OUTPUT_HANDLE), line.data(), static_cast<DWORD>(line.size()), &count, nullptr);
  }

  JobObject job_;
  const fs::path directory_;
  bp::child main_;
  bp::pipe printing_;
  std::thread reader_;
  std::mutex mutex_;
  OutputCapture printed_;  // guarded by mutex_
  std::set<std::int64_t> standing_;
};

// Whoever is started from now on has only what it is given: who holds an end of another's pipe hides that the other has gone.
void keep_streams_from_children() {
  for (const DWORD which : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE}) {
    keep_from_children(reinterpret_cast<std::intptr_t>(::GetStdHandle(which)));
  }
}

fs::path make_directory() {
  std::error_code error;
  fs::path name = fs::temp_directory_path(error) / ("conform-" + std::to_string(::GetCurrentProcessId()));
  fs::remove_all(name, error);  // of a guard of that number that was killed
  fs::create_directory(name, error);
  return name;
}

}  // namespace

int guard_main() {
  keep_streams_from_children();
  leave_interrupts_to_the_runner();
  ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);  // inherited: a crash asks nobody
  const fs::path directory = make_directory();
  Guard(directory).run();
  std::error_code error;
  fs::remove_all(directory, error);
  return 0;
}

GuardPipes start_guard() {
  keep_streams_from_children();
  try {
    bp::pipe input, output;
    bp::child guard(bp::exe = this_program(), bp::args = {kGuardArgument}, bp::std_in<input, bp::std_out> output);
    guard.detach();
    GuardPipes ends{bp::pipe(INVALID_HANDLE_VALUE, input.native_sink()), bp::pipe(output.native_source(), INVALID_HANDLE_VALUE)};
    input.assign_sink(INVALID_HANDLE_VALUE);
    output.assign_source(INVALID_HANDLE_VALUE);
    return ends;
  } catch (const bp::process_error& error) {
    throw CannotRun(std::string("no process can be made for the guard of a testee: ") + error.what());
  }
}

void dismiss_post() {}

std::string this_program() {
  std::wstring name(32768, L'\0');
  name.resize(::GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size())));
  return narrow(name);
}

}  // namespace mp::conformance
