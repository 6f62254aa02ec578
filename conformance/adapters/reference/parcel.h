#ifndef CONFORMANCE_ADAPTERS_REFERENCE_PARCEL_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_PARCEL_H_

#include <memory>
#include <optional>
#include <string>
#include <typeindex>
#include <vector>

#include "conformance/adapters/cpp/handles.h"
#include "conformance/protocol/value.h"
#include "reference/codec.h"
#include "reference/object.h"

namespace mp::conformance {

// An object of the reference on its way to another process, as an argument or inside an item.
//
// Owns: a share of the object. Shares: the object. Threads: one. Blocks: never.
// Throws: PickleError when written, if the class of the object is none that travels; a copy by fork works for all.
class Luggage {
 public:
  using Save = void (*)(const Kept& object, Writer& writer);
  using Load = Kept (*)(Reader& reader);

  Luggage() = default;
  explicit Luggage(Kept object) : object_(std::move(object)) {}

  // Says, before the adapter serves, that the codec can carry a T.
  template <Encodable T>
  static void travels() {
    register_type(typeid(T), [](const Kept& object, Writer& writer) { writer(*object.as<T>()); },
                  [](Reader& reader) { return Kept(std::make_shared<T>(reader.read<T>())); });
  }

  const Kept& object() const { return *object_; }
  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  static void register_type(std::type_index type, Save save, Load load);

  std::optional<Kept> object_;
};

// A value of the protocol as the reference carries it: an Object for the data, luggage for the objects behind handles, to which
// the data refers by their place. What a Queue of the adapter holds, and what the arguments of its processes are.
//
// Owns: its parts. Shares: the objects of the luggage. Threads: one. Blocks: never.
// Throws: PickleError, RuntimeError when it is written and cannot be.
struct Parcel {
  Object data;
  std::vector<Luggage> luggage;

  static Parcel pack(const Value& value, const Handles& handles);
  // The objects get handles of this process.
  Value unpack(Handles& handles) const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(data, luggage);
  }
};

// What a Connection carries: data, and Connections. Any other object behind a handle is a PickleError.
Object to_object(const Value& value, const Handles& handles);
Value to_value(const Object& object, Handles& handles);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_PARCEL_H_
