#include "conformance/adapters/reference/ctype.h"

#include <optional>

namespace mp::conformance {

std::uint64_t bits_of(const Value& value) {
  if (const bool* truth = value.as<bool>()) return *truth ? 1 : 0;
  if (const auto* number = value.as<std::int64_t>()) return static_cast<std::uint64_t>(*number);
  if (const auto* big = value.as<BigInt>()) {
    std::uint64_t bits = 0;  // the arithmetic of unsigned integers cuts by itself
    const bool is_negative = big->digits.starts_with('-');
    for (const char digit : std::string_view(big->digits).substr(is_negative ? 1 : 0)) bits = bits * 10 + (digit - '0');
    return is_negative ? -bits : bits;
  }
  type_error("not an integer: " + printed(value));
}

mp::Slice slice_of(const Slice& slice) {
  const auto bound = [&](std::size_t i) -> std::optional<std::int64_t> {
    return i >= slice.bounds.size() || slice.bounds[i].is_none() ? std::nullopt
                                                                 : std::optional(slice.bounds[i].integer());
  };
  return {bound(0), bound(1), bound(2)};
}

}  // namespace mp::conformance
