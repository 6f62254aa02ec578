#ifndef PLATFORM_POSIX_STAND_IN_H_
#define PLATFORM_POSIX_STAND_IN_H_

#include "platform/handle.h"

namespace mp::platform {

// What poll() has to be asked instead of this handle; empty: the handle itself. Throws OsError.
Handle stand_in(NativeHandle native);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_STAND_IN_H_
