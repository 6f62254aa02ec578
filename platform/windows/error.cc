#include "platform/error.h"

#include <windows.h>

#include <string>

namespace mp::platform {
namespace {

// The system's words, in UTF-8. (std::system_category() knows the numbers of errno only.)
std::string message(int code) {
  wchar_t* text = nullptr;
  const DWORD length = ::FormatMessageW(
      FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
      static_cast<DWORD>(code), 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
  if (length == 0) return "unknown error";
  std::string result(length * 3, '\0');
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, text, static_cast<int>(length), result.data(),
                                         static_cast<int>(result.size()), nullptr, nullptr);
  ::LocalFree(text);
  result.resize(static_cast<std::size_t>(size));
  while (!result.empty() && (result.back() == '\n' || result.back() == '\r' || result.back() == '.')) result.pop_back();
  return result;
}

}  // namespace

OsError::OsError(const std::string& operation, int code)
    : std::runtime_error(operation + ": " + message(code) + " (error " + std::to_string(code) + ")"),
      operation_(operation),
      code_(code) {}

}  // namespace mp::platform
