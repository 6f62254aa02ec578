#include "conformance/harness/windows_command_line.h"

#include <cstddef>

namespace mp::conformance {
namespace {

// Backslashes mean something in front of a quote only, and there two are one. A star or question mark without quotes would be looked up
// among the files by the C runtime of mingw.
std::string quoted(std::string_view word) {
  if (!word.empty() && word.find_first_of(" \t\n\v\"*?") == std::string_view::npos) return std::string(word);
  std::string text = "\"";
  std::size_t backslashes = 0;
  for (const char c : word) {
    if (c == '"') text.append(backslashes + 1, '\\');
    backslashes = c == '\\' ? backslashes + 1 : 0;
    text += c;
  }
  return text.append(backslashes, '\\') + '"';
}

}  // namespace

std::string windows_command_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + quoted(word);
  return line;
}

}  // namespace mp::conformance
