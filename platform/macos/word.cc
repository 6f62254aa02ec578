#include "platform/posix/word.h"

#include <dlfcn.h>
#include <os/clock.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "platform/error.h"

// os_sync_wait_on_address() and its kin, public since macOS 14.4. What else could wait between processes until a deadline:
// - a named POSIX semaphore has no timed wait;
// - a process-shared condition variable needs a mutex, and one that was killed inside would lock out everybody for ever;
// - a pipe costs two descriptors for each semaphore, of which an ordinary process may have 256 in all;
// - __ulock_wait(), which does this on older systems, is nobody's to call but Apple's.
// Headers from before 14.4 lack the functions, so they are looked up by name; on an older system the first sleep says so.
namespace mp::platform {
namespace {

constexpr std::uint32_t kShared = 1;  // OS_SYNC_WAIT_ON_ADDRESS_SHARED, OS_SYNC_WAKE_BY_ADDRESS_SHARED

using Wait = int (*)(void* address, std::uint64_t value, std::size_t size, std::uint32_t flags, os_clockid_t clock,
                     std::uint64_t nanoseconds);
using Wake = int (*)(void* address, std::size_t size, std::uint32_t flags);

// A function of the system, or null.
template <class Function>
Function look_up(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, name));
}

constexpr const char* kWaitName = "os_sync_wait_on_address_with_timeout";
constexpr const char* kWakeAnyName = "os_sync_wake_by_address_any";
constexpr const char* kWakeAllName = "os_sync_wake_by_address_all";

// Looked up before main(), and null until then. Not at the first use: the child of a fork would wait for ever for a thread that was
// looking one up when that was forked, and did not come along.
const Wait kWait = look_up<Wait>(kWaitName);
const Wake kWakeAny = look_up<Wake>(kWakeAnyName);
const Wake kWakeAll = look_up<Wake>(kWakeAllName);

// What is asked for before main() is looked up again.
template <class Function>
Function required(Function known, const char* name) {
  const Function found = known != nullptr ? known : look_up<Function>(name);
  if (found == nullptr)
    throw OsError(std::string("sleep in shared memory (macOS 14.4 or newer is needed): ") + name, ENOTSUP);
  return found;
}

void wake(Wake function, std::atomic<std::uint32_t>& word, const char* place) {
  if (function(&word, sizeof(word), kShared) < 0 && errno != ENOENT)
    throw OsError(std::string("wake at a ") + place, errno);
}

}  // namespace

void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value, Deadline deadline, const char* place) {
  const Wait wait = required(kWait, kWaitName);
  const auto left = deadline.or_earlier(Deadline::after(kWordSlice)).remaining();
  const auto nanoseconds = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(left.count()));  // zero is refused
  if (wait(&word, value, sizeof(word), kShared, OS_CLOCK_MACH_ABSOLUTE_TIME, nanoseconds) >= 0) return;
  // EFAULT: the page of the word is not in memory at the moment; the caller's next look at it brings it back.
  if (errno != EINTR && errno != ETIMEDOUT && errno != EFAULT) throw OsError(std::string("sleep at a ") + place, errno);
}

void wake_one_sleeper(std::atomic<std::uint32_t>& word, const char* place) {
  wake(required(kWakeAny, kWakeAnyName), word, place);
}

void wake_all_sleepers(std::atomic<std::uint32_t>& word, const char* place) {
  wake(required(kWakeAll, kWakeAllName), word, place);
}

}  // namespace mp::platform
