#ifndef PLATFORM_POSIX_MEMORY_H_
#define PLATFORM_POSIX_MEMORY_H_

#include <cstddef>

#include "platform/handle.h"

// Memory without a name, as a file descriptor: what a Region is made of here.
namespace mp::platform {

// Of this memory, or of any other that the system counts as a file. What is new are zeros. Throws OsError when the system refuses, or
// has a limit for files (RLIMIT_FSIZE) that is lower.
void set_size(const Handle& memory, std::size_t size, const char* operation);

// Begins as zeros, and costs nothing before it is touched. Throws OsError when the system refuses.
Handle make_memory(std::size_t size);

// As it was asked for. Throws OsError when this is no such memory.
std::size_t size_of_memory(const Handle& memory);

// Shared, to read and to write. Throws OsError.
std::byte* map_memory(const Handle& memory, std::size_t size);

// Whole pages of mapped memory that nobody needs any more: they read as zeros afterwards, or as before where the system does not
// take them back.
void give_back_memory(const Handle& memory, std::byte* mapped, std::size_t offset, std::size_t length);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_MEMORY_H_
