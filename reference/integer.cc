#include "reference/integer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace mp {
namespace {

constexpr std::uint32_t kChunk = 1'000'000'000;  // nine decimal digits: the most that fit into a word
constexpr std::size_t kChunkDigits = 9;

std::strong_ordering compare(std::span<const std::uint32_t> left, std::span<const std::uint32_t> right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return std::lexicographical_compare_three_way(left.rbegin(), left.rend(), right.rbegin(), right.rend());
}

void multiply_and_add(std::vector<std::uint32_t>& words, std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (std::uint32_t& word : words) {
    carry += std::uint64_t{word} * factor;
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0) words.push_back(static_cast<std::uint32_t>(carry));
}

std::uint32_t divide(std::vector<std::uint32_t>& words, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    rest = rest << 32 | *word;
    *word = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  while (!words.empty() && words.back() == 0) words.pop_back();
  return static_cast<std::uint32_t>(rest);
}

// Two's complement of the magnitude, in place.
void negate(std::vector<std::uint32_t>& words) {
  std::uint64_t carry = 1;
  for (std::uint32_t& word : words) {
    carry += static_cast<std::uint32_t>(~word);
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
}

}  // namespace

Integer::Integer(std::int64_t value) {
  *this = of_unsigned(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
  negative_ = value < 0;
}

Integer Integer::of_unsigned(std::uint64_t value) {
  Integer result;
  result.words_ = {static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)};
  result.trim();
  return result;
}

void Integer::trim() {
  while (!words_.empty() && words_.back() == 0) words_.pop_back();
  if (words_.empty()) negative_ = false;
}

std::optional<Integer> Integer::from_decimal(std::string_view digits) {
  Integer result;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    result.negative_ = digits[0] == '-';
    digits.remove_prefix(1);
  }
  if (digits.empty()) return std::nullopt;
  while (!digits.empty()) {
    const std::size_t count = std::min(kChunkDigits, digits.size());
    std::uint32_t chunk = 0;
    std::uint32_t factor = 1;
    for (const char digit : digits.substr(0, count)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      chunk = chunk * 10 + static_cast<std::uint32_t>(digit - '0');
      factor *= 10;
    }
    multiply_and_add(result.words_, factor, chunk);
    digits.remove_prefix(count);
  }
  result.trim();
  return result;
}

Integer Integer::from_twos_complement(std::span<const std::byte> bytes) {
  Integer result;
  if (bytes.empty()) return result;
  const bool negative = (bytes.back() & std::byte{0x80}) != std::byte{0};
  result.words_.assign((bytes.size() + 3) / 4, negative ? ~std::uint32_t{0} : 0);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned shift = i % 4 * 8;
    std::uint32_t& word = result.words_[i / 4];
    word = (word & ~(std::uint32_t{0xff} << shift)) | std::to_integer<std::uint32_t>(bytes[i]) << shift;
  }
  if (negative) negate(result.words_);
  result.negative_ = negative;
  result.trim();
  return result;
}

std::optional<Integer> Integer::from_double(double value) {
  if (!std::isfinite(value) || std::trunc(value) != value) return std::nullopt;
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);  // value = fraction * 2^exponent
  const int shift = std::max(exponent - 53, 0);
  auto bits = static_cast<std::uint64_t>(std::ldexp(fraction, exponent - shift));
  Integer result;
  result.words_.assign(static_cast<std::size_t>(shift) / 32 + 3, 0);
  const unsigned inside = static_cast<unsigned>(shift) % 32;
  const auto at = static_cast<std::size_t>(shift) / 32;
  result.words_[at] = static_cast<std::uint32_t>(bits << inside);
  bits = inside == 0 ? bits >> 32 : bits >> (32 - inside);
  result.words_[at + 1] = static_cast<std::uint32_t>(bits);
  result.words_[at + 2] = static_cast<std::uint32_t>(bits >> 32);
  result.negative_ = std::signbit(value);
  result.trim();
  return result;
}

std::string Integer::decimal() const {
  if (words_.empty()) return "0";
  std::string reversed;
  std::vector<std::uint32_t> rest = words_;
  while (!rest.empty()) {
    std::uint32_t chunk = divide(rest, kChunk);
    for (std::size_t i = 0; i < kChunkDigits && (chunk != 0 || !rest.empty()); ++i, chunk /= 10) {
      reversed.push_back(static_cast<char>('0' + chunk % 10));
    }
  }
  if (negative_) reversed.push_back('-');
  return {reversed.rbegin(), reversed.rend()};
}

std::vector<std::byte> Integer::twos_complement() const {
  std::vector<std::uint32_t> words = words_;
  if (!words.empty()) words.push_back(0);  // room for the sign
  if (negative_) negate(words);
  std::vector<std::byte> bytes;
  for (const std::uint32_t word : words) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::byte>(word >> shift));
  }
  const std::byte filler = negative_ ? std::byte{0xff} : std::byte{0};
  const auto is_spare = [&](std::size_t size) {  // the byte below has the sign already
    return bytes[size - 1] == filler && (bytes[size - 2] & std::byte{0x80}) == (filler & std::byte{0x80});
  };
  while (bytes.size() > 1 && is_spare(bytes.size())) bytes.pop_back();
  return bytes;
}

std::optional<std::uint64_t> Integer::as_uint64() const {
  if (negative_ || words_.size() > 2) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < words_.size(); ++i) value |= std::uint64_t{words_[i]} << (32 * i);
  return value;
}

std::optional<std::int64_t> Integer::as_int64() const {
  Integer absolute = *this;
  absolute.negative_ = false;
  const auto value = absolute.as_uint64();
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63;
  if (!value || *value > kLimit || (*value == kLimit && !negative_)) return std::nullopt;
  return static_cast<std::int64_t>(negative_ ? 0 - *value : *value);
}

std::optional<double> Integer::as_double() const {
  if (words_.empty()) return 0.0;
  // The upper 64 bits, with the lowest of them set if anything follows below: then one rounding decides rightly.
  const std::size_t bits = words_.size() * 32 - static_cast<std::size_t>(std::countl_zero(words_.back()));
  if (bits > 1024) return std::nullopt;
  std::uint64_t top = 0;
  bool below = false;
  for (std::size_t i = 0; i < bits; ++i) {
    const bool bit = words_[i / 32] >> (i % 32) & 1;
    if (bits - i > 64) {
      below |= bit;
    } else {
      top |= std::uint64_t{bit} << (i - (bits > 64 ? bits - 64 : 0));
    }
  }
  const double value = std::ldexp(static_cast<double>(top | (below ? 1 : 0)), bits > 64 ? static_cast<int>(bits - 64) : 0);
  if (std::isinf(value)) return std::nullopt;
  return negative_ ? -value : value;
}

std::strong_ordering operator<=>(const Integer& left, const Integer& right) {
  if (left.negative_ != right.negative_) return right.negative_ <=> left.negative_;
  return left.negative_ ? compare(right.words_, left.words_) : compare(left.words_, right.words_);
}

}  // namespace mp
