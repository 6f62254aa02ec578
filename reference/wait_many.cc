#include "reference/wait_many.h"

#include "platform/error.h"
#include "platform/wait.h"
#include "reference/error.h"

namespace mp {

std::vector<std::size_t> wait_for_indices(std::span<const platform::NativeHandle> natives, Wait timeout) {
  try {
    return platform::wait_any(natives, timeout.deadline());
  } catch (const platform::OsError& error) {
    raise(error);
  }
}

}  // namespace mp
