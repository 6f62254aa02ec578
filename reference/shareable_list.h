#ifndef REFERENCE_SHAREABLE_LIST_H_
#define REFERENCE_SHAREABLE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/object.h"
#include "reference/shared_memory.h"

namespace mp {

// A list of a fixed length in named shared memory. Its values are None, bool, int (64 bits), float, str and bytes; one may be replaced by
// another, also of another kind, as long as it fits into its slot. The bytes are those of Python's ShareableList, so that Python
// programs share it.
//
// Owns, Shares: as SharedMemory, of which each list has one: shm(). Close it, and one of all unlinks it.
// Threads: nothing is guarded: who reads while somebody writes may see half of either.
// Blocks:  never.
// Throws:  IndexError; ValueError for text that is longer than its slot, or for what index() does not find; TypeError for
//          values of other kinds, OverflowError for larger integers; and as SharedMemory.
//
// The form: the number of items; where each slot begins in the data, and where the last one ends; the data; for each item eight bytes
// that say how it is written, as Python's struct does; for each item one byte that says what becomes of it. All numbers have
// eight bytes, in the order of the machine. A slot of text is a multiple of eight bytes, at least one longer than the first text in it.
// NULs at the end of a text are lost, as in Python: they are what fills the slot.
class ShareableList {
 public:
  // A new one.
  explicit ShareableList(const std::vector<Object>& values, std::optional<std::string> name = std::nullopt);
  // One that is there.
  static ShareableList attach(const std::string& name);
  explicit ShareableList(Undecoded);

  std::size_t size() const { return size_; }
  Object get(std::int64_t index) const;
  void set(std::int64_t index, const Object& value);
  Object operator[](std::int64_t index) const { return get(index); }
  std::vector<Object> values() const;

  std::size_t count(const Object& value) const;
  // The first place of an equal value.
  std::size_t index(const Object& value) const;
  // How the values are written now, for Python's struct.
  std::string format() const;
  SharedMemory& shm() { return shm_; }

  void save(Writer& writer) const { shm_.save(writer); }
  void load(Reader& reader);

 private:
  struct Slot;
  explicit ShareableList(SharedMemory shm);

  std::byte* at(std::size_t offset, std::size_t length) const;
  std::int64_t number_at(std::size_t offset) const;
  Slot slot(std::size_t place) const;
  std::size_t format_offset(std::size_t place) const;
  std::size_t kind_offset(std::size_t place) const;
  std::string format_of(std::size_t place) const;
  void put(std::size_t place, const Object& value, const std::string& format);

  SharedMemory shm_;
  std::size_t size_ = 0;
  std::size_t data_size_ = 0;
};

}  // namespace mp

#endif  // REFERENCE_SHAREABLE_LIST_H_
