#include "conformance/protocol/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <ostream>

namespace mp::conformance {
namespace {

constexpr std::size_t kShown = 200;  // characters of a string, items of a list

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

bool same_in_any_order(const Values& a, const Values& b) {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

bool same_number(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

struct Same {
  bool operator()(NoneType, NoneType) const { return true; }
  bool operator()(bool a, bool b) const { return a == b; }
  bool operator()(std::int64_t a, std::int64_t b) const { return a == b; }
  bool operator()(double a, double b) const { return same_number(a, b); }
  bool operator()(const BigInt& a, const BigInt& b) const { return a.digits == b.digits; }
  bool operator()(const std::string& a, const std::string& b) const { return a == b; }
  bool operator()(const Bytes& a, const Bytes& b) const { return a.data == b.data; }
  bool operator()(const List& a, const List& b) const { return a.items == b.items; }
  bool operator()(const Tuple& a, const Tuple& b) const { return a.items == b.items; }
  bool operator()(const Set& a, const Set& b) const { return same_in_any_order(a.items, b.items); }
  bool operator()(const FrozenSet& a, const FrozenSet& b) const { return same_in_any_order(a.items, b.items); }
  bool operator()(const Dict& a, const Dict& b) const {
    return a.items.size() == b.items.size() && std::is_permutation(a.items.begin(), a.items.end(), b.items.begin());
  }
  bool operator()(const Slice& a, const Slice& b) const { return a.bounds == b.bounds; }
  bool operator()(Handle a, Handle b) const { return a.number == b.number; }
  bool operator()(const Function& a, const Function& b) const { return a.name == b.name; }
  bool operator()(const Error& a, const Error& b) const { return a.types == b.types && a.text == b.text; }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

std::string printed_float(double number) {
  if (std::isnan(number)) return "float('nan')";
  if (std::isinf(number)) return number > 0 ? "float('inf')" : "float('-inf')";
  char buffer[40];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

void append_escaped(std::string& out, char c, bool ascii_only) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\\' || c == '\'') {
    out += '\\', out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (byte < 0x20 || byte == 0x7f || (ascii_only && byte >= 0x80)) {
    const char* digits = "0123456789abcdef";
    out += "\\x", out += digits[byte >> 4], out += digits[byte & 15];
  } else {
    out += c;
  }
}

std::string quoted(const std::string& text, bool ascii_only) {
  std::string out = "'";
  for (const char c : text) append_escaped(out, c, ascii_only);
  return out + "'";
}

// 'aaaa...' of a large payload prints as Python would write it: 'a' * 1048576.
std::string printed_text(const std::string& text, const char* prefix) {
  const bool ascii_only = *prefix != 0;
  if (text.size() <= kShown) return prefix + quoted(text, ascii_only);
  const std::string size = std::to_string(text.size());
  if (text.find_first_not_of(text[0]) == std::string::npos) {
    return prefix + quoted(text.substr(0, 1), ascii_only) + " * " + size;
  }
  return prefix + quoted(text.substr(0, kShown), ascii_only) + "... (" + size + " bytes in all)";
}

template <class Items, class Print>
std::string joined(const Items& items, Print print) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i == kShown) return out + ", ... (" + std::to_string(items.size()) + " items in all)";
    if (i > 0) out += ", ";
    out += print(items[i]);
  }
  return out;
}

std::string joined(const Values& items) {
  return joined(items, [](const Value& item) { return printed(item); });
}

std::optional<double> as_number(const Value& value) {
  if (const auto* integer = value.as<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* number = value.as<double>()) return *number;
  if (const auto* big = value.as<BigInt>())
    return std::strtod(big->digits.c_str(), nullptr);  // infinity, if it is too big
  return std::nullopt;
}

template <class T>
const T& demand(const Value& value, const char* kind) {
  if (const T* found = value.as<T>()) return *found;
  throw WrongKind(std::string("expected ") + kind + ", got " + printed(value));
}

}  // namespace

Value::Value() = default;
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value::Value(Truth truth) : data_(truth.value) {}
Value::Value(Whole number) : data_(number.value) {}
Value::Value(double number) : data_(number) {}
Value::Value(const char* text) : data_(std::string(text)) {}
Value::Value(std::string text) : data_(std::move(text)) {}
Value::Value(std::string_view text) : data_(std::string(text)) {}
Value::Value(Handle value) : data_(value) {}
Value::Value(BigInt value) : data_(std::move(value)) {}
Value::Value(Bytes value) : data_(std::move(value)) {}
Value::Value(List value) : data_(std::move(value)) {}
Value::Value(Tuple value) : data_(std::move(value)) {}
Value::Value(Set value) : data_(std::move(value)) {}
Value::Value(FrozenSet value) : data_(std::move(value)) {}
Value::Value(Dict value) : data_(std::move(value)) {}
Value::Value(Slice value) : data_(std::move(value)) {}
Value::Value(Function value) : data_(std::move(value)) {}
Value::Value(Error value) : data_(std::move(value)) {}
Value::Value(Opaque value) : data_(std::move(value)) {}

List::List(std::initializer_list<Value> items) : items(items) {}
Tuple::Tuple(std::initializer_list<Value> items) : items(items) {}
Set::Set(std::initializer_list<Value> items) : items(items) {}
FrozenSet::FrozenSet(std::initializer_list<Value> items) : items(items) {}
Dict::Dict(std::initializer_list<std::pair<Value, Value>> items) : items(items) {}
Slice::Slice(std::initializer_list<Value> bounds) : bounds(bounds) {}
Kwargs::Kwargs(std::initializer_list<std::pair<std::string, Value>> items) : items(items) {}

List List::of(Values items) {
  List list;
  list.items = std::move(items);
  return list;
}

Tuple Tuple::of(Values items) {
  Tuple tuple;
  tuple.items = std::move(items);
  return tuple;
}

bool Error::is(std::string_view type) const {
  const auto has = [&](std::string_view name) { return std::find(types.begin(), types.end(), name) != types.end(); };
  return has(type) && !(type == "TimeoutError" && has("OSError"));
}

std::int64_t Value::integer() const { return demand<std::int64_t>(*this, "an integer"); }

double Value::number() const {
  if (const auto number = as_number(*this)) return *number;
  throw WrongKind("expected a number, got " + printed(*this));
}

const std::string& Value::text() const { return demand<std::string>(*this, "a string"); }
const std::string& Value::bytes() const { return demand<Bytes>(*this, "bytes").data; }

const Values& Value::items() const {
  if (const auto* tuple = as<Tuple>()) return tuple->items;
  if (const auto* set = as<Set>()) return set->items;
  if (const auto* set = as<FrozenSet>()) return set->items;
  return demand<List>(*this, "a list, tuple or set").items;
}

bool operator==(const Value& a, const Value& b) { return std::visit(Same(), a.data(), b.data()); }

std::partial_ordering operator<=>(const Value& a, const Value& b) {
  const auto *integer_a = a.as<std::int64_t>(), *integer_b = b.as<std::int64_t>();
  if (integer_a && integer_b) return *integer_a <=> *integer_b;
  const auto number_a = as_number(a), number_b = as_number(b);
  if (number_a && number_b) return *number_a <=> *number_b;
  const auto *text_a = a.as<std::string>(), *text_b = b.as<std::string>();
  if (text_a && text_b) return *text_a <=> *text_b;
  return std::partial_ordering::unordered;
}

Value big(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  std::string_view magnitude = digits.substr(negative ? 1 : 0);
  if (magnitude.empty() || magnitude.find_first_not_of("0123456789") != std::string_view::npos) {
    throw WrongKind("not a decimal integer: '" + std::string(digits) + "'");
  }
  magnitude.remove_prefix(std::min(magnitude.find_first_not_of('0'), magnitude.size() - 1));
  const std::string text = (negative && magnitude != "0" ? "-" : "") + std::string(magnitude);
  std::int64_t small = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), small);
  if (error == std::errc()) return Value(small);
  return Value(BigInt{text});
}

std::string printed(const Error& error) {
  const std::string type = error.types.empty() ? "an error without a type" : error.types.front();
  return type + "(" + printed_text(error.text, "") + ")";
}

std::string printed(const Value& value) {
  return std::visit(
      Overloaded{
          [](NoneType) -> std::string { return "None"; },
          [](bool truth) -> std::string { return truth ? "True" : "False"; },
          [](std::int64_t number) { return std::to_string(number); },
          [](const BigInt& number) { return number.digits; },
          [](double number) { return printed_float(number); },
          [](const std::string& text) { return printed_text(text, ""); },
          [](const Bytes& bytes) { return printed_text(bytes.data, "b"); },
          [](const List& list) { return "[" + joined(list.items) + "]"; },
          [](const Tuple& t) { return "(" + joined(t.items) + (t.items.size() == 1 ? ",)" : ")"); },
          [](const Set& s) { return s.items.empty() ? std::string("set()") : "{" + joined(s.items) + "}"; },
          [](const FrozenSet& s) { return "frozenset([" + joined(s.items) + "])"; },
          [](const Dict& dict) {
            const auto print = [](const auto& item) { return printed(item.first) + ": " + printed(item.second); };
            return "{" + joined(dict.items, print) + "}";
          },
          [](const Slice& slice) { return "slice(" + joined(slice.bounds) + ")"; },
          [](Handle handle) { return "<object " + std::to_string(handle.number) + ">"; },
          [](const Function& function) { return function.name; },
          [](const Error& error) { return printed(error); },
          [](const Opaque& opaque) { return "<" + opaque.printed + ">"; },
      },
      value.data());
}

std::ostream& operator<<(std::ostream& out, const Value& value) { return out << printed(value); }

}  // namespace mp::conformance
