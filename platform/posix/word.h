#ifndef PLATFORM_POSIX_WORD_H_
#define PLATFORM_POSIX_WORD_H_

#include <atomic>
#include <chrono>
#include <cstdint>

#include "platform/deadline.h"

// Sleeping at a word of shared memory: what a semaphore and a bell are made of here. `place` is for messages: "semaphore".
namespace mp::platform {

// A sleep is cut into slices, for the wake of one who died before he gave it.
inline constexpr auto kWordSlice = std::chrono::milliseconds(200);

// Sleeps while the word has that value, a slice at most. May come back earlier for no reason. The system's own look at the word
// is a full barrier. Throws OsError when the system refuses.
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value, Deadline deadline, const char* place);

// Throw OsError when the system refuses; that nobody sleeps is no error.
void wake_one_sleeper(std::atomic<std::uint32_t>& word, const char* place);
void wake_all_sleepers(std::atomic<std::uint32_t>& word, const char* place);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_WORD_H_
