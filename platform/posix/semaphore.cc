#include "platform/semaphore.h"

#include "platform/posix/word.h"

namespace mp::platform {

Handle Semaphore::make_handle() { return Handle(); }

void Semaphore::sleep(Deadline deadline) { sleep_while(state_->count, 0, deadline, "semaphore"); }

void Semaphore::wake_sleeper() { wake_one_sleeper(state_->count, "semaphore"); }

}  // namespace mp::platform
