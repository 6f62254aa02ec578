#ifndef PLATFORM_FILE_MAP_H_
#define PLATFORM_FILE_MAP_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "platform/handle.h"
#include "platform/view.h"

namespace mp::platform {

// A file as memory.
//
// Owns:    its mapping, and a handle to the file of its own.
// Shares:  all who map the same file see each other's changes, unless they asked for copies; a forked child inherits the mapping.
// Threads: as a plain value; the memory itself may be used by everybody at once.
// Blocks:  flush() until the file has the changes; any access as long as the system reads a page.
// Throws:  OsError when the system refuses.
//
// A file that becomes shorter while it is mapped takes its bytes away: an access to them ends the process.
class FileMap {
 public:
  enum class Access {
    kRead,
    kWrite,
    kCopy,  // who writes gets a page of his own; the file does not change
  };

  static Handle open(const std::filesystem::path& file, Access access);
  static std::uint64_t size_of(const Handle& file);
  // The file must have offset + length bytes, length is not zero, and offset is a multiple of granularity().
  static FileMap create(Handle file, std::uint64_t offset, std::size_t length, Access access);
  static std::size_t granularity();

  std::byte* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }
  std::uint64_t file_size() const { return size_of(file_); }
  // The file has these bytes afterwards; offset is a multiple of granularity().
  void flush(std::size_t offset, std::size_t length);

 private:
  FileMap(Handle file, View view) : file_(std::move(file)), view_(std::move(view)) {}

  Handle file_;
  View view_;
};

}  // namespace mp::platform

#endif  // PLATFORM_FILE_MAP_H_
