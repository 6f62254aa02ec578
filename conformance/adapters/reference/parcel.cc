#include "conformance/adapters/reference/parcel.h"

#include <functional>
#include <map>
#include <utility>

#include "conformance/adapters/reference/ctype.h"
#include "conformance/adapters/reference/managers.h"
#include "conformance/protocol/message.h"
#include "reference/connection.h"
#include "reference/error.h"
#include "reference/slice_object.h"

namespace mp::conformance {
namespace {

// In an Object a reference is a Global of a module that no program has: its name says which one.
constexpr std::string_view kLuggage = "$luggage";
constexpr std::string_view kPlain = "$plain";  // a value that has no Object, as the protocol writes it

struct Road {
  Luggage::Save save;
  Luggage::Load load;
};

std::map<std::type_index, Road>& roads() {
  static std::map<std::type_index, Road> made;
  return made;
}

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

using FromHandle = std::function<Object(Handle)>;
// What stands for an object behind a handle; nothing: it is data.
using ToHandle = std::function<std::optional<Value>(const Object&)>;

std::vector<Object> objects(const Values& values, const FromHandle& convert);

Object convert(const Value& value, const FromHandle& from_handle) {
  return std::visit(
      Overloaded{
          [](NoneType) { return Object(); },
          [](bool truth) { return Object(truth); },
          [](std::int64_t number) { return Object(number); },
          [](const BigInt& number) { return Object(*Integer::from_decimal(number.digits)); },
          [](double number) { return Object(number); },
          [](const std::string& text) { return Object(text); },
          [](const Bytes& bytes) { return Object(mp::bytes(bytes.data)); },
          [&](const List& list) { return Object(objects(list.items, from_handle)); },
          [&](const Tuple& tuple) { return Object(mp::Tuple{objects(tuple.items, from_handle)}); },
          [&](const Set& set) {
            mp::Set made;
            for (const Value& item : set.items) made.insert(convert(item, from_handle));
            return Object(std::move(made));
          },
          [&](const FrozenSet& set) {
            mp::Set made;
            for (const Value& item : set.items) made.insert(convert(item, from_handle));
            return Object(mp::FrozenSet(std::move(made)));
          },
          [&](const Dict& dict) {
            mp::Dict made;
            for (const auto& [key, item] : dict.items) made.set(convert(key, from_handle), convert(item, from_handle));
            return Object(std::move(made));
          },
          [](const Slice& slice) { return slice_object(slice_of(slice)); },
          [&](Handle handle) { return from_handle(handle); },
          [&](const auto&) { return Object(Global{std::string(kPlain), encode(value)}); },
      },
      value.data());
}

std::vector<Object> objects(const Values& values, const FromHandle& from_handle) {
  std::vector<Object> made;
  made.reserve(values.size());
  for (const Value& value : values) made.push_back(convert(value, from_handle));
  return made;
}

template <class Items>
Values values(const Items& items, const ToHandle& to_handle);

Value convert(const Object& object, const ToHandle& to_handle) {
  switch (object.kind()) {
    case Object::Kind::kNone: return None;
    case Object::Kind::kBool: return object.as<bool>();
    case Object::Kind::kInt: return object.as<std::int64_t>();
    case Object::Kind::kFloat: return object.as<double>();
    case Object::Kind::kBigInt: return big(object.get<Integer>().decimal());
    case Object::Kind::kStr: return object.get<std::string>();
    case Object::Kind::kBytes: return Bytes(characters(object.get<mp::Bytes>()));
    case Object::Kind::kByteArray: return Bytes(characters(object.get<ByteArray>().bytes));
    case Object::Kind::kList: return List::of(values(object.get<mp::List>(), to_handle));
    case Object::Kind::kTuple: return Tuple::of(values(object.get<mp::Tuple>().items, to_handle));
    case Object::Kind::kSet: {
      Set set;
      set.items = values(object.get<mp::Set>(), to_handle);
      return set;
    }
    case Object::Kind::kFrozenSet: {
      FrozenSet set;
      set.items = values(object.get<mp::FrozenSet>(), to_handle);
      return set;
    }
    case Object::Kind::kDict: {
      Dict dict;
      for (const auto& entry : object.get<mp::Dict>()) {
        dict.items.emplace_back(convert(entry.key, to_handle), convert(entry.value, to_handle));
      }
      return dict;
    }
    case Object::Kind::kGlobal: {
      const Global& global = object.get<Global>();
      if (global.module == kPlain) return parse_value(global.name);
      break;
    }
    case Object::Kind::kInstance: {
      const auto bound = [](std::optional<std::int64_t> place) { return place ? Value(*place) : Value(); };
      if (const auto slice = slice_in(object)) return Slice{bound(slice->start), bound(slice->stop), bound(slice->step)};
      break;
    }
    default: break;
  }
  return to_handle(object).value_or(Opaque{object.repr()});
}

template <class Items>
Values values(const Items& items, const ToHandle& to_handle) {
  Values made;
  for (const Object& item : items) made.push_back(convert(item, to_handle));
  return made;
}

}  // namespace

void Luggage::register_type(std::type_index type, Save save, Load load) { roads().insert_or_assign(type, Road{save, load}); }

void Luggage::save(Writer& writer) const {
  const auto road = roads().find(object_->type());
  if (road == roads().end()) throw PickleError(std::string("an object of this class stays in its process: ") + object_->type().name());
  writer(road->second.load);
  road->second.save(*object_, writer);
}

void Luggage::load(Reader& reader) { object_ = reader.read<Load>()(reader); }

Parcel Parcel::pack(const Value& value, const Handles& handles) {
  Parcel parcel;
  parcel.data = convert(value, [&](Handle handle) {
    parcel.luggage.emplace_back(handles.find(handle));
    return Object(Global{std::string(kLuggage), std::to_string(parcel.luggage.size() - 1)});
  });
  return parcel;
}

Value Parcel::unpack(Handles& handles) const {
  return convert(data, [&](const Object& object) -> std::optional<Value> {
    const auto* global = object.get_if<Global>();
    if (global == nullptr || global->module != kLuggage) return std::nullopt;
    return handles.keep(luggage.at(std::stoul(global->name)).object());
  });
}

Object to_object(const Value& value, const Handles& handles) {
  return convert(value, [&](Handle handle) -> Object {
    const Kept kept = handles.find(handle);
    if (const std::optional<Proxy> proxy = proxy_in(kept)) return proxy->object();
    const auto connection = kept.as<Connection>();
    if (connection == nullptr) throw PickleError("of all objects only a Connection can be sent through a Connection");
    return Object(*connection);
  });
}

Value to_value(const Object& object, Handles& handles) {
  return convert(object, [&](const Object& part) -> std::optional<Value> {
    if (part.kind() != Object::Kind::kInstance) return std::nullopt;
    if (ProxyRecipe::from(part)) return keep_proxy(Proxy::from(part), handles);
    if (const auto items = items_of_array(part)) return to_value(Object(*items), handles);
    try {
      return handles.keep(std::make_shared<Connection>(part.as<Connection>()));
    } catch (const TypeError&) {
      return std::nullopt;  // some other class
    }
  });
}

}  // namespace mp::conformance
