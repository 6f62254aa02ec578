#ifndef REFERENCE_TEXT_H_
#define REFERENCE_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mp {

// Text is a std::string in UTF-8, with one extension: a lone surrogate, which a str of Python may hold, stands as the three bytes
// that UTF-8 forbids for it (what Python calls "surrogatepass"). So every str has exactly one form in bytes, and back.

// Where `text` stops to be such text, or nothing when all of it is.
std::optional<std::size_t> first_bad_byte(std::string_view text);

// Takes the first code point off valid text that is not empty.
char32_t take_code_point(std::string_view& text);

// Adds a code point, 0 to 0x10ffff.
void append_code_point(std::string& text, char32_t code_point);

std::size_t count_code_points(std::string_view text);

// As Python's repr() prints str and bytes: 'it' with escapes, "it's" when that needs fewer of them. One difference: code points that
// nobody has assigned yet are printed as they are.
std::string quoted(std::string_view text);
std::string quoted_bytes(std::string_view bytes);  // without the b

}  // namespace mp

#endif  // REFERENCE_TEXT_H_
