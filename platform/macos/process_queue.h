#ifndef PLATFORM_MACOS_PROCESS_QUEUE_H_
#define PLATFORM_MACOS_PROCESS_QUEUE_H_

#include <optional>

#include "platform/handle.h"
#include "platform/life.h"

// A process as a descriptor. There is no pidfd; two things together do its work:
//
//     a queue of kernel events   is ready once the process has ended, but exists in the process alone that made it: it can neither travel
//                                nor is it inherited
//     a note of a process        says its life in memory without a name; it travels, and who has it makes a queue of it
namespace mp::platform {

// Ready (see poll_until) once that process has ended; at once, if it has already. Throws OsError.
Handle queue_of(Life life);
Handle ready_queue();  // of nobody; throws OsError

Handle note_of(Life life);  // throws OsError
// Nothing when the descriptor is no such note.
std::optional<Life> life_in(NativeHandle note);

}  // namespace mp::platform

#endif  // PLATFORM_MACOS_PROCESS_QUEUE_H_
