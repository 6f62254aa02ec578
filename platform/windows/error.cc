#include "platform/error.h"

#include <winsock2.h>
// After winsock2.h, as it brings an older one else.
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

// The standard library knows the numbers of files and memory, but not those of sockets and pipes.
std::error_condition OsError::condition() const {
  switch (code_) {
    case WSAEWOULDBLOCK: return std::errc::operation_would_block;
    case WSAECONNREFUSED: return std::errc::connection_refused;
    case WSAECONNABORTED: return std::errc::connection_aborted;
    case WSAECONNRESET:
    case ERROR_NETNAME_DELETED: return std::errc::connection_reset;
    case WSAEADDRINUSE: return std::errc::address_in_use;
    case WSAEACCES: return std::errc::permission_denied;
    case WSAETIMEDOUT: return std::errc::timed_out;
    case ERROR_PIPE_NOT_CONNECTED: return std::errc::broken_pipe;
    default: return std::system_category().default_error_condition(code_);
  }
}

}  // namespace mp::platform
