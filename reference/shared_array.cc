#include "reference/shared_array.h"

#include <limits>

#include "reference/error.h"

namespace mp::shared_array_internal {

std::size_t bytes_of(std::int64_t count, std::size_t element) {
  if (count < 0) throw ValueError("an array cannot have " + std::to_string(count) + " elements");
  const auto elements = static_cast<std::size_t>(count);
  if (elements > std::numeric_limits<std::size_t>::max() / element) {
    throw MemoryError("no memory has room for " + std::to_string(count) + " such elements");
  }
  return elements * element;
}

void check_sizes(std::size_t places, std::size_t values) {
  if (places == values) return;
  throw ValueError("a slice of " + std::to_string(places) + " places cannot become " + std::to_string(values) +
                   " values");
}

void check_room(std::size_t room, std::size_t needed) {
  if (needed <= room) return;
  throw ValueError(std::to_string(needed) + " characters are too long for an array of " + std::to_string(room));
}

std::size_t count_in(std::size_t bytes, std::size_t element) {
  if (bytes % element != 0) throw PickleError("the bytes hold an array of another type than the one asked for");
  return bytes / element;
}

}  // namespace mp::shared_array_internal
