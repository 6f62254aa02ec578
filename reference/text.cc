#include "reference/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace mp {
namespace {

// How many bytes a first byte announces, and the bits of the code point in it; 0 for a byte that begins nothing.
struct Lead {
  int length;
  char32_t bits;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, byte};
  if (byte < 0xc2) return {0, 0};  // a continuation, or an overlong form
  if (byte < 0xe0) return {2, byte & 0x1fu};
  if (byte < 0xf0) return {3, byte & 0x0fu};
  if (byte < 0xf5) return {4, byte & 0x07u};
  return {0, 0};
}

// The length of the valid code point at the start, 0 if there is none.
std::size_t valid_length(std::string_view text) {
  const auto [length, bits] = lead_of(static_cast<unsigned char>(text[0]));
  if (length == 0 || text.size() < static_cast<std::size_t>(length)) return 0;
  char32_t point = bits;
  for (int i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
    if ((byte & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte & 0x3fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  return overlong || point > 0x10ffff ? 0 : static_cast<std::size_t>(length);
}

std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t eight; at + 8 <= text.size(); at += 8) {
    std::memcpy(&eight, text.data() + at, 8);
    if (eight & 0x8080808080808080u) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

struct Range {
  char32_t first, last;
};

// Control and format characters, separators, surrogates and private use, above ASCII.
constexpr Range kUnprintable[] = {
    {0x7f, 0xa0},         {0xad, 0xad},       {0x600, 0x605},      {0x61c, 0x61c},     {0x6dd, 0x6dd},
    {0x70f, 0x70f},       {0x890, 0x891},     {0x8e2, 0x8e2},      {0x1680, 0x1680},   {0x180e, 0x180e},
    {0x2000, 0x200f},     {0x2028, 0x202f},   {0x205f, 0x206f},    {0x3000, 0x3000},   {0xd800, 0xf8ff},
    {0xfdd0, 0xfdef},     {0xfeff, 0xfeff},   {0xfff0, 0xfffb},    {0xfffe, 0xffff},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd},   {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},  {0x1d173, 0x1d17a}, {0x1fffe, 0x1ffff},
    {0xe0000, 0xe00ff},   {0xe01f0, 0x10ffff},
};

bool is_printable(char32_t point) {
  if (point < 0x7f) return point >= 0x20;
  const auto* range = std::find_if(std::begin(kUnprintable), std::end(kUnprintable),
                                   [point](const Range& each) { return point <= each.last; });
  return range == std::end(kUnprintable) || point < range->first;
}

void append_hex(std::string& out, char letter, char32_t value, int digits) {
  out += '\\';
  out += letter;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 0xf];
}

char quote_for(std::string_view text) {
  const bool has_single = text.find('\'') != text.npos;
  return has_single && text.find('"') == text.npos ? '"' : '\'';
}

// What both str and bytes escape in the same way.
bool append_common_escape(std::string& out, char32_t point, char quote) {
  switch (point) {
    case U'\\': out += "\\\\"; return true;
    case U'\n': out += "\\n"; return true;
    case U'\r': out += "\\r"; return true;
    case U'\t': out += "\\t"; return true;
    default: break;
  }
  if (point != static_cast<unsigned char>(quote)) return false;
  out += '\\';
  out += quote;
  return true;
}

}  // namespace

std::optional<std::size_t> first_bad_byte(std::string_view text) {
  for (std::size_t at = 0;;) {
    at += ascii_prefix(text.substr(at));
    if (at == text.size()) return std::nullopt;
    const std::size_t length = valid_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
}

char32_t take_code_point(std::string_view& text) {
  auto [length, point] = lead_of(static_cast<unsigned char>(text[0]));
  for (int i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(text[static_cast<std::size_t>(i)]) & 0x3fu);
  text.remove_prefix(static_cast<std::size_t>(length));
  return point;
}

void append_code_point(std::string& text, char32_t point) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | point >> 12);
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xf0 | point >> 18);
    tail(12), tail(6), tail(0);
  }
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

std::string quoted(std::string_view text) {
  const char quote = quote_for(text);
  std::string out(1, quote);
  while (!text.empty()) {
    const char32_t point = take_code_point(text);
    if (append_common_escape(out, point, quote)) continue;
    if (is_printable(point)) {
      append_code_point(out, point);
    } else if (point < 0x100) {
      append_hex(out, 'x', point, 2);
    } else if (point < 0x10000) {
      append_hex(out, 'u', point, 4);
    } else {
      append_hex(out, 'U', point, 8);
    }
  }
  return out + quote;
}

std::string quoted_bytes(std::string_view bytes) {
  const char quote = quote_for(bytes);
  std::string out(1, quote);
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    if (append_common_escape(out, byte, quote)) continue;
    if (byte >= 0x20 && byte < 0x7f) {
      out += each;
    } else {
      append_hex(out, 'x', byte, 2);
    }
  }
  return out + quote;
}

}  // namespace mp
