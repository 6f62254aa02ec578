// The guard under Windows. The testee's processes are in a job of their own, from which none escapes, and which ends them all when its last
// handle is closed: that is the guard's, whatever becomes of it.
#include <windows.h>
//
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
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/guard_orders.h"
#include "conformance/harness/job_object_windows.h"
#include "conformance/harness/printing_windows.h"
#include "conformance/harness/this_process.h"
#include "conformance/harness/wide_text_windows.h"
#include "conformance/harness/windows_command_line.h"

extern "C" NTSTATUS NTAPI NtSuspendProcess(HANDLE process);
extern "C" NTSTATUS NTAPI NtResumeProcess(HANDLE process);

namespace mp::conformance {
namespace {

namespace bp = boost::process;
namespace fs = std::filesystem;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

// What the system says of the threads of a process, behind what it says of the process.
std::vector<SYSTEM_THREAD_INFORMATION> threads_of(std::int64_t pid) {
  std::vector<std::byte> room(256 * 1024);
  ULONG needed = 0;
  constexpr NTSTATUS kTooSmall = static_cast<NTSTATUS>(0xc0000004);
  NTSTATUS status;
  while ((status = ::NtQuerySystemInformation(SystemProcessInformation, room.data(), static_cast<ULONG>(room.size()),
                                              &needed)) == kTooSmall) {
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

// Wine calls every thread "initialized": there it counts whether the process has been told to stand still.
char letter_of(const SYSTEM_THREAD_INFORMATION& thread, bool was_told_to_stand) {
  enum : ULONG { kInitialized, kReady, kRunning, kStandby, kTerminated, kWaiting, kDeferredReady = 7 };
  constexpr ULONG kSuspended = 5;  // a reason to wait
  switch (thread.ThreadState) {
    case kInitialized: return was_told_to_stand ? 'T' : 'S';
    case kWaiting: return thread.WaitReason == kSuspended ? 'T' : 'S';
    case kReady:
    case kRunning:
    case kStandby:
    case kDeferredReady: return 'R';
    case kTerminated: return 'Z';
    default: return 'S';
  }
}

// How often it was given a processor, and the time that it has run. The header names neither: the third reserved field is the number of
// context switches (ContextSwitchCount of SYSTEM_THREADS, which the kernel's headers have), and the first ones are times. Wine counts
// no switches, and the time in ticks: who has used none seems to have slept.
std::int64_t turns_of(const SYSTEM_THREAD_INFORMATION& thread) {
  return std::int64_t{thread.Reserved3} + thread.Reserved1[0].QuadPart + thread.Reserved1[1].QuadPart;
}

// Owns:    every process of the testee, the directory for its temporary files, what it printed.
// Threads: one, and one that takes what the testee prints.
// Blocks:  run(), until the runner lets go.
class Guard : GuardOrders {
 public:
  explicit Guard(fs::path directory) : directory_(std::move(directory)) {}
  ~Guard() override { job_.end_all(); }

  void run() {
    char bytes[4096];
    DWORD count;
    while (::ReadFile(::GetStdHandle(STD_INPUT_HANDLE), bytes, sizeof bytes, &count, nullptr) && count > 0)
      feed({bytes, count});
  }

 private:
  void start(const Json& command, const Json& environment) override {
    const auto words = command.get<Words>();
    const fs::path program = place_of(wide(words.front()));
    std::wstring line = wide(windows_command_line(words));  // which the system may write to
    bp::wenvironment told = boost::this_process::wenvironment();
    for (const wchar_t* name : {L"TMPDIR", L"TMP", L"TEMP"}) told[name] = directory_.wstring();
    for (const auto& [name, value] : environment.items()) told[wide(name)] = wide(value.get<std::string>());
    bool is_ours = false;
    try {
      main_ = bp::child(bp::exe = program.wstring(), told,
                        bp::std_in<bp::null, (bp::std_out & bp::std_err)> printing_.pipe(),
                        bp::extend::on_setup([&](auto& executor) {
                          executor.cmd_line = line.data();  // Boost loses empty words, and some quotes and backslashes
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
      return failed(command, "it cannot be put into a job object that ends with the guard");
    }
    printing_.begin();
    started(main_.id(), "a job object");
  }

  // As a shell would find it; what is not found is left for the system to refuse.
  static fs::path place_of(const std::wstring& word) {
    const fs::path named = word;
    if (named.has_parent_path()) return named;
    const fs::path found = bp::search_path(word).wstring();
    return found.empty() ? named : found;
  }

  // Who is killed by a signal elsewhere ends here with its number.
  bool kill(std::int64_t pid, int signal) override {
    standing_.erase(pid);
    const OwnedHandle process = job_.member(pid, PROCESS_TERMINATE | SYNCHRONIZE);
    return process && ::TerminateProcess(process.get(), static_cast<UINT>(signal));
  }
  bool pause(std::int64_t pid) override {
    const OwnedHandle process = job_.member(pid, PROCESS_SUSPEND_RESUME | SYNCHRONIZE);
    if (!process) return false;
    if (!standing_.insert(pid).second) return true;  // the system counts how often, and resume() comes once
    if (::NtSuspendProcess(process.get()) >= 0) return true;
    standing_.erase(pid);
    return false;
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
      threads.push_back({letter_of(thread, standing_.contains(pid)), "", turns_of(thread)});
    }
    return threads;
  }

  void finish(double seconds) override {
    // Where the job is empty, the end of its last process is a moment away, and so is the end of what it printed.
    constexpr std::chrono::milliseconds kMoment(1000);
    if (job_.await_empty(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)))) {
      ::WaitForSingleObject(main_.native_handle(), static_cast<DWORD>(kMoment.count()));
      printing_.await_end(kMoment);
    }
    std::optional<int> status;
    DWORD code = STILL_ACTIVE;
    if (::WaitForSingleObject(main_.native_handle(), 0) == WAIT_OBJECT_0 &&
        ::GetExitCodeProcess(main_.native_handle(), &code)) {
      status = static_cast<int>(code);
    }
    ended(status, job_.processes(), {}, directory_.string());  // shared memory goes with its last mapping
  }

  std::string output() override { return printing_.text(); }

  void write(const std::string& line) override {
    DWORD count;
    ::WriteFile(::GetStdHandle(STD_OUTPUT_HANDLE), line.data(), static_cast<DWORD>(line.size()), &count, nullptr);
  }

  JobObject job_;
  const fs::path directory_;
  bp::child main_;
  Printing printing_;
  std::set<std::int64_t> standing_;  // have been told to, and not to go on
};

// Who holds an end of another's pipe hides that the other has gone: these streams go to nobody who is started from now on, unless it is
// given them. What else this process has that can be inherited goes along.
void keep_streams_from_children() {
  for (const DWORD which : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE}) {
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
  int status = 0;
  try {
    Guard(directory).run();
  } catch (const std::exception& error) {
    std::cerr << "the guard of a testee ends: " << error.what() << "\n" << std::flush;
    status = 1;
  }
  std::error_code error;
  fs::remove_all(directory, error);
  return status;
}

GuardPipes start_guard() {
  keep_streams_from_children();
  try {
    bp::pipe input, output;
    bp::child guard(bp::exe = wide(this_program()), bp::args = {kGuardArgument}, bp::std_in<input, bp::std_out> output,
                    bp::std_err > stderr);
    guard.detach();
    GuardPipes ends{bp::pipe(INVALID_HANDLE_VALUE, input.native_sink()),
                    bp::pipe(output.native_source(), INVALID_HANDLE_VALUE)};
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
