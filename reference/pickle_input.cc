#include "reference/pickle_input.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>

#include "reference/pickle_internal.h"
#include "reference/text.h"

namespace mp::pickle {
namespace {

// CPython's own limit for text: turning digits into a number takes time in the square of their count.
constexpr std::size_t kMostDigits = 4300;

Object decimal(std::string_view digits) {
  if (digits.size() > kMostDigits) refuse("an int has more than " + std::to_string(kMostDigits) + " digits");
  const auto integer = Integer::from_decimal(digits);
  if (!integer) refuse("an int is no number");
  return *integer;
}

}  // namespace

void Input::refuse_cut(std::uint64_t wanted) const {
  refuse("the pickle is cut: " + std::to_string(wanted) + " more bytes are announced, " + std::to_string(left()) + " are there");
}

std::string_view Input::line() {
  const std::size_t end = rest_.find('\n');
  if (end == rest_.npos) refuse("the pickle is cut in a line");
  const std::string_view taken = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return taken;
}

Object Input::float_of_8_bytes() {
  std::uint64_t bits = 0;
  for (const char byte : take(8)) bits = bits << 8 | static_cast<unsigned char>(byte);
  return std::bit_cast<double>(bits);
}

Object Input::int_of(std::uint64_t size) {
  const std::string_view bytes = take(size);
  if (size == 8) return static_cast<std::int64_t>(little_endian(bytes));
  return Integer::from_twos_complement({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
}

Object spelt_int(std::string_view line) {
  if (line == "00") return false;
  if (line == "01") return true;
  return decimal(line);
}

Object spelt_long(std::string_view line) {
  return decimal(line.ends_with('L') ? line.substr(0, line.size() - 1) : line);
}

Object spelt_float(std::string_view line) {
  const bool is_negative = line.starts_with('-');
  const std::string_view name = line.substr(is_negative ? 1 : 0);
  if (name == "inf") return is_negative ? -HUGE_VAL : HUGE_VAL;
  if (name == "nan") return std::nan("");
  // std::from_chars() knows no floating-point numbers in libc++, and std::strtod() asks the locale of the program.
  std::istringstream in{std::string(line)};
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> std::noskipws >> value) || in.peek() != std::istringstream::traits_type::eof())
    refuse("a float is no number");
  return value;
}

std::uint64_t spelt_index(std::string_view line) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || end != line.data() + line.size()) refuse("a number of the memo is no number");
  return number;
}

std::string raw_unicode_escaped(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const auto byte = static_cast<unsigned char>(line[0]);
    const char kind = line.size() > 1 ? line[1] : '\0';
    if (byte != '\\' || (kind != 'u' && kind != 'U')) {
      append_code_point(text, byte);
      if (byte == '\\' && line.size() > 1) append_code_point(text, static_cast<unsigned char>(kind));
      line.remove_prefix(byte == '\\' && line.size() > 1 ? 2 : 1);
      continue;
    }
    const std::string_view digits = line.substr(2, kind == 'u' ? 4 : 8);
    std::uint32_t point = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point, 16);
    if (end != digits.data() + (kind == 'u' ? 4 : 8) || error != std::errc() || point > 0x10ffff)
      refuse("a bad \\u in a str");
    append_code_point(text, point);
    line.remove_prefix(2 + digits.size());
  }
  return text;
}

std::string unquoted(std::string_view line) {
  if (line.size() < 2 || line.front() != line.back() || (line.front() != '\'' && line.front() != '"'))
    refuse("a str without quotes");
  line = line.substr(1, line.size() - 2);
  std::string text;
  while (!line.empty()) {
    const char first = line[0];
    line.remove_prefix(1);
    if (first != '\\') {
      text += first;
      continue;
    }
    if (line.empty()) refuse("a str that ends with a backslash");
    constexpr std::string_view kLetters = "\\'\"abfnrtv";
    constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";
    if (const auto at = kLetters.find(line[0]); at != kLetters.npos) {
      text += kMeanings[at];
      line.remove_prefix(1);
      continue;
    }
    const bool hexadecimal = line[0] == 'x';
    const std::string_view digits = hexadecimal ? line.substr(1, 2) : line.substr(0, 3);
    unsigned code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 8);
    if (error != std::errc() || code > 0xff) refuse("a bad escape in a str");
    text += static_cast<char>(code);
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  }
  return text;
}

Object text_of(std::string_view utf8) {
  if (first_bad_byte(utf8)) refuse("a str is not UTF-8");
  return ObjectInside::checked_text(std::string(utf8));
}

Object old_text_of(std::string_view characters) {
  if (std::any_of(characters.begin(), characters.end(),
                  [](char each) { return static_cast<unsigned char>(each) >= 0x80; })) {
    refuse("a str of Python 2 is not ASCII");
  }
  return ObjectInside::checked_text(std::string(characters));
}

Bytes latin1(std::string_view text) {
  Bytes result;
  while (!text.empty()) {
    const char32_t point = take_code_point(text);
    if (point > 0xff)
      refuse("bytes written as text contain the code point " + std::to_string(static_cast<std::uint32_t>(point)));
    result.push_back(static_cast<std::byte>(point));
  }
  return result;
}

}  // namespace mp::pickle
