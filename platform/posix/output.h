#ifndef PLATFORM_POSIX_OUTPUT_H_
#define PLATFORM_POSIX_OUTPUT_H_

namespace mp::platform {

// Writes what this process has buffered for standard output and error. Not for all files, as fflush(nullptr) does: that would wait for
// a thread that is reading standard input.
void flush_output();

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_OUTPUT_H_
