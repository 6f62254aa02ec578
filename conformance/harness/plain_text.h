#ifndef CONFORMANCE_HARNESS_PLAIN_TEXT_H_
#define CONFORMANCE_HARNESS_PLAIN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace mp::conformance {

// "1 test", "2 tests".
inline std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// What a testee said may hold anything; a terminal, or whoever reads the text line by line, must not obey it. Control characters become
// question marks, those of UTF-8 beyond ASCII (U+0080 to U+009F), too; a tab stays, and so does the end of a line if the text may have several.
inline std::string harmless(std::string_view text, bool may_have_lines = false) {
  std::string shown(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto byte = static_cast<unsigned char>(shown[i]);
    const auto before = i > 0 ? static_cast<unsigned char>(shown[i - 1]) : 0;
    const bool is_kept = byte == '\t' || (byte == '\n' && may_have_lines);
    if ((byte < ' ' && !is_kept) || byte == 0x7f) shown[i] = '?';
    if (before == 0xc2 && byte >= 0x80 && byte < 0xa0) shown[i - 1] = shown[i] = '?';
  }
  return shown;
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_PLAIN_TEXT_H_
