#include "platform/view.h"

#include "platform/windows/system.h"

namespace mp::platform {

void View::unmap(std::byte* begin, std::size_t) noexcept { ::UnmapViewOfFile(begin); }

}  // namespace mp::platform
