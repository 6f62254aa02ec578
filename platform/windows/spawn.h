#ifndef PLATFORM_WINDOWS_SPAWN_H_
#define PLATFORM_WINDOWS_SPAWN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "platform/handle.h"
#include "platform/message.h"

namespace mp::platform {

struct SpawnedProcess {
  std::int64_t pid;
  Handle handle;
};

// What Child::spawn() promises.
SpawnedProcess spawn_process(const std::string& program, const std::vector<std::string>& arguments, const Message& message);

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_SPAWN_H_
