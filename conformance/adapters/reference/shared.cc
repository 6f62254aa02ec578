#include "conformance/adapters/reference/shared.h"

#include "conformance/adapters/reference/parcel.h"

namespace mp::conformance {

GivenLock given_lock(Args& args) {
  GivenLock given;
  const Handle* handle = args["lock"].as<Handle>();
  if (handle == nullptr) return given;
  const Kept kept = args.handles().find(*handle);
  given.lock = kept.as<Lock>();
  given.rlock = kept.as<RLock>();
  if (given.lock == nullptr && given.rlock == nullptr)
    throw AttributeError("this cannot be the lock of a shared object");
  return given;
}

namespace {

bool wants_no_lock(Args& args) { return args["lock"] == Value(false); }

template <class GuardedBox>
void offer_lock(Type<GuardedBox> type) {
  type.method("acquire(block=True, timeout=None)",
              [](GuardedBox& box, Args& args) {
                return box.content->lock().acquire(args.flag("block"), wait_of(args, "timeout"));
              })
      .method("release()", [](GuardedBox& box, Args&) { box.content->lock().release(); })
      .method("__enter__()", [](GuardedBox& box, Args&) { return box.content->lock().acquire(true, Wait::forever()); })
      .method("__exit__()", [](GuardedBox& box, Args&) { box.content->lock().release(); })
      .method("get_lock()", [](GuardedBox& box, Args& args) { return box.content->lock().handle(args.handles()); })
      .method("get_obj()", [](GuardedBox& box, Args&) {
        auto& obj = box.content->obj;
        using RawBox = typename std::remove_reference_t<decltype(obj)>::element_type;
        if (obj == nullptr) obj = std::make_shared<RawBox>(RawBox{box.type, true, box.content->raw()});
        return obj;
      });
}

template <class ValueLike>
Type<ValueLike> offer_content(Type<ValueLike> type) {
  for (const auto& [name, field] : {std::pair("x", &Point::x), std::pair("y", &Point::y)}) {
    type.get(name, [field = field](ValueLike& box, Args&) { return box.content->field(field); })
        .set(name,
             [field = field](ValueLike& box, Args& args) { box.content->set_field(field, args.number("value")); });
  }
  return type.get("value", [](ValueLike& box, Args&) { return box.content->get(); })
      .set("value", [](ValueLike& box, Args& args) { box.content->set(args["value"]); });
}

template <class ArrayLike>
Type<ArrayLike> offer_elements(Type<ArrayLike> type) {
  return type.method("__len__()", [](ArrayLike& box, Args&) { return box.content->size(); })
      .method("__getitem__(index)",
              [](ArrayLike& box, Args& args) { return box.content->get(args["index"], args.handles()); })
      .method("__setitem__(index, value)",
              [](ArrayLike& box, Args& args) { box.content->set(args["index"], args["value"]); })
      .get("value", [](ArrayLike& box, Args&) { return box.content->text(); })
      .set("value", [](ArrayLike& box, Args& args) { box.content->set_text(args["value"]); })
      .get("raw", [](ArrayLike& box, Args&) { return box.content->bytes(); })
      .set("raw", [](ArrayLike& box, Args& args) { box.content->set_bytes(args["value"]); });
}

template <class T>
Value keep(Args& args, T object) {
  return args.handles().keep(std::make_shared<T>(std::move(object)));
}

}  // namespace

void offer_shared(Adapter& adapter) {
  Luggage::travels<RawValueBox>();
  Luggage::travels<ValueBox>();
  Luggage::travels<RawArrayBox>();
  Luggage::travels<ArrayBox>();
  offer_content(adapter.type<RawValueBox>("RawValue"));
  offer_class(adapter, "RawValue(typecode_or_type, *args)",
              [](const auto& from, Args& args) { return make_raw_value(from, args); });
  offer_lock(offer_content(adapter.type<ValueBox>("Value")));
  offer_class(adapter, "Value(typecode_or_type, *args, lock=True)", [](const auto& from, Args& args) {
    return wants_no_lock(args) ? keep(args, make_raw_value(from, args)) : keep(args, make_value(from, args));
  });
  offer_elements(adapter.type<RawArrayBox>("RawArray"));
  offer_class(adapter, "RawArray(typecode_or_type, size_or_initializer)",
              [](const auto& from, Args& args) { return make_raw_array(from, args); });
  offer_lock(offer_elements(adapter.type<ArrayBox>("Array")));
  offer_class(adapter, "Array(typecode_or_type, size_or_initializer, *, lock=True)", [](const auto& from, Args& args) {
    return wants_no_lock(args) ? keep(args, make_raw_array(from, args)) : keep(args, make_array(from, args));
  });
  Type<PointInside> point = adapter.type<PointInside>("Point");
  for (const auto& [name, field] : {std::pair("x", &Point::x), std::pair("y", &Point::y)}) {
    point.get(name, [field = field](PointInside& inside, Args&) { return inside.array[inside.index].*field; })
        .set(name, [field = field](PointInside& inside, Args& args) {
          inside.array[inside.index].*field = args.number("value");
        });
  }
  adapter.function("copy(obj)", [](Args& args) {
    const Kept kept = args.handles().find(*args["obj"].as<Handle>());
    if (const auto value = kept.as<RawValueBox>())
      return keep(args, RawValueBox{value->type, true, value->content->copied()});
    const auto array = args.object<RawArrayBox>("obj");
    return keep(args, RawArrayBox{array->type, true, array->content->copied()});
  });
  adapter.function("synchronized(obj, lock=None)", [](Args& args) {
    const Kept kept = args.handles().find(*args["obj"].as<Handle>());
    if (const auto value = kept.as<RawValueBox>()) {
      ValueBox guarded = guard(*value, given_lock(args));
      guarded.content->obj = value;
      return keep(args, std::move(guarded));
    }
    const auto array = args.object<RawArrayBox>("obj");
    ArrayBox guarded = guard(*array, given_lock(args));
    guarded.content->obj = array;
    return keep(args, std::move(guarded));
  });
}

}  // namespace mp::conformance
