#ifndef PLATFORM_POSIX_LETTER_H_
#define PLATFORM_POSIX_LETTER_H_

#include "platform/frame.h"
#include "platform/handle.h"
#include "platform/message.h"

// A message that lies ready for a program before it runs: its frame in memory without a name.
namespace mp::platform {

Handle write_letter(const Message& message);  // throws OsError

// Throws OsError when this is no letter of this user's: anything else that has this descriptor was opened by somebody else.
void require_letter(int fd);

// Into a frame that has its handles already. Throws OsError.
void read_letter(const Handle& letter, ArrivingFrame& frame);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_LETTER_H_
