// What an Object looks like: repr(), also where there is room for its beginning only.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <ostream>
#include <utility>

#include "reference/object.h"
#include "reference/text.h"

namespace mp {
namespace {

using Kind = Object::Kind;

// As Python writes them: the fewest digits that read back as the same number, with an exponent below 1e-4 and from 1e16 on.
std::string repr_of(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[32];
  const auto with_exponent = std::to_chars(buffer, std::end(buffer), value, std::chars_format::scientific);
  const std::string_view scientific(buffer, static_cast<std::size_t>(with_exponent.ptr - buffer));
  int exponent = 0;
  const char* digits = scientific.data() + scientific.find('e') + 1;
  std::from_chars(digits + (*digits == '+'), scientific.data() + scientific.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(scientific);
  const auto fixed = std::to_chars(buffer, std::end(buffer), value, std::chars_format::fixed);
  std::string text(buffer, fixed.ptr);
  if (text.find('.') == text.npos) text += ".0";
  return text;
}

// More decimal digits than CPython prints unless it is told to (sys.set_int_max_str_digits): their time grows with the square of their number.
constexpr std::size_t kMostDigits = 4300;
constexpr std::size_t kMostWords = 447;  // of an int with so many

std::optional<std::string> decimal_of(const Integer& value) {
  if (value.magnitude().size() > kMostWords) return std::nullopt;
  std::string text = value.decimal();
  if (text.size() - (value.negative() ? 1 : 0) > kMostDigits) return std::nullopt;
  return text;
}

// Writes objects as repr() does, and does no more than fits into the room: values that share their parts, as those from a pickle may, can be
// longer in print than any memory.
class Printer {
 public:
  explicit Printer(std::size_t most = std::string::npos) : most_(most) {}

  void print(const Object& object) {
    if (is_full()) return;
    switch (object.kind()) {
      case Kind::kNone: return text("None");
      case Kind::kBool: return text(object.as<bool>() ? "True" : "False");
      case Kind::kInt: return text(std::to_string(object.as<std::int64_t>()));
      case Kind::kFloat: return text(repr_of(object.as<double>()));
      case Kind::kBigInt: return print(object.get<Integer>());
      case Kind::kStr: return text(quoted(beginning(object.get<std::string>())));
      case Kind::kBytes: return print_bytes("b", object.get<Bytes>(), "");
      case Kind::kByteArray: return print_bytes("bytearray(b", object.get<ByteArray>().bytes, ")");
      case Kind::kList: return joined("[", object.get<List>(), "]");
      case Kind::kTuple: return print(object.get<Tuple>());
      case Kind::kDict: return print(object.get<Dict>());
      case Kind::kSet: return object.get<Set>().empty() ? text("set()") : joined("{", object.get<Set>(), "}");
      case Kind::kFrozenSet: return object.get<FrozenSet>().empty() ? text("frozenset()") : joined("frozenset({", object.get<FrozenSet>(), "})");
      case Kind::kGlobal: return print(object.get<Global>());
      case Kind::kInstance: return print(object.get<Instance>());
      case Kind::kHandle: return text("<handle " + std::to_string(object.get<platform::Handle>().native()) + ">");
    }
  }

  // With "..." for what had no room.
  std::string take() {
    if (!is_full()) return std::move(text_);
    text_.resize(most_);
    while (first_bad_byte(text_)) text_.pop_back();
    return std::move(text_) + "...";
  }

 private:
  bool is_full() const { return text_.size() > most_; }
  // One byte more than there is room for shows that it is full.
  std::string_view beginning(std::string_view text) const {
    const std::size_t room = most_ - text_.size();
    if (text.size() <= room) return text;
    std::size_t end = room + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    return text.substr(0, end);
  }
  void text(std::string_view more) {
    if (!is_full()) text_ += beginning(more);
  }

  template <class Items, class Print>
  void joined(std::string_view open, const Items& items, std::string_view close, Print print_item) {
    text(open);
    bool is_first = true;
    for (const auto& item : items) {
      if (is_full()) return;
      if (!std::exchange(is_first, false)) text(", ");
      print_item(item);
    }
    text(close);
  }
  template <class Items>
  void joined(std::string_view open, const Items& items, std::string_view close) {
    joined(open, items, close, [this](const Object& item) { print(item); });
  }

  void print_bytes(std::string_view open, const Bytes& bytes, std::string_view close) {
    text(open);
    if (is_full()) return;
    text(quoted_bytes(beginning(characters(bytes))));
    text(close);
  }
  // In hexadecimal where decimal digits would be too many.
  void print(const Integer& value) {
    if (const auto decimal = decimal_of(value)) return text(*decimal);
    text(value.negative() ? "-0x" : "0x");
    const auto words = value.magnitude();
    char digits[9];
    std::snprintf(digits, sizeof digits, "%x", words.back());
    text(digits);
    for (auto word = words.rbegin() + 1; word != words.rend() && !is_full(); ++word) {
      std::snprintf(digits, sizeof digits, "%08x", *word);
      text(digits);
    }
  }
  void print(const Tuple& tuple) { joined("(", tuple.items, tuple.items.size() == 1 ? ",)" : ")"); }
  void print(const Dict& dict) {
    joined("{", dict, "}", [this](const Dict::Entry& entry) {
      print(entry.key);
      text(": ");
      print(entry.value);
    });
  }
  void print(const Global& global) {
    text("<");
    if (global.module != "builtins") text(global.module), text(".");
    text(global.name), text(">");
  }
  void print(const Instance& instance) {
    print(instance.callable);
    if (const auto* args = instance.args.get_if<Tuple>()) {
      joined("(", args->items, ")");
    } else {
      text("(*"), print(instance.args), text(")");
    }
    if (!instance.state.is_none()) text(".__setstate__("), print(instance.state), text(")");
    if (!instance.items.empty()) joined(".extend([", instance.items, "])");
    if (!instance.entries.empty()) text(".update("), print(instance.entries), text(")");
  }

  const std::size_t most_;
  std::string text_;
};

}  // namespace

std::string Object::repr() const { return brief(std::string::npos); }

std::string Object::brief(std::size_t most) const {
  Printer printer(most);
  printer.print(*this);
  return printer.take();
}

std::string Object::str() const { return is_str() ? value<std::string>() : repr(); }

std::ostream& operator<<(std::ostream& out, const Object& object) { return out << object.repr(); }

}  // namespace mp
