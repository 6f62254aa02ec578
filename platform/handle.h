#ifndef PLATFORM_HANDLE_H_
#define PLATFORM_HANDLE_H_

#include <cstdint>
#include <utility>

namespace mp::platform {

// What the system gives out: a file descriptor on Linux and macOS, a HANDLE on Windows.
using NativeHandle = std::intptr_t;
inline constexpr NativeHandle kNoHandle = -1;

// The owner of one system handle.
//
// Owns:    the handle; closes it. Never inherited by a child unless the child's message carries it (close-on-exec).
// Shares:  duplicate() makes a second owner of the same system object.
// Threads: as a plain value: no two threads may use one Handle at once without a lock.
// Blocks:  never.
// Throws:  OsError when the system is out of handles.
class Handle {
 public:
  Handle() = default;
  explicit Handle(NativeHandle native) : native_(native) {}
  Handle(Handle&& other) noexcept : native_(std::exchange(other.native_, kNoHandle)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      close();
      native_ = std::exchange(other.native_, kNoHandle);
    }
    return *this;
  }
  ~Handle() { close(); }

  NativeHandle native() const { return native_; }
  explicit operator bool() const { return native_ != kNoHandle; }
  NativeHandle release() { return std::exchange(native_, kNoHandle); }
  Handle duplicate() const;  // an empty handle gives an empty handle
  void close() noexcept;

 private:
  NativeHandle native_ = kNoHandle;
};

}  // namespace mp::platform

#endif  // PLATFORM_HANDLE_H_
