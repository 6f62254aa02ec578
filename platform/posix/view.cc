#include "platform/view.h"

#include <sys/mman.h>

namespace mp::platform {

void View::unmap(std::byte* begin, std::size_t length) noexcept { ::munmap(begin, length); }

}  // namespace mp::platform
