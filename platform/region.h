#ifndef PLATFORM_REGION_H_
#define PLATFORM_REGION_H_

#include <cstddef>

#include "platform/handle.h"
#include "platform/view.h"

namespace mp::platform {

// Memory shared between processes, without a name: nothing can be left behind in a file system.
//
// Owns:    its mapping and its handle. The memory lives until the last process unmaps it and drops its handle.
// Shares:  with a forked child by inheritance, at the same address; handle() travels to any other, adopt() maps it
//          there.
// Threads: as a plain value; the memory itself may be used by everybody at once.
// Blocks:  never.
// Throws:  OsError when the system has no memory, addresses or handles left.
//
// The memory begins as zeros. Pages cost nothing before they are touched, so a large size is an upper limit, not a
// price.
class Region {
 public:
  Region() = default;
  static Region create(std::size_t size);
  static Region adopt(Handle handle);  // finds the size itself

  std::byte* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }
  explicit operator bool() const { return data() != nullptr; }
  Handle handle() const;  // a duplicate, to travel
  // Gives the pages that lie wholly inside back to the system; they read as zeros afterwards. A hint: where the system has no such
  // call, or refuses it, nothing happens.
  void discard(std::size_t offset, std::size_t length);

 private:
  Region(Handle handle, View view) : handle_(std::move(handle)), view_(std::move(view)) {}

  Handle handle_;
  View view_;
};

}  // namespace mp::platform

#endif  // PLATFORM_REGION_H_
