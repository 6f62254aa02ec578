#include "platform/posix/stand_in.h"

#include "platform/macos/process_queue.h"

namespace mp::platform {

Handle stand_in(NativeHandle native) {
  const std::optional<Life> life = life_in(native);
  return life ? queue_of(*life) : Handle();
}

}  // namespace mp::platform
