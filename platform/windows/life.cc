#include "platform/life.h"

#include <windows.h>

#include <optional>

namespace mp::platform {
namespace {

// Numbers of processes are multiples of 4 and below 2^26. Of the time of the start, in milliseconds, 40 bits are kept: they come again
// after 34 years.
constexpr int kPidShift = 40;
constexpr Life kStartMask = (Life{1} << kPidShift) - 1;

std::optional<Life> start_of(HANDLE process) {
  FILETIME start, end, kernel, user;
  if (!::GetProcessTimes(process, &start, &end, &kernel, &user)) return std::nullopt;
  const Life ticks = Life{start.dwHighDateTime} << 32 | start.dwLowDateTime;  // of 100 ns
  return ticks / 10'000 & kStartMask;
}

}  // namespace

namespace life_internal {

constinit std::atomic<Life> own = 0;

Life find_own() {
  const Life life = Life{::GetCurrentProcessId() / 4} << kPidShift | start_of(::GetCurrentProcess()).value_or(0);
  own.store(life, std::memory_order_relaxed);
  return life;
}

}  // namespace life_internal

std::int64_t pid_of(Life life) { return static_cast<std::int64_t>(life >> kPidShift) * 4; }

bool is_over(Life life) {
  const DWORD saved = ::GetLastError();
  const HANDLE process =
      ::OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, static_cast<DWORD>(pid_of(life)));
  bool over;
  if (process == nullptr) {
    over = ::GetLastError() == ERROR_INVALID_PARAMETER;  // nobody has that number; anything else is a refusal
  } else {
    const auto start = start_of(process);
    over = (start && *start != (life & kStartMask)) || ::WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
    ::CloseHandle(process);
  }
  ::SetLastError(saved);
  return over;
}

}  // namespace mp::platform
