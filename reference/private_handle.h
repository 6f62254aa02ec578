#ifndef REFERENCE_PRIVATE_HANDLE_H_
#define REFERENCE_PRIVATE_HANDLE_H_

#include <cstdint>
#include <functional>

#include "platform/handle.h"

namespace mp::process_internal {

// The place of a handle in the list of those that are this process's alone: a child that Process forks closes its copies of them before it
// does anything else.
//
// Owns:    the place. The handle is somebody else's, who opens and closes it here.
// Shares:  nothing. In a forked child it stands for nothing.
// Threads: as a plain value, each in one thread; what they have in common is guarded.
// Blocks:  note() and close(), as their functions do, and while another thread forks.
// Throws:  note(), what its function throws.
class PrivateHandle {
 public:
  // What became of the handle.
  enum class Place {
    kNone,    // there is none, or it was closed
    kOwn,     // it is this process's
    kClosed,  // this process is a child that has closed its copy: the number may be somebody else's by now
    kCopied   // this process is a child that the program forked by itself, and has a copy
  };

  PrivateHandle() = default;
  PrivateHandle(PrivateHandle&& other) noexcept;
  PrivateHandle& operator=(PrivateHandle&& other) noexcept;
  ~PrivateHandle() { close([] {}); }

  // Of what `open` gives, which may be none. It is told how often this process has forked, and no child is forked in between.
  static PrivateHandle note(const std::function<platform::NativeHandle(std::uint64_t forks)>& open);
  static PrivateHandle note(platform::NativeHandle handle) {
    return note([handle](std::uint64_t) { return handle; });
  }
  // How often this process has forked.
  static std::uint64_t forks();

  Place place() const;
  bool is_own() const { return place() == Place::kOwn; }
  // Leaves the list. A handle of this process is closed by `close`, and no child is forked in between.
  void close(const std::function<void()>& close) noexcept;

  // Around a fork, each by the thread that forks. Between the first and one of the others nobody opens or closes.
  static void before_fork();
  static void in_parent();
  static void in_child();

 private:
  struct Noted;

  platform::NativeHandle number_ = platform::kNoHandle;
  Noted* home_ = nullptr;  // none: no place
};

}  // namespace mp::process_internal

#endif  // REFERENCE_PRIVATE_HANDLE_H_
