#include "platform/semaphore.h"

#include <chrono>

#include "platform/windows/system.h"

// The count is in shared memory; what one sleeps at is an auto-reset event, which remembers one wake that came before the sleep. That is
// enough, and more would be too much: wakes are passed on by those who wake (see the header), so two that melt into one
// lose nobody, while a kernel semaphore would pile up the wakes of all who found something to take before they slept.
namespace mp::platform {
namespace {

constexpr auto kSlice = std::chrono::milliseconds(200);

}  // namespace

Handle Semaphore::make_handle() { return owned(::CreateEventW(nullptr, FALSE, FALSE, nullptr), "make a semaphore"); }

void Semaphore::sleep(Deadline deadline) { wait_for(system_handle(handle_), deadline.or_earlier(Deadline::after(kSlice))); }

void Semaphore::wake_sleeper() {
  if (!::SetEvent(system_handle(handle_))) refuse("wake at a semaphore");
}

}  // namespace mp::platform
