#include "platform/wait.h"

// winsock2.h comes before windows.h.
#include "platform/windows/socket.h"

#include <winternl.h>

#include <deque>
#include <memory>
#include <string>

#include "platform/error.h"
#include "platform/windows/channel_pipe.h"
#include "platform/windows/empty_messages.h"
#include "platform/windows/request.h"

// The system waits for at most 64 objects at once, and for pipes and sockets not at all. So each wait has one event, which everything
// else sets: a read of no bytes from each pipe, a poll of each socket, and for more objects than fit the system's own
// waiting threads. All of them are begun before anybody looks whether one has ended, so the event misses none.
namespace mp::platform {
namespace {

constexpr std::size_t kObjectsAtOnce = MAXIMUM_WAIT_OBJECTS - 1;

// What the driver of sockets is asked, "tell me when": select() of Winsock is made of it, but for a bounded number of sockets and
// without an event. Its form is that of all editions of Windows, and of Wine.
constexpr ULONG kAfdPoll = 0x00012024;
constexpr ULONG kAfdReadable = 0x0001 | 0x0002 | 0x0008 | 0x0010 | 0x0020 | 0x0080 | 0x0100;

struct AfdPoll {
  LARGE_INTEGER timeout;
  ULONG count;
  ULONG exclusive;
  HANDLE socket;
  ULONG events;
  NTSTATUS status;
};

enum class Kind { kObject, kPipe, kSocket };

// A socket that is not ours bears no tag, and the system calls it a pipe, too.
bool is_strange_socket(NativeHandle native) {
  int type, size = sizeof type;
  return ::getsockopt(system_socket(native), SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) == 0;
}

Kind kind_of(NativeHandle native) {
  DWORD flags;
  if (native == kNoHandle || !::GetHandleInformation(system_handle(native), &flags)) {
    refuse("wait for a handle that is not open", ERROR_INVALID_HANDLE);
  }
  if (is_socket(native)) return Kind::kSocket;
  if (::GetFileType(system_handle(native)) != FILE_TYPE_PIPE) return Kind::kObject;
  return is_strange_socket(native) ? Kind::kSocket : Kind::kPipe;
}

bool is_ready(NativeHandle native, Kind kind) {
  switch (kind) {
    case Kind::kPipe: return !pipe_is_silent(native, Deadline::passed());
    case Kind::kSocket: return poll_socket(system_socket(native), POLLIN, Deadline::passed());
    case Kind::kObject: break;
  }
  const DWORD result = ::WaitForSingleObject(system_handle(native), 0);
  if (result == WAIT_FAILED) refuse("wait for a handle");
  return result == WAIT_OBJECT_0;
}

// A request that sets the event when there is something to read. It lives at one place, as the system writes to it.
class Look {
 public:
  Look(NativeHandle native, Kind kind, HANDLE event) : native_(native), kind_(kind) {
    overlapped_.hEvent = event;
    pending_ = kind == Kind::kPipe ? begin_pipe() : begin_socket();
    if (!pending_) ::SetEvent(event);
  }
  ~Look() {
    if (!pending_) return;
    ::CancelIoEx(system_handle(native_), &overlapped_);
    // Not GetOverlappedResult(..., TRUE): the event is that of many.
    while (!HasOverlappedIoCompleted(&overlapped_)) ::SwitchToThread();
    note();
  }
  Look(const Look&) = delete;

  bool is_over() const { return !pending_ || HasOverlappedIoCompleted(&overlapped_); }

 private:
  bool begin_pipe() {
    if (::ReadFile(system_handle(native_), &nothing_, 0, nullptr, &overlapped_)) {
      note();
      return false;
    }
    return ::GetLastError() == ERROR_IO_PENDING;
  }

  bool begin_socket() {
    poll_ = {.timeout = {.QuadPart = INT64_MAX},
             .count = 1,
             .exclusive = 0,
             .socket = system_handle(native_),
             .events = kAfdReadable,
             .status = 0};
    const NTSTATUS status = ::NtDeviceIoControlFile(system_handle(native_), overlapped_.hEvent, nullptr, nullptr,
                                                    reinterpret_cast<IO_STATUS_BLOCK*>(&overlapped_), kAfdPoll, &poll_,
                                                    sizeof(poll_), &poll_, sizeof(poll_));
    constexpr NTSTATUS kPending = 0x103;
    if (status < 0) refuse("wait for a socket", static_cast<DWORD>(::RtlNtStatusToDosError(status)));
    return status == kPending;
  }

  // An empty message has been taken, see empty_messages.h.
  void note() {
    if (kind_ == Kind::kPipe && has_tag(native_, kMessageTag) && overlapped_.Internal == 0) note_empty_message(native_);
  }

  NativeHandle native_;
  Kind kind_;
  OVERLAPPED overlapped_{};
  AfdPoll poll_{};
  char nothing_ = 0;
  bool pending_ = false;
};

// A thread of the system waits for the object, and sets the event. For waits for many.
class Watch {
 public:
  Watch(HANDLE object, HANDLE event) {
    const auto set = [](void* context, BOOLEAN) { ::SetEvent(context); };
    if (!::RegisterWaitForSingleObject(&wait_, object, set, event, INFINITE, WT_EXECUTEONLYONCE | WT_EXECUTEINWAITTHREAD)) {
      refuse("wait for many handles");
    }
  }
  ~Watch() { ::UnregisterWaitEx(wait_, INVALID_HANDLE_VALUE); }  // until nobody is in set() any more
  Watch(const Watch&) = delete;

 private:
  HANDLE wait_ = nullptr;
};

// One sleep: until something may be ready, or the deadline.
void sleep_until_any(std::span<const NativeHandle> handles, std::span<const Kind> kinds, Deadline deadline) {
  const Handle event = owned(::CreateEventW(nullptr, TRUE, FALSE, nullptr), "make an event");
  std::vector<HANDLE> objects{system_handle(event)};
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (kinds[i] == Kind::kObject) objects.push_back(system_handle(handles[i]));
  }
  std::deque<Watch> watches;
  if (objects.size() > kObjectsAtOnce + 1) {
    for (std::size_t i = 1; i < objects.size(); ++i) watches.emplace_back(objects[i], objects[0]);
    objects.resize(1);
  }
  std::deque<Look> looks;
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (kinds[i] != Kind::kObject) looks.emplace_back(handles[i], kinds[i], objects[0]);
  }
  // Each beginning has reset the event.
  for (const Look& look : looks) {
    if (look.is_over()) return;
  }
  if (!watches.empty()) {
    for (std::size_t i = 0; i < handles.size(); ++i) {
      if (kinds[i] == Kind::kObject && is_ready(handles[i], kinds[i])) return;
    }
  }
  const DWORD result =
      ::WaitForMultipleObjects(static_cast<DWORD>(objects.size()), objects.data(), FALSE, milliseconds_left(deadline));
  if (result == WAIT_FAILED) refuse("wait for many handles");
}

}  // namespace

std::vector<std::size_t> wait_any(std::span<const NativeHandle> handles, Deadline deadline) {
  std::vector<Kind> kinds;
  kinds.reserve(handles.size());
  for (const NativeHandle native : handles) kinds.push_back(kind_of(native));
  for (;;) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < handles.size(); ++i) {
      if (is_ready(handles[i], kinds[i])) ready.push_back(i);
    }
    if (!ready.empty() || deadline.has_passed()) return ready;
    sleep_until_any(handles, kinds, deadline);
  }
}

}  // namespace mp::platform
