#include "platform/digest.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/error.h"

namespace mp::platform {

std::string random_bytes(std::size_t size) {
  constexpr std::size_t kMost = 256;  // for one call
  std::string bytes(size, '\0');
  for (std::size_t filled = 0; filled < size; filled += kMost) {
    if (::getentropy(bytes.data() + filled, std::min(kMost, size - filled)) != 0)
      throw OsError("get random bytes", errno);
  }
  return bytes;
}

}  // namespace mp::platform
