#ifndef REFERENCE_CTYPES_H_
#define REFERENCE_CTYPES_H_

#include <cstddef>

// The names that Python has for the types of C, and the letters for them. Any trivially copyable C++ type can be shared as it is; these are
// for those who have a table or a Python program before them: mp::Value<mp::c_double>, mp::Array<mp::Code<'d'>>.
namespace mp {

using c_bool = bool;
using c_char = char;  // one byte as a character; an array of them has value() and raw()
using c_wchar = wchar_t;
using c_byte = signed char;
using c_ubyte = unsigned char;
using c_short = short;
using c_ushort = unsigned short;
using c_int = int;
using c_uint = unsigned int;
using c_long = long;
using c_ulong = unsigned long;
using c_longlong = long long;
using c_ulonglong = unsigned long long;
using c_size_t = std::size_t;
using c_float = float;
using c_double = double;
using c_longdouble = long double;
// Only the address is shared, and it means nothing in a process that has something else there. For text: Array<char>.
using c_char_p = const char*;
using c_wchar_p = const wchar_t*;
using c_void_p = void*;

namespace ctypes_internal {
template <char kCode>
struct TypeOf;
// clang-format off
template <> struct TypeOf<'c'> { using type = c_char; };
template <> struct TypeOf<'b'> { using type = c_byte; };
template <> struct TypeOf<'B'> { using type = c_ubyte; };
template <> struct TypeOf<'u'> { using type = c_wchar; };
template <> struct TypeOf<'h'> { using type = c_short; };
template <> struct TypeOf<'H'> { using type = c_ushort; };
template <> struct TypeOf<'i'> { using type = c_int; };
template <> struct TypeOf<'I'> { using type = c_uint; };
template <> struct TypeOf<'l'> { using type = c_long; };
template <> struct TypeOf<'L'> { using type = c_ulong; };
template <> struct TypeOf<'q'> { using type = c_longlong; };
template <> struct TypeOf<'Q'> { using type = c_ulonglong; };
template <> struct TypeOf<'f'> { using type = c_float; };
template <> struct TypeOf<'d'> { using type = c_double; };
// clang-format on
}  // namespace ctypes_internal

// A letter that stands for no type does not compile.
template <char kCode>
using Code = typename ctypes_internal::TypeOf<kCode>::type;

}  // namespace mp

#endif  // REFERENCE_CTYPES_H_
