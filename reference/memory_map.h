#ifndef REFERENCE_MEMORY_MAP_H_
#define REFERENCE_MEMORY_MAP_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reference/slice.h"

namespace mp {

// A file as memory and as a file at once: what Python's mmap is. Or memory without a file, which forked children share.
//
//   mp::MemoryMap map("hello.txt");
//   map.readline();                                  // "Hello Python!\n"
//   map.get({.stop = 5});                            // "Hello"
//   map.set({.start = 6}, " world!\n");              // as many bytes as the slice has
//
// Owns:    the mapping, shared by all copies, until close().
// Shares:  all who map the same file see each other's changes; a forked child inherits the mapping, with a position of its own. It
//          does not travel otherwise: map the file there, or use an Array.
// Threads: the memory may be used by everybody at once; an object, with its position, as a plain value.
// Blocks:  flush() until the file has the changes; any access as long as the system reads a page.
// Throws:  ValueError after close(), for lengths, offsets and positions that cannot be, and for a write that does not fit; IndexError;
//          TypeError for a write to a map that is for reading; OSError when the system refuses.
class MemoryMap {
 public:
  enum class Access {
    kRead,
    kWrite,  // changes go to the file
    kCopy,   // changes stay in this map
  };
  enum class Whence { kBegin = 0, kPosition = 1, kEnd = 2 };

  // A length of zero is the rest of the file. The offset is a multiple of granularity().
  explicit MemoryMap(const std::filesystem::path& file, std::size_t length = 0, Access access = Access::kWrite,
                     std::uint64_t offset = 0);
  static MemoryMap anonymous(std::size_t length);
  static std::size_t granularity();

  std::size_t length() const;
  std::uint64_t size() const;  // of the file; of memory without one, its length
  std::span<std::byte> span() const;

  std::uint8_t get(std::int64_t index) const;
  void set(std::int64_t index, std::uint8_t byte);
  std::string get(const Slice& slice) const;
  void set(const Slice& slice, std::string_view bytes);  // IndexError for another size

  // As of a file. A negative count means all that is left.
  std::string read(std::int64_t count = -1);
  std::uint8_t read_byte();
  std::string readline();
  std::size_t write(std::string_view bytes);
  void write_byte(std::uint8_t byte);
  void seek(std::int64_t offset, Whence whence = Whence::kBegin);
  std::size_t tell() const;

  // The lowest and the highest place; -1: nowhere. By default from the position on.
  std::int64_t find(std::string_view bytes, std::optional<std::int64_t> start = {},
                    std::optional<std::int64_t> end = {}) const;
  std::int64_t rfind(std::string_view bytes, std::optional<std::int64_t> start = {},
                     std::optional<std::int64_t> end = {}) const;
  void move(std::size_t destination, std::size_t source, std::size_t count);
  // The file has the changes afterwards. The offset is a multiple of granularity().
  void flush(std::size_t offset = 0, std::size_t length = std::numeric_limits<std::size_t>::max());

  void close();
  bool closed() const;

 private:
  struct Local;
  explicit MemoryMap(std::shared_ptr<Local> local) : local_(std::move(local)) {}

  Local& open() const;
  std::string_view text() const;
  std::span<std::byte> writable() const;
  std::string_view part(std::optional<std::int64_t> start, std::optional<std::int64_t> end, std::size_t& begin) const;

  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_MEMORY_MAP_H_
