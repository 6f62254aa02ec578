#ifndef PLATFORM_POSIX_LIFE_OF_H_
#define PLATFORM_POSIX_LIFE_OF_H_

#include <cstdint>

#include "platform/life.h"

namespace mp::platform {

// The life of the process that has this number now (life.cc). Any thread; never blocks, never throws.
Life life_of(std::int64_t pid);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_LIFE_OF_H_
