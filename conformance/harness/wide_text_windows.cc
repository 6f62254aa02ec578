#include "conformance/harness/wide_text_windows.h"

#include <windows.h>

#include <cstddef>

namespace mp::conformance {

std::wstring wide(const std::string& text) {
  std::wstring result(text.size(), L'\0');
  const int size = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(),
                                         static_cast<int>(result.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

std::string narrow(const std::wstring& text) {
  std::string result(text.size() * 3, '\0');
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(),
                                         static_cast<int>(result.size()), nullptr, nullptr);
  result.resize(static_cast<std::size_t>(size));
  return result;
}

}  // namespace mp::conformance
