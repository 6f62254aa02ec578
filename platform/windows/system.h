#ifndef PLATFORM_WINDOWS_SYSTEM_H_
#define PLATFORM_WINDOWS_SYSTEM_H_

#include <windows.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "platform/deadline.h"
#include "platform/error.h"
#include "platform/handle.h"

// What every file of this folder needs: handles, text and times as the system wants them.
namespace mp::platform {

// The two lowest bits of a handle mean nothing to the system ("tag bits"). Here they say what kind it is of, which no call of the system
// tells for sure, and they travel with the handle.
inline constexpr NativeHandle kSocketTag = 1;   // closing and waiting go another way
inline constexpr NativeHandle kMessageTag = 2;  // a pipe with CPython's messages, not with ours (channel.cc)
inline constexpr NativeHandle kTags = kSocketTag | kMessageTag;

inline bool has_tag(NativeHandle native, NativeHandle tag) { return native != kNoHandle && (native & tag) != 0; }
inline bool is_socket(NativeHandle native) { return has_tag(native, kSocketTag); }
inline NativeHandle tags_of(NativeHandle native) { return native == kNoHandle ? 0 : native & kTags; }
inline HANDLE system_handle(NativeHandle native) {
  return reinterpret_cast<HANDLE>(native == kNoHandle ? native : native & ~kTags);
}
inline HANDLE system_handle(const Handle& handle) { return system_handle(handle.native()); }

[[noreturn]] inline void refuse(const std::string& operation, DWORD code = ::GetLastError()) {
  throw OsError(operation, static_cast<int>(code));
}

// Some calls say "none" by a null pointer, others by -1.
inline Handle owned(HANDLE handle, const std::string& operation, NativeHandle tag = 0) {
  if (handle == nullptr || handle == INVALID_HANDLE_VALUE) refuse(operation);
  return Handle(reinterpret_cast<NativeHandle>(handle) | tag);
}

// All text of ours is UTF-8.
inline std::wstring wide(std::string_view text) {
  std::wstring result(static_cast<std::size_t>(
                          ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0)),
                      L'\0');
  ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(),
                        static_cast<int>(result.size()));
  return result;
}

inline std::string narrow(std::wstring_view text) {
  const int length = static_cast<int>(text.size());
  std::string result(
      static_cast<std::size_t>(::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr)), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, result.data(), static_cast<int>(result.size()), nullptr, nullptr);
  return result;
}

// The time that is left, rounded up, so that nobody wakes just before his deadline again and again. A very long one is cut: who
// comes back early looks at his deadline and sleeps on.
inline DWORD milliseconds_left(Deadline deadline) {
  if (deadline.is_never()) return INFINITE;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining()).count();
  return static_cast<DWORD>(std::min<long long>(left, 0x7fffffff));
}

// False: the deadline passed first.
inline bool wait_for(HANDLE object, Deadline deadline) {
  for (;;) {
    const DWORD result = ::WaitForSingleObject(object, milliseconds_left(deadline));
    if (result == WAIT_OBJECT_0) return true;
    if (result == WAIT_FAILED) refuse("wait for an object of the system");
    if (deadline.has_passed()) return false;
  }
}

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_SYSTEM_H_
