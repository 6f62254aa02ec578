#ifndef PLATFORM_WINDOWS_EMPTY_MESSAGES_H_
#define PLATFORM_WINDOWS_EMPTY_MESSAGES_H_

#include "platform/handle.h"

namespace mp::platform {

// A wait for a message pipe is a read of no bytes. It leaves a message where it is, unless that is an empty one: then it takes it.
// Here stands for which handles that has happened, so that the next receive() finds the message. Any thread.
//
// Only pipes that speak as CPython's do carry empty messages, and only one receiver at a time may use an end (see Channel).
void note_empty_message(NativeHandle pipe);
bool has_empty_message(NativeHandle pipe);
bool take_empty_message(NativeHandle pipe);  // false: there is none
void forget_empty_messages(NativeHandle pipe) noexcept;  // the handle is being closed

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_EMPTY_MESSAGES_H_
