// The runner holds the names of files as UTF-8 on every system. A std::string alone would be read as whatever the code page of a Windows is.
#ifndef CONFORMANCE_HARNESS_PATH_TEXT_H_
#define CONFORMANCE_HARNESS_PATH_TEXT_H_

#include <filesystem>
#include <string>
#include <string_view>

namespace mp::conformance {

// Elsewhere than on Windows a name may be any bytes, and comes back as the same.
inline std::filesystem::path path_of(std::string_view text) { return std::u8string(text.begin(), text.end()); }

inline std::string text_of(const std::filesystem::path& path) {
  const std::u8string text = path.u8string();
  return {text.begin(), text.end()};
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_PATH_TEXT_H_
