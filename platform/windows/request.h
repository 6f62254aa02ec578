#ifndef PLATFORM_WINDOWS_REQUEST_H_
#define PLATFORM_WINDOWS_REQUEST_H_

#include <cstddef>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "platform/deadline.h"
#include "platform/windows/system.h"

// Reading and writing that may take its time ("overlapped"), up to a deadline.
namespace mp::platform {

struct Answer {
  DWORD code;  // ERROR_SUCCESS, WAIT_TIMEOUT, or what the system says
  DWORD size;  // bytes that went or came; for ERROR_MORE_DATA, too
};

// An event for one request. They are used again and again, as to make one costs as much as a request. (Not one for each thread: mingw
// frees the memory of thread_local objects before it calls their destructors.)
class BorrowedEvent {
 public:
  BorrowedEvent() {
    {
      const std::lock_guard lock(all().mutex);
      if (!all().free.empty()) {
        event_ = std::move(all().free.back());
        all().free.pop_back();
      }
    }
    if (!event_) event_ = owned(::CreateEventW(nullptr, TRUE, FALSE, nullptr), "make an event");
  }
  ~BorrowedEvent() {
    const std::lock_guard lock(all().mutex);
    if (all().free.size() < kMostKept) all().free.push_back(std::move(event_));
  }
  BorrowedEvent(const BorrowedEvent&) = delete;

  HANDLE get() const { return system_handle(event_); }

 private:
  static constexpr std::size_t kMostKept = 64;
  struct All {
    All() { free.reserve(kMostKept); }
    std::mutex mutex;
    std::vector<Handle> free;  // guarded by mutex
  };
  // Never destroyed: threads may outlive static objects.
  static All& all() {
    static All& events = *new All;
    return events;
  }

  Handle event_;
};

// begin(&overlapped) makes the request. WAIT_TIMEOUT: it was taken back, and nothing has happened. A request that was answered
// while it was taken back counts as answered.
template <class Begin>
Answer request(HANDLE file, Deadline deadline, Begin begin) {
  const BorrowedEvent event;
  OVERLAPPED overlapped{};
  overlapped.hEvent = event.get();
  bool taken_back = false;
  if (!begin(&overlapped)) {
    const DWORD code = ::GetLastError();
    if (code != ERROR_IO_PENDING && code != ERROR_MORE_DATA) return {code, 0};
    if (code == ERROR_IO_PENDING && !wait_for(overlapped.hEvent, deadline)) {
      ::CancelIoEx(file, &overlapped);
      taken_back = true;
    }
  }
  DWORD size = 0;
  if (::GetOverlappedResult(file, &overlapped, &size, TRUE)) return {ERROR_SUCCESS, size};
  const DWORD code = ::GetLastError();
  return {taken_back && code == ERROR_OPERATION_ABORTED ? DWORD{WAIT_TIMEOUT} : code, size};
}

inline Answer read(HANDLE file, std::span<std::byte> place, Deadline deadline) {
  return request(file, deadline, [&](OVERLAPPED* overlapped) {
    std::byte none;  // where the system wants a place even for no bytes
    return ::ReadFile(file, place.empty() ? &none : place.data(), static_cast<DWORD>(place.size()), nullptr, overlapped);
  });
}

inline Answer write(HANDLE file, std::span<const std::byte> bytes, Deadline deadline) {
  return request(file, deadline, [&](OVERLAPPED* overlapped) {
    return ::WriteFile(file, bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, overlapped);
  });
}

// The other end of a pipe is closed.
inline bool means_ended(DWORD code) {
  return code == ERROR_BROKEN_PIPE || code == ERROR_NO_DATA || code == ERROR_PIPE_NOT_CONNECTED || code == ERROR_HANDLE_EOF;
}

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_REQUEST_H_
