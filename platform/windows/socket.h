#ifndef PLATFORM_WINDOWS_SOCKET_H_
#define PLATFORM_WINDOWS_SOCKET_H_

#include <winsock2.h>
// After winsock2.h, as it brings an older one else.
#include "platform/windows/system.h"

namespace mp::platform {

// Before the first call of Winsock in a process. It stays until the process ends.
inline void start_winsock() {
  static const int code = [] {
    WSADATA data;
    return ::WSAStartup(MAKEWORD(2, 2), &data);
  }();
  if (code != 0) refuse("start Winsock", static_cast<DWORD>(code));
}

inline SOCKET system_socket(NativeHandle native) { return reinterpret_cast<SOCKET>(system_handle(native)); }
inline SOCKET system_socket(const Handle& handle) { return system_socket(handle.native()); }

// All our sockets are so: waiting is a matter of WSAPoll, and where a connection is made, of select().
inline void never_block(const Handle& handle) {
  u_long on = 1;
  if (::ioctlsocket(system_socket(handle), static_cast<long>(FIONBIO), &on) != 0) {
    refuse("prepare a socket", static_cast<DWORD>(::WSAGetLastError()));
  }
}

// False: the deadline passed first. Errors and the end of the road count as ready.
inline bool poll_socket(SOCKET socket, SHORT events, Deadline deadline) {
  for (;;) {
    WSAPOLLFD entry{.fd = socket, .events = events, .revents = 0};
    const DWORD left = milliseconds_left(deadline);
    const int ready = ::WSAPoll(&entry, 1, left == INFINITE ? -1 : static_cast<INT>(left));
    if (ready > 0) return true;
    if (ready < 0) refuse("wait for a socket", static_cast<DWORD>(::WSAGetLastError()));
    if (deadline.has_passed()) return false;
  }
}

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_SOCKET_H_
