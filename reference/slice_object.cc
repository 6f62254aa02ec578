#include "reference/slice_object.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "reference/error.h"

namespace mp {
namespace {

// The arguments, if the object is an instance of that class.
const List* args_of(const Object& object, std::string_view module, std::string_view name) {
  const auto* instance = object.get_if<Instance>();
  const Global* type = instance == nullptr ? nullptr : instance->type();
  if (type == nullptr || type->module != module || type->name != name) return nullptr;
  const auto* args = instance->args.get_if<Tuple>();
  return args == nullptr ? nullptr : &args->items;
}

std::optional<std::int64_t> border(const Object& object) {
  if (object.is_none()) return std::nullopt;
  return object.as<std::int64_t>();
}

Object border(std::optional<std::int64_t> value) { return value ? Object(*value) : Object(); }

// Calls visit with a zero of the C type.
template <class F>
auto with_type(const std::string& code, F visit) {
  switch (code.size() == 1 ? code[0] : ' ') {
    case 'b': return visit(static_cast<signed char>(0));
    case 'B': return visit(static_cast<unsigned char>(0));
    case 'h': return visit(short{0});
    case 'H': return visit(static_cast<unsigned short>(0));
    case 'i': return visit(0);
    case 'I': return visit(0U);
    case 'l': return visit(0L);
    case 'L': return visit(0UL);
    case 'q': return visit(0LL);
    case 'Q': return visit(0ULL);
    case 'f': return visit(0.0F);
    case 'd': return visit(0.0);
    default: throw ValueError("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
  }
}

}  // namespace

std::size_t index_in(const Object& index, std::size_t size, const char* text) {
  try {
    return place_of(index.as<std::int64_t>(), size);
  } catch (const IndexError&) {
    throw IndexError(text);
  }
}

std::optional<Slice> slice_in(const Object& object) {
  const List* args = args_of(object, "builtins", "slice");
  if (args == nullptr || args->size() != 3) return std::nullopt;
  return Slice{border((*args)[0]), border((*args)[1]), border((*args)[2])};
}

Object slice_object(const Slice& slice) {
  return Instance{Global{"builtins", "slice"},
                  tuple(border(slice.start), border(slice.stop), border(slice.step)),
                  Object(),
                  {},
                  {}};
}

Object array_item(const std::string& typecode, const Object& item) {
  return with_type(typecode, [&](auto zero) { return Object(item.as<decltype(zero)>()); });
}

Object array_object(const std::string& typecode, const List& items) {
  Bytes bytes;
  with_type(typecode, [&](auto zero) {
    for (const Object& item : items) {
      zero = item.as<decltype(zero)>();
      const auto* data = reinterpret_cast<const std::byte*>(&zero);
      bytes.insert(bytes.end(), data, data + sizeof(zero));
    }
  });
  return Instance{Global{"array", "array"}, tuple(typecode, std::move(bytes)), Object(), {}, {}};
}

std::optional<List> items_of_array(const Object& object) {
  const List* args = args_of(object, "array", "array");
  if (args == nullptr || args->size() != 2 || !(*args)[0].is_str()) return std::nullopt;
  if (const auto* list = (*args)[1].get_if<List>()) return *list;
  const auto* bytes = (*args)[1].get_if<Bytes>();
  if (bytes == nullptr) return std::nullopt;
  List items;
  with_type((*args)[0].get<std::string>(), [&](auto zero) {
    for (std::size_t at = 0; at + sizeof(zero) <= bytes->size(); at += sizeof(zero)) {
      std::memcpy(&zero, bytes->data() + at, sizeof(zero));
      items.emplace_back(zero);
    }
  });
  return items;
}

std::optional<List> items_of_range(const Object& object) {
  constexpr std::uint64_t kMost = 1 << 24;
  const List* args = args_of(object, "builtins", "range");
  if (args == nullptr || args->size() != 3) return std::nullopt;
  const auto first = (*args)[0].as<std::int32_t>();
  const auto end = (*args)[1].as<std::int32_t>();
  const auto step = (*args)[2].as<std::int32_t>();
  if (step == 0) throw ValueError("range() arg 3 must not be zero");
  List items;
  for (std::int64_t at = first; step > 0 ? at < end : at > end; at += step) {
    if (items.size() == kMost) throw MemoryError("the range is too long");
    items.emplace_back(at);
  }
  return items;
}

List items_of(const Object& sequence) {
  if (const auto* list = sequence.get_if<List>()) return *list;
  if (const auto* tuple = sequence.get_if<Tuple>()) return tuple->items;
  List items;
  if (const auto* text = sequence.get_if<std::string>()) {
    for (std::size_t at = 0; at < text->size();) {
      std::size_t end = at + 1;
      while (end < text->size() && (static_cast<unsigned char>((*text)[end]) & 0xc0) == 0x80) ++end;
      items.emplace_back(text->substr(at, end - at));
      at = end;
    }
  } else if (const auto* bytes = sequence.get_if<Bytes>()) {
    for (const std::byte each : *bytes) items.emplace_back(std::to_integer<int>(each));
  } else if (const auto* dict = sequence.get_if<Dict>()) {
    for (const auto& entry : *dict) items.push_back(entry.key);
  } else if (const auto* set = sequence.get_if<Set>()) {
    for (const Object& member : *set) items.push_back(member);
  } else if (const auto* frozen = sequence.get_if<FrozenSet>()) {
    for (const Object& member : *frozen) items.push_back(member);
  } else if (const auto array = items_of_array(sequence)) {
    return *array;
  } else if (const auto range = items_of_range(sequence)) {
    return *range;
  } else {
    throw TypeError("'" + std::string(sequence.type_name()) + "' object is not iterable");
  }
  return items;
}

List slice_of(const List& items, const Slice& slice) {
  const Places places = places_of(slice, items.size());
  List result;
  result.reserve(places.count);
  for (std::size_t i = 0; i < places.count; ++i) result.push_back(items[places[i]]);
  return result;
}

void assign_slice(List& items, const Slice& slice, List fresh) {
  const Places places = places_of(slice, items.size());
  if (places.step == 1) {
    const auto first = items.begin() + places.first;
    const auto at = items.erase(first, first + static_cast<std::ptrdiff_t>(places.count));
    items.insert(at, fresh.begin(), fresh.end());
    return;
  }
  if (fresh.size() != places.count) {
    throw ValueError("attempt to assign sequence of size " + std::to_string(fresh.size()) +
                     " to extended slice of size " + std::to_string(places.count));
  }
  for (std::size_t i = 0; i < places.count; ++i) items[places[i]] = std::move(fresh[i]);
}

void erase_slice(List& items, const Slice& slice) {
  const Places places = places_of(slice, items.size());
  std::vector<bool> gone(items.size());
  for (std::size_t i = 0; i < places.count; ++i) gone[places[i]] = true;
  std::size_t at = 0;
  std::erase_if(items, [&](const Object&) { return gone[at++]; });
}

}  // namespace mp
