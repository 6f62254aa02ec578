#ifndef CONFORMANCE_PROTOCOL_VALUE_H_
#define CONFORMANCE_PROTOCOL_VALUE_H_

#include <compare>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mp::conformance {

class Value;
using Values = std::vector<Value>;

struct NoneType {};
inline constexpr NoneType None;
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// An integer that does not fit in 64 bits, in decimal digits without superfluous zeros. Use big() to make one.
struct BigInt {
  std::string digits;
};

struct Bytes {
  Bytes() = default;
  Bytes(std::string_view data) : data(data) {}
  Bytes(std::size_t count, char byte) : data(count, byte) {}
  std::string data;
};

struct List {
  List() = default;
  List(std::initializer_list<Value> items);
  static List of(Values items);
  Values items;
};

struct Tuple {
  Tuple() = default;
  Tuple(std::initializer_list<Value> items);
  static Tuple of(Values items);
  Values items;
};

struct Set {
  Set() = default;
  Set(std::initializer_list<Value> items);
  Values items;
};

struct FrozenSet {
  FrozenSet() = default;
  FrozenSet(std::initializer_list<Value> items);
  Values items;
};

struct Dict {
  Dict() = default;
  Dict(std::initializer_list<std::pair<Value, Value>> items);
  std::vector<std::pair<Value, Value>> items;  // in the dict's order, which equality ignores
};

struct Slice {
  Slice() = default;
  Slice(std::initializer_list<Value> bounds);
  Values bounds;  // start, stop, step; None where left out
};

// An object kept in a process: its number there. (In the runner, see Ref, a number that means the same in every process.)
struct Handle {
  std::uint64_t number = 0;
};

// A function that the adapter offers: "serve", "square" ... (protocol.md, section 6).
struct Function {
  std::string name;
};

// What was raised: canonical names of the class and its bases, most specific first, and the implementation's own words.
struct Error {
  std::vector<std::string> types;
  std::string text;
  std::vector<Bytes> message;  // of a BufferTooShort: the one whole message

  // TimeoutError is the one of the specification; that of the language has OSError behind it.
  bool is(std::string_view type) const;
};

struct Opaque {
  std::string printed;
};

// Something asked of a Value that it is not, e.g. the integer of a string.
struct WrongKind : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A value of the protocol (protocol.md, section 4): what travels between runner and testee.
//
// Owns:    what is in it, to any depth.
// Shares:  nothing.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  WrongKind from integer(), number(), text() and items().
//
// Equality is strict: 1, 1.0 and true are three values, (1, 2) is not [1, 2], NaN equals NaN, 0.0 is not -0.0, and an opaque
// value equals nothing, not even itself. Order (<, <= ...) exists between numbers and between strings, nowhere else.
class Value {
 public:
  using Variant = std::variant<NoneType, bool, std::int64_t, BigInt, double, std::string, Bytes, List, Tuple, Set,
                               FrozenSet, Dict, Slice, Handle, Function, Error, Opaque>;

  // All in value.cc: what handles seventeen alternatives is compiled once, not in every file that has a value.
  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  Value(NoneType) : Value() {}
  Value(std::same_as<bool> auto truth) : Value(Truth{truth}) {}
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T number)
      : Value(std::in_range<std::int64_t>(number) ? Value(Whole{static_cast<std::int64_t>(number)})
                                                  : Value(BigInt{std::to_string(number)})) {}
  Value(double number);
  Value(const char* text);
  Value(std::string text);
  Value(std::string_view text);
  Value(BigInt value);
  Value(Bytes value);
  Value(List value);
  Value(Tuple value);
  Value(Set value);
  Value(FrozenSet value);
  Value(Dict value);
  Value(Slice value);
  Value(Handle value);
  Value(Function value);
  Value(Error value);
  Value(Opaque value);

  template <class T>
  bool is() const {
    return std::holds_alternative<T>(data_);
  }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&data_);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&data_);
  }
  bool is_none() const { return is<NoneType>(); }

  std::int64_t integer() const;
  double number() const;  // of an integer, too
  const std::string& text() const;
  const std::string& bytes() const;
  const Values& items() const;  // of a list, tuple or set

  const Variant& data() const { return data_; }

 private:
  struct Truth {
    bool value;
  };
  struct Whole {
    std::int64_t value;
  };
  explicit Value(Truth truth);
  explicit Value(Whole number);

  Variant data_;
};

bool operator==(const Value& a, const Value& b);
std::partial_ordering operator<=>(const Value& a, const Value& b);

// An integer of any size, from decimal digits.
Value big(std::string_view digits);

struct Kwargs {
  Kwargs() = default;
  Kwargs(std::initializer_list<std::pair<std::string, Value>> items);
  std::vector<std::pair<std::string, Value>> items;
};

// As Python prints it; long content is cut (with its length), so that a message stays readable.
std::string printed(const Value& value);
std::string printed(const Error& error);
std::ostream& operator<<(std::ostream& out, const Value& value);

}  // namespace mp::conformance

#endif  // CONFORMANCE_PROTOCOL_VALUE_H_
