#include "reference/slice.h"

#include <algorithm>
#include <limits>
#include <string>

#include "reference/error.h"

namespace mp {

Places places_of(const Slice& slice, std::size_t length) {
  const auto size = static_cast<std::int64_t>(length);
  // The negative of the smallest one does not exist; one more makes no difference.
  const std::int64_t step = std::max(slice.step.value_or(1), -std::numeric_limits<std::int64_t>::max());
  if (step == 0) throw ValueError("a slice cannot have a step of zero");
  // Going up, borders lie between 0 and size; going down, between -1 and size - 1.
  const std::int64_t low = step > 0 ? 0 : -1;
  const std::int64_t high = step > 0 ? size : size - 1;
  const auto border = [&](std::optional<std::int64_t> place, std::int64_t left_out) {
    if (!place) return left_out;
    return std::clamp(*place < 0 ? *place + size : *place, low, high);
  };
  const std::int64_t first = border(slice.start, step > 0 ? low : high);
  const std::int64_t end = border(slice.stop, step > 0 ? high : low);
  const std::int64_t distance = step > 0 ? end - first : first - end;
  const std::int64_t stride = step > 0 ? step : -step;
  return {first, step, distance <= 0 ? 0 : static_cast<std::size_t>((distance - 1) / stride + 1)};
}

std::size_t place_of(std::int64_t index, std::size_t length) {
  const auto size = static_cast<std::int64_t>(length);
  const std::int64_t place = index < 0 ? index + size : index;
  if (place < 0 || place >= size) {
    throw IndexError("index " + std::to_string(index) + " is outside of a sequence of " + std::to_string(length));
  }
  return static_cast<std::size_t>(place);
}

}  // namespace mp
