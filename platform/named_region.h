#ifndef PLATFORM_NAMED_REGION_H_
#define PLATFORM_NAMED_REGION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "platform/handle.h"
#include "platform/view.h"

namespace mp::platform {

// Memory that any process can reach by a name, related or not.
//
// Owns:    its mapping, and on Windows a handle. The memory lives as long as somebody maps it; on systems where names are files in memory (Linux, macOS)
//          until remove(), too, even when no process is left. On Windows the name goes with the last mapping.
// Shares:  whoever knows the name opens it; with a forked child by inheritance.
// Threads: as a plain value; the memory itself may be used by everybody at once.
// Blocks:  never.
// Throws:  OsError when the system refuses. A name that is taken, or that nobody has, is a result.
//
// A name is one word without a slash; 13 bytes are possible everywhere. New memory begins as zeros. Its size may be rounded up to
// whole pages, and is so for who opens it on systems that do not remember what was asked for.
class NamedRegion {
 public:
  // Nothing: the name is taken.
  static std::optional<NamedRegion> create(const std::string& name, std::size_t size);
  // Nothing: nobody has that name.
  static std::optional<NamedRegion> open(const std::string& name);
  // The name is free afterwards; who has the memory keeps it. False: nobody had it. On Windows it does nothing, and never says so.
  static bool remove(const std::string& name);

  std::byte* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }

 private:
  explicit NamedRegion(View view, Handle handle = Handle()) : view_(std::move(view)), handle_(std::move(handle)) {}

  View view_;
  Handle handle_;  // where a name lives as long as somebody has a handle (Windows); else empty
};

}  // namespace mp::platform

#endif  // PLATFORM_NAMED_REGION_H_
