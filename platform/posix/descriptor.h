#ifndef PLATFORM_POSIX_DESCRIPTOR_H_
#define PLATFORM_POSIX_DESCRIPTOR_H_

namespace mp::platform {

// A new descriptor, moved where it is none of the standard streams. In a process that was started without them the system gives out their
// numbers, and what such a process prints would be written into a channel or into shared memory.
//
// What fails, or gets -1, gives -1 as system calls do, with the reason in errno; the descriptor is closed then. It is closed on exec.
int above_streams(int fd) noexcept;

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_DESCRIPTOR_H_
