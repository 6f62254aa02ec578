#include "platform/handle.h"

#include <winsock2.h>

#include "platform/windows/empty_messages.h"
#include "platform/windows/system.h"

namespace mp::platform {

// Sockets of TCP/IP are handles of the kernel: a duplicate is imported by Winsock at its first use, as an inherited one is.
Handle Handle::duplicate() const {
  if (native_ == kNoHandle) return Handle();
  HANDLE copy = nullptr;
  const HANDLE self = ::GetCurrentProcess();
  if (!::DuplicateHandle(self, system_handle(native_), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
    refuse("duplicate a handle");
  }
  return Handle(reinterpret_cast<NativeHandle>(copy) | tags_of(native_));
}

void Handle::close() noexcept {
  if (native_ == kNoHandle) return;
  const DWORD saved = ::GetLastError();  // callers report the error that made them close
  const NativeHandle native = std::exchange(native_, kNoHandle);
  if (is_socket(native)) {
    ::closesocket(reinterpret_cast<SOCKET>(system_handle(native)));
  } else {
    forget_empty_messages(native);
    ::CloseHandle(system_handle(native));
  }
  ::SetLastError(saved);
}

}  // namespace mp::platform
