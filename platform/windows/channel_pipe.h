#ifndef PLATFORM_WINDOWS_CHANNEL_PIPE_H_
#define PLATFORM_WINDOWS_CHANNEL_PIPE_H_

#include <string>

#include "platform/deadline.h"
#include "platform/handle.h"

// Named pipes, as channels, endpoints and waits use them.
namespace mp::platform {

inline constexpr unsigned kAnyNumberOfInstances = 255;

// One instance of a two-way pipe of messages, which nobody has opened yet. `first`: refused when the name is taken.
Handle new_pipe(const std::string& name, unsigned most_instances, bool first, NativeHandle tag);
// The other end of an instance. ERROR_PIPE_BUSY: there is none that is free.
Handle open_pipe(const std::string& name, NativeHandle tag);

// True when nothing has come until the deadline; false when there is something to read, or the end.
bool pipe_is_silent(NativeHandle pipe, Deadline deadline);

// Letters and digits that nobody else has thought of.
std::string random_word();

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_CHANNEL_PIPE_H_
