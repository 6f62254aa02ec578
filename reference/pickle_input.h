#ifndef REFERENCE_PICKLE_INPUT_H_
#define REFERENCE_PICKLE_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "reference/object.h"

// The words of a pickle: what stands behind an opcode, and how numbers and text are spelt there.
namespace mp::pickle {

// The input, taken from the front. Whatever is taken is there: no length makes anybody allocate for more. Throws PickleError.
class Input {
 public:
  explicit Input(std::span<const std::byte> bytes)
      : all_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), rest_(all_) {}

  std::size_t position() const { return all_.size() - rest_.size(); }
  std::size_t size() const { return all_.size(); }
  std::size_t left() const { return rest_.size(); }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) refuse_cut(size);
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // Without the end of the line, which is taken, too.
  std::string_view line();
  // Little-endian.
  template <std::size_t kSize>
  std::uint64_t number() {
    static_assert(kSize <= 8);
    return little_endian(take(kSize));
  }
  // Big-endian, as nothing else in a pickle.
  Object float_of_8_bytes();
  // Two's complement, little-endian.
  Object int_of(std::uint64_t size);

 private:
  static std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) value = value << 8 | static_cast<unsigned char>(*byte);
    return value;
  }
  [[noreturn]] void refuse_cut(std::uint64_t wanted) const;

  std::string_view all_;
  std::string_view rest_;
};

// What a line spells; each throws PickleError where it spells nothing.
Object spelt_int(std::string_view line);  // of Python 2, where 00 and 01 are False and True
Object spelt_long(std::string_view line);
Object spelt_float(std::string_view line);
std::uint64_t spelt_index(std::string_view line);
std::string raw_unicode_escaped(std::string_view line);
// A str of Python 2 as its repr() prints it.
std::string unquoted(std::string_view line);

// A str from its bytes. One of Python 2 could be text or bytes; as Python 3 does by default, only ASCII is taken.
Object text_of(std::string_view utf8);
Object old_text_of(std::string_view characters);
// The bytes that a str of code points below 256 stands for, as protocols 0 to 2 write bytes.
Bytes latin1(std::string_view text);

}  // namespace mp::pickle

#endif  // REFERENCE_PICKLE_INPUT_H_
