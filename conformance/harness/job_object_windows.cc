#include "conformance/harness/job_object_windows.h"

#include <tlhelp32.h>

#include <limits>
#include <utility>

#include "conformance/harness/wide_text_windows.h"

namespace mp::conformance {

using Clock = std::chrono::steady_clock;

JobObject::JobObject()
    : job_(::CreateJobObjectW(nullptr, nullptr)), port_(::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  JOBOBJECT_ASSOCIATE_COMPLETION_PORT association{nullptr, port_.get()};
  is_sound_ = job_ && port_ &&
              ::SetInformationJobObject(job_.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits) &&
              ::SetInformationJobObject(job_.get(), JobObjectAssociateCompletionPortInformation, &association,
                                        sizeof association);
}

bool JobObject::take(HANDLE process) { return is_sound_ && ::AssignProcessToJobObject(job_.get(), process) != 0; }

void JobObject::end_all() {
  ::TerminateJobObject(job_.get(), 1);
  await_empty(std::chrono::seconds(10));
}

// The port tells when the last process has ended; an old message of it only makes this look once more.
bool JobObject::await_empty(Clock::duration patience) {
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

OwnedHandle JobObject::member(std::int64_t pid, DWORD rights) const {
  if (pid <= 0 || pid > std::numeric_limits<DWORD>::max()) return nullptr;
  OwnedHandle process(::OpenProcess(rights | PROCESS_QUERY_INFORMATION, FALSE, static_cast<DWORD>(pid)));
  BOOL is_member = FALSE;
  if (!process || !::IsProcessInJob(process.get(), job_.get(), &is_member) || !is_member) return nullptr;
  return ::WaitForSingleObject(process.get(), 0) == WAIT_TIMEOUT ? std::move(process) : nullptr;
}

std::vector<std::string> JobObject::processes() const {
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

bool JobObject::is_empty() const {
  JOBOBJECT_BASIC_ACCOUNTING_INFORMATION account{};
  ::QueryInformationJobObject(job_.get(), JobObjectBasicAccountingInformation, &account, sizeof account, nullptr);
  return account.ActiveProcesses == 0;
}

}  // namespace mp::conformance
