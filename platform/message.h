#ifndef PLATFORM_MESSAGE_H_
#define PLATFORM_MESSAGE_H_

#include <cstddef>
#include <vector>

#include "platform/handle.h"

namespace mp::platform {

// Bytes and the handles that belong to them: what an object becomes when it travels to another process. Objects attach
// handles; whoever ships the message moves them. No object asks who is being started.
struct Message {
  std::vector<std::byte> bytes;
  std::vector<Handle> handles;
};

}  // namespace mp::platform

#endif  // PLATFORM_MESSAGE_H_
