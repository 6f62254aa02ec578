#ifndef PLATFORM_WAIT_H_
#define PLATFORM_WAIT_H_

#include <cstddef>
#include <span>
#include <vector>

#include "platform/deadline.h"
#include "platform/handle.h"

namespace mp::platform {

// Waits until at least one of the handles is ready (a channel end or socket: readable or ended; a child's sentinel: the
// child has ended) or the deadline passes; gives the indices of all that are ready, in order, none twice. There is no
// limit to the number of handles below the system's own limit of open ones. The caller keeps every handle open meanwhile.
//
// Throws OsError when a handle is not a thing to wait for.
std::vector<std::size_t> wait_any(std::span<const NativeHandle> handles, Deadline deadline);

}  // namespace mp::platform

#endif  // PLATFORM_WAIT_H_
