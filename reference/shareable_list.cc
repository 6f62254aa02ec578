#include "reference/shareable_list.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "reference/codec.h"
#include "reference/error.h"
#include "reference/slice.h"

namespace mp {
namespace {

constexpr std::size_t kWord = 8;

// How a value is written.
const std::string kInt = "q";
const std::string kFloat = "d";
const std::string kBool = "xxxxxxx?";
const std::string kNone = "xxxxxx?x";
constexpr std::size_t kBoolByte = 7;  // in its slot

// What becomes of what was read.
enum class Kind : char { kNumber = 0, kStr = 1, kBytes = 2, kNone = 3 };

// The bytes of a text; nothing: the value is none.
std::optional<std::string_view> text_of(const Object& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* bytes = value.get_if<Bytes>()) return characters(*bytes);
  return std::nullopt;
}

Kind kind_of(const Object& value) {
  if (value.is_none()) return Kind::kNone;
  if (value.is_str()) return Kind::kStr;
  return value.get_if<Bytes>() != nullptr ? Kind::kBytes : Kind::kNumber;
}

std::string text_format(std::size_t length) {
  std::string format = std::to_string(length) + "s";
  if (format.size() > kWord)
    throw ValueError("a text of " + std::to_string(length) + " bytes is too long for a shareable list");
  return format;
}

std::string number_format(const Object& value) {
  switch (value.kind()) {
    case Object::Kind::kInt: return kInt;
    case Object::Kind::kFloat: return kFloat;
    case Object::Kind::kBool: return kBool;
    case Object::Kind::kNone: return kNone;
    case Object::Kind::kBigInt: throw OverflowError("an integer in a shareable list has 64 bits");
    default: throw TypeError("a shareable list cannot hold a " + std::string(value.type_name()));
  }
}

std::size_t slot_size(const Object& value) {
  const auto text = text_of(value);
  return text ? kWord * (text->size() / kWord + 1) : kWord;
}

}  // namespace

struct ShareableList::Slot {
  std::byte* data;
  std::size_t size;
};

ShareableList::ShareableList(const std::vector<Object>& values, std::optional<std::string> name)
    : shm_(Undecoded{}), size_(values.size()) {
  std::vector<std::string> formats;
  std::vector<std::int64_t> borders = {0};
  for (const Object& value : values) {
    formats.push_back(text_of(value) ? text_format(slot_size(value)) : number_format(value));
    borders.push_back(borders.back() + static_cast<std::int64_t>(slot_size(value)));
  }
  data_size_ = static_cast<std::size_t>(borders.back());
  const std::size_t total = kind_offset(0) + size_;
  shm_ = SharedMemory({.name = std::move(name), .create = true, .size = static_cast<std::int64_t>(total)});
  const auto count = static_cast<std::int64_t>(size_);
  std::memcpy(at(0, kWord), &count, kWord);
  std::memcpy(at(kWord, borders.size() * kWord), borders.data(), borders.size() * kWord);
  for (std::size_t i = 0; i < size_; ++i) put(i, values[i], formats[i]);
}

ShareableList::ShareableList(SharedMemory shm) : shm_(std::move(shm)) {
  size_ = static_cast<std::size_t>(number_at(0));
  if (size_ > shm_.size() / kWord) throw ValueError("the shared memory " + shm_.name() + " holds no list");
  data_size_ = static_cast<std::size_t>(number_at((size_ + 1) * kWord));
}

ShareableList::ShareableList(Undecoded tag) : shm_(tag) {}

ShareableList ShareableList::attach(const std::string& name) { return ShareableList(SharedMemory({.name = name})); }

void ShareableList::load(Reader& reader) {
  SharedMemory shm(Undecoded{});
  shm.load(reader);
  *this = ShareableList(std::move(shm));
}

// Whoever wrote the block may have written anything.
std::byte* ShareableList::at(std::size_t offset, std::size_t length) const {
  const auto buf = shm_.buf();
  if (offset > buf.size() || length > buf.size() - offset) {
    throw ValueError("the list in the shared memory " + shm_.name() + " is damaged");
  }
  return buf.data() + offset;
}

std::int64_t ShareableList::number_at(std::size_t offset) const {
  std::int64_t number;
  std::memcpy(&number, at(offset, kWord), kWord);
  return number;
}

ShareableList::Slot ShareableList::slot(std::size_t place) const {
  const auto begin = static_cast<std::size_t>(number_at((1 + place) * kWord));
  const auto end = static_cast<std::size_t>(number_at((2 + place) * kWord));
  if (begin > end || end > data_size_ || end - begin < kWord) {
    throw ValueError("the list in the shared memory " + shm_.name() + " is damaged");
  }
  return {at((size_ + 2) * kWord + begin, end - begin), end - begin};
}

std::size_t ShareableList::format_offset(std::size_t place) const { return (size_ + 2 + place) * kWord + data_size_; }
std::size_t ShareableList::kind_offset(std::size_t place) const { return format_offset(size_) + place; }

std::string ShareableList::format_of(std::size_t place) const {
  const auto* format = reinterpret_cast<const char*>(at(format_offset(place), kWord));
  return std::string(format, std::find(format, format + kWord, '\0'));
}

Object ShareableList::get(std::int64_t index) const {
  const std::size_t place = place_of(index, size_);
  const Slot slot = this->slot(place);
  switch (static_cast<Kind>(*at(kind_offset(place), 1))) {
    case Kind::kNone: return {};
    case Kind::kStr:
    case Kind::kBytes: {
      const auto* text = reinterpret_cast<const char*>(slot.data);
      const auto size = std::string_view(text, slot.size).find_last_not_of('\0') + 1;  // npos + 1 is 0
      if (static_cast<Kind>(*at(kind_offset(place), 1)) == Kind::kBytes) return bytes({text, size});
      return std::string(text, size);
    }
    case Kind::kNumber: break;
  }
  const std::string format = format_of(place);
  if (format == kBool) return slot.data[kBoolByte] != std::byte{0};
  if (format == kFloat) {
    double number;
    std::memcpy(&number, slot.data, sizeof(number));
    return number;
  }
  std::int64_t number;
  std::memcpy(&number, slot.data, sizeof(number));
  return number;
}

void ShareableList::set(std::int64_t index, const Object& value) {
  const std::size_t place = place_of(index, size_);
  const auto text = text_of(value);
  if (!text) return put(place, value, number_format(value));
  const Slot slot = this->slot(place);
  if (text->size() > slot.size) {
    throw ValueError("a text of " + std::to_string(text->size()) + " bytes does not fit into a slot of " +
                     std::to_string(slot.size));
  }
  put(place, value, text_format(slot.size));
}

void ShareableList::put(std::size_t place, const Object& value, const std::string& format) {
  const Slot slot = this->slot(place);
  std::byte word[kWord] = {};
  if (format == kBool) word[kBoolByte] = std::byte{value.as<bool>()};
  if (format == kInt) {
    const auto number = value.as<std::int64_t>();
    std::memcpy(word, &number, sizeof(number));
  }
  if (format == kFloat) {
    const auto number = value.as<double>();
    std::memcpy(word, &number, sizeof(number));
  }
  if (const auto text = text_of(value)) {
    std::memset(slot.data, 0, slot.size);
    std::memcpy(slot.data, text->data(), text->size());
  } else {
    std::memcpy(slot.data, word, kWord);
  }
  std::byte* const written = at(format_offset(place), kWord);
  std::memset(written, 0, kWord);
  std::memcpy(written, format.data(), format.size());
  *at(kind_offset(place), 1) = static_cast<std::byte>(kind_of(value));
}

std::vector<Object> ShareableList::values() const {
  std::vector<Object> all;
  for (std::size_t i = 0; i < size_; ++i) all.push_back(get(static_cast<std::int64_t>(i)));
  return all;
}

std::size_t ShareableList::count(const Object& value) const {
  const std::vector<Object> all = values();
  return static_cast<std::size_t>(std::ranges::count(all, value));
}

std::size_t ShareableList::index(const Object& value) const {
  const std::vector<Object> all = values();
  const auto found = std::ranges::find(all, value);
  if (found == all.end()) throw ValueError(value.brief() + " is not in the list");
  return static_cast<std::size_t>(found - all.begin());
}

std::string ShareableList::format() const {
  std::string all;
  for (std::size_t i = 0; i < size_; ++i) all += format_of(i);
  return all;
}

}  // namespace mp
