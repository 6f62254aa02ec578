#include "reference/object.h"

#include <optional>
#include <utility>

#include "reference/error.h"
#include "reference/text.h"

namespace mp {
namespace {

using Kind = Object::Kind;
using object_internal::BoxOf;

constexpr std::size_t kEnough = 60;  // to see what it is instead of what was wanted

}  // namespace

std::string_view object_internal::name_of(Kind kind) {
  static constexpr std::string_view kNames[] = {"NoneType", "bool",  "int",  "float", "int",       "str",  "bytes",    "bytearray",
                                                "list",     "tuple", "dict", "set",   "frozenset", "type", "instance", "handle"};
  return kNames[static_cast<std::size_t>(kind)];
}

Object::Object(const Integer& value) : Object() {
  if (const auto small = value.as_int64()) {
    *this = Object(*small);
  } else {
    *this = Object(Kind::kBigInt, Integer(value));
  }
}

Object::Object(std::string text) : Object() {
  if (const auto bad = first_bad_byte(text)) {
    throw ValueError("a str must be UTF-8, and byte " + std::to_string(*bad) + " of this one is not: use mp::Bytes for bytes");
  }
  *this = Object(Kind::kStr, std::move(text));
}

Object::Object(Bytes value) : Object(Kind::kBytes, std::move(value)) {}
Object::Object(ByteArray value) : Object(Kind::kByteArray, std::move(value)) {}
Object::Object(List value) : Object(Kind::kList, std::move(value)) {}
Object::Object(Tuple value) : Object(Kind::kTuple, std::move(value)) {}
Object::Object(Dict value) : Object(Kind::kDict, std::move(value)) {}
Object::Object(Set value) : Object(Kind::kSet, std::move(value)) {}
Object::Object(FrozenSet value) : Object(Kind::kFrozenSet, std::move(value)) {}
Object::Object(Global value) : Object(Kind::kGlobal, std::move(value)) {}
Object::Object(Instance value) : Object(Kind::kInstance, std::move(value)) {}
Object::Object(platform::Handle value) : Object(Kind::kHandle, std::move(value)) {}

Object Object::of_unsigned(std::uint64_t value) {
  if (value <= INT64_MAX) return Object(static_cast<std::int64_t>(value));
  return Object(Integer::of_unsigned(value));
}

void Object::destroy() noexcept {
  switch (kind_) {
    case Kind::kBigInt: delete static_cast<BoxOf<Integer>*>(box_); break;
    case Kind::kStr: delete static_cast<BoxOf<std::string>*>(box_); break;
    case Kind::kBytes: delete static_cast<BoxOf<Bytes>*>(box_); break;
    case Kind::kByteArray: delete static_cast<BoxOf<ByteArray>*>(box_); break;
    case Kind::kList: delete static_cast<BoxOf<List>*>(box_); break;
    case Kind::kTuple: delete static_cast<BoxOf<Tuple>*>(box_); break;
    case Kind::kDict: delete static_cast<BoxOf<Dict>*>(box_); break;
    case Kind::kSet: delete static_cast<BoxOf<Set>*>(box_); break;
    case Kind::kFrozenSet: delete static_cast<BoxOf<FrozenSet>*>(box_); break;
    case Kind::kGlobal: delete static_cast<BoxOf<Global>*>(box_); break;
    case Kind::kInstance: delete static_cast<BoxOf<Instance>*>(box_); break;
    case Kind::kHandle: delete static_cast<BoxOf<platform::Handle>*>(box_); break;
    case Kind::kNone: case Kind::kBool: case Kind::kInt: case Kind::kFloat: break;
  }
}

std::string_view Object::type_name() const { return object_internal::name_of(kind_); }

void Object::throw_not(std::string_view wanted) const {
  throw TypeError("wanted " + std::string(wanted) + ", but this is " + std::string(type_name()) + ": " + brief(kEnough));
}

bool Object::to_bool() const {
  if (kind_ != Kind::kBool) throw_not("bool");
  return boolean_;
}

double Object::to_double() const {
  switch (kind_) {
    case Kind::kFloat: return float_;
    case Kind::kInt: return static_cast<double>(integer_);
    case Kind::kBool: return boolean_ ? 1.0 : 0.0;
    case Kind::kBigInt:
      if (const auto converted = value<Integer>().as_double()) return *converted;
      throw OverflowError("the int " + brief(kEnough) + " is too large for a float");
    default: throw_not("float");
  }
}

std::int64_t Object::to_signed(std::int64_t low, std::int64_t high) const {
  if (!is_int()) throw_not("int");
  const std::int64_t number = kind_ == Kind::kBool ? boolean_ : integer_;
  if (kind_ == Kind::kBigInt || number < low || number > high) {
    throw OverflowError("the int " + brief(kEnough) + " is not within " + std::to_string(low) + " to " + std::to_string(high));
  }
  return number;
}

std::uint64_t Object::to_unsigned(std::uint64_t high) const {
  if (!is_int()) throw_not("int");
  std::optional<std::uint64_t> number;
  if (kind_ == Kind::kBigInt) {
    number = value<Integer>().as_uint64();
  } else if (const std::int64_t small = kind_ == Kind::kBool ? boolean_ : integer_; small >= 0) {
    number = static_cast<std::uint64_t>(small);
  }
  if (!number || *number > high) {
    throw OverflowError("the int " + brief(kEnough) + " is not within 0 to " + std::to_string(high));
  }
  return *number;
}

bool Object::truth() const {
  switch (kind_) {
    case Kind::kNone: return false;
    case Kind::kBool: return boolean_;
    case Kind::kInt: return integer_ != 0;
    case Kind::kFloat: return float_ != 0;
    case Kind::kStr: return !value<std::string>().empty();
    case Kind::kBytes: return !value<Bytes>().empty();
    case Kind::kByteArray: return !value<ByteArray>().bytes.empty();
    case Kind::kList: return !value<List>().empty();
    case Kind::kTuple: return !value<Tuple>().items.empty();
    case Kind::kDict: return !value<Dict>().empty();
    case Kind::kSet: return !value<Set>().empty();
    case Kind::kFrozenSet: return !value<FrozenSet>().empty();
    default: return true;
  }
}

const Global* Instance::type() const {
  const auto* global = callable.get_if<Global>();
  const auto* arguments = args.get_if<Tuple>();
  if (global == nullptr || arguments == nullptr || global->module != "copyreg") return global;
  return arguments->items.empty() ? nullptr : arguments->items.front().get_if<Global>();
}

Bytes bytes(std::string_view characters) {
  const auto* data = reinterpret_cast<const std::byte*>(characters.data());
  return {data, data + characters.size()};
}

std::string_view characters(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace mp
