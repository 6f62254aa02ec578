#ifndef CONFORMANCE_ADAPTERS_REFERENCE_CTYPE_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_CTYPE_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "conformance/adapters/cpp/handles.h"
#include "conformance/protocol/value.h"
#include "reference/ctypes.h"
#include "reference/slice.h"
#include "reference/text.h"

// A C type that the runner names, and what its values and slices are in the protocol.
namespace mp::conformance {

// The structure of protocol.md.
struct Point {
  double x;
  double y;
};

mp::Slice slice_of(const Slice& slice);

// The content of a C integer: what does not fit is cut, as in C.
std::uint64_t bits_of(const Value& value);

template <class T>
T from_value(const Value& value) {
  if constexpr (std::same_as<T, bool>) {
    return value.is<bool>() ? *value.as<bool>() : bits_of(value) != 0;
  } else if constexpr (std::same_as<T, char>) {
    const auto* bytes = value.as<Bytes>();
    if (bytes == nullptr || bytes->data.size() != 1) type_error("a character is one byte, not " + printed(value));
    return bytes->data[0];
  } else if constexpr (std::same_as<T, wchar_t>) {
    const auto* text = value.as<std::string>();
    if (text == nullptr || mp::count_code_points(*text) != 1)
      type_error("a wide character is one, not " + printed(value));
    std::string_view rest = *text;
    return static_cast<wchar_t>(mp::take_code_point(rest));
  } else if constexpr (std::integral<T>) {
    return static_cast<T>(bits_of(value));
  } else {
    if (!value.is<double>() && !value.is<std::int64_t>() && !value.is<bool>())
      type_error("not a number: " + printed(value));
    return static_cast<T>(value.is<bool>() ? *value.as<bool>() : value.number());
  }
}

template <class T>
Value value_of(const T& value) {
  if constexpr (std::same_as<T, char>) {
    return Bytes(1, value);
  } else if constexpr (std::same_as<T, wchar_t>) {
    std::string text;
    mp::append_code_point(text, static_cast<char32_t>(value));
    return text;
  } else if constexpr (std::same_as<T, long double>) {
    return static_cast<double>(value);
  } else {
    return value;
  }
}

// Calls visit.template operator()<T>() with the type of that code or ctypes name. TypeError for a name that no type has.
template <class F>
auto with_ctype(std::string_view name, F&& visit) {
#define MP_CTYPE(code, type) \
  if (name == code) return visit.template operator()<type>()
  MP_CTYPE("c", mp::Code<'c'>);
  MP_CTYPE("b", mp::Code<'b'>);
  MP_CTYPE("B", mp::Code<'B'>);
  MP_CTYPE("u", mp::Code<'u'>);
  MP_CTYPE("h", mp::Code<'h'>);
  MP_CTYPE("H", mp::Code<'H'>);
  MP_CTYPE("i", mp::Code<'i'>);
  MP_CTYPE("I", mp::Code<'I'>);
  MP_CTYPE("l", mp::Code<'l'>);
  MP_CTYPE("L", mp::Code<'L'>);
  MP_CTYPE("q", mp::Code<'q'>);
  MP_CTYPE("Q", mp::Code<'Q'>);
  MP_CTYPE("f", mp::Code<'f'>);
  MP_CTYPE("d", mp::Code<'d'>);
  MP_CTYPE("c_bool", mp::c_bool);
  MP_CTYPE("c_char", mp::c_char);
  MP_CTYPE("c_wchar", mp::c_wchar);
  MP_CTYPE("c_byte", mp::c_byte);
  MP_CTYPE("c_ubyte", mp::c_ubyte);
  MP_CTYPE("c_short", mp::c_short);
  MP_CTYPE("c_ushort", mp::c_ushort);
  MP_CTYPE("c_int", mp::c_int);
  MP_CTYPE("c_uint", mp::c_uint);
  MP_CTYPE("c_long", mp::c_long);
  MP_CTYPE("c_ulong", mp::c_ulong);
  MP_CTYPE("c_longlong", mp::c_longlong);
  MP_CTYPE("c_ulonglong", mp::c_ulonglong);
  MP_CTYPE("c_float", mp::c_float);
  MP_CTYPE("c_double", mp::c_double);
  MP_CTYPE("c_longdouble", mp::c_longdouble);
  MP_CTYPE("Point", Point);
#undef MP_CTYPE
  type_error("no C type is called '" + std::string(name) + "'");
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_CTYPE_H_
