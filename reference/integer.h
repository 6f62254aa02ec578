#ifndef REFERENCE_INTEGER_H_
#define REFERENCE_INTEGER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mp {

// An integer of any size, exact. It is there to be carried, printed and compared: there is no arithmetic.
//
// Owns:    its digits.
// Shares:  nothing; a copy is a copy.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  only std::bad_alloc; what has no integer gives nothing.
class Integer {
 public:
  Integer() = default;
  explicit Integer(std::int64_t value);
  static Integer of_unsigned(std::uint64_t value);
  // Digits with an optional sign before them. The time grows with the square of their number.
  static std::optional<Integer> from_decimal(std::string_view digits);
  static Integer from_twos_complement(std::span<const std::byte> little_endian);
  // Nothing for a value with a fraction, an infinity or NaN.
  static std::optional<Integer> from_double(double value);

  std::string decimal() const;
  std::vector<std::byte> twos_complement() const;  // little endian, as short as can be; nothing at all for zero
  std::optional<std::int64_t> as_int64() const;
  std::optional<std::uint64_t> as_uint64() const;
  std::optional<double> as_double() const;  // rounded to even; nothing when it is too large
  bool negative() const { return negative_; }
  std::span<const std::uint32_t> magnitude() const { return words_; }  // least significant first, no leading zero

  friend bool operator==(const Integer&, const Integer&) = default;
  friend std::strong_ordering operator<=>(const Integer& left, const Integer& right);

 private:
  void trim();

  std::vector<std::uint32_t> words_;
  bool negative_ = false;  // never for zero
};

}  // namespace mp

#endif  // REFERENCE_INTEGER_H_
