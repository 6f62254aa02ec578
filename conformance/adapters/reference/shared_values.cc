#include <optional>

#include "conformance/adapters/reference/shared.h"
#include "reference/shared_value.h"

namespace mp::conformance {
namespace {

// `Object` is RawValue<T>, or Value<T, L>.
template <class T, class Object>
class ValueAccess {
 public:
  static Value get(Object& object) {
    if constexpr (std::same_as<T, Point>) {
      no_attribute("value");
    } else {
      return value_of(object.value());
    }
  }
  static void set(Object& object, const Value& value) {
    if constexpr (std::same_as<T, Point>) {
      no_attribute("value");
    } else {
      object.set_value(from_value<T>(value));
    }
  }
  static Value field(Object& object, double Point::*field) {
    if constexpr (std::same_as<T, Point>) {
      return object.value().*field;
    } else {
      no_attribute("x or y");
    }
  }
};

template <class T, class L>
class TypedValue : public AnyValue {
 public:
  TypedValue(mp::Value<T, L> object, std::shared_ptr<L> lock)
      : object_(std::move(object)),
        lock_(lock != nullptr ? std::move(lock) : std::make_shared<L>(object_.get_lock())) {}

  Value get() override { return ValueAccess<T, mp::Value<T, L>>::get(object_); }
  void set(const Value& value) override { ValueAccess<T, mp::Value<T, L>>::set(object_, value); }
  Value field(double Point::*field) override { return ValueAccess<T, mp::Value<T, L>>::field(object_, field); }
  void set_field([[maybe_unused]] double Point::*field, [[maybe_unused]] double value) override {
    if constexpr (std::same_as<T, Point>) object_.update([&](Point& point) { point.*field = value; });
  }
  std::shared_ptr<AnyRawValue> raw() override;
  LockHandle& lock() override { return lock_; }
  void save(Writer& writer) override { object_.save(writer); }

 private:
  mp::Value<T, L> object_;
  TypedLock<L> lock_;
};

template <class T>
class TypedRawValue : public AnyRawValue {
 public:
  explicit TypedRawValue(RawValue<T> object) : object_(std::move(object)) {}

  Value get() override { return ValueAccess<T, RawValue<T>>::get(object_); }
  void set(const Value& value) override { ValueAccess<T, RawValue<T>>::set(object_, value); }
  Value field(double Point::*field) override { return ValueAccess<T, RawValue<T>>::field(object_, field); }
  void set_field([[maybe_unused]] double Point::*field, [[maybe_unused]] double value) override {
    if constexpr (std::same_as<T, Point>) (*object_).*field = value;
  }
  std::shared_ptr<AnyRawValue> copied() override { return std::make_shared<TypedRawValue>(mp::copy(object_)); }
  std::shared_ptr<AnyValue> guarded(const GivenLock& given) override {
    if (given.lock != nullptr) {
      return std::make_shared<TypedValue<T, Lock>>(mp::Value<T, Lock>(object_, *given.lock), given.lock);
    }
    if (given.rlock != nullptr) {
      return std::make_shared<TypedValue<T, RLock>>(mp::Value<T, RLock>(object_, *given.rlock), given.rlock);
    }
    return std::make_shared<TypedValue<T, RLock>>(mp::Value<T>(object_), nullptr);
  }
  void save(Writer& writer) override { object_.save(writer); }

 private:
  RawValue<T> object_;
};

template <class T, class L>
std::shared_ptr<AnyRawValue> TypedValue<T, L>::raw() {
  return std::make_shared<TypedRawValue<T>>(object_.get_obj());
}

}  // namespace

std::shared_ptr<AnyRawValue> AnyRawValue::read(const std::string& type, bool, Reader& reader) {
  return with_ctype(type, [&]<class T>() -> std::shared_ptr<AnyRawValue> {
    return std::make_shared<TypedRawValue<T>>(reader.read<RawValue<T>>());
  });
}

std::shared_ptr<AnyValue> AnyValue::read(const std::string& type, bool is_recursive, Reader& reader) {
  return with_ctype(type, [&]<class T>() -> std::shared_ptr<AnyValue> {
    if (is_recursive) return std::make_shared<TypedValue<T, RLock>>(reader.read<mp::Value<T, RLock>>(), nullptr);
    return std::make_shared<TypedValue<T, Lock>>(reader.read<mp::Value<T, Lock>>(), nullptr);
  });
}

namespace {

// What is to lie in a new value; nothing: zeros.
template <class T>
std::optional<T> content_in(Args& args) {
  const Values& first = args.more();
  if constexpr (std::same_as<T, Point>) {
    if (first.size() > 2) type_error("a point has two numbers");
    Point point{};
    if (!first.empty()) point.x = from_value<double>(first[0]);
    if (first.size() == 2) point.y = from_value<double>(first[1]);
    return point;
  } else {
    if (first.size() > 1) type_error("a value has one content");
    if (first.empty()) return std::nullopt;
    return from_value<T>(first[0]);
  }
}

}  // namespace

template <class From>
RawValueBox make_raw_value(const From& from, Args& args) {
  const std::string type = args.text("typecode_or_type");
  return with_ctype(type, [&]<class T>() -> RawValueBox {
    const std::optional<T> content = content_in<T>(args);
    return {type, true,
            std::make_shared<TypedRawValue<T>>(content ? from.template RawValue<T>(*content)
                                                       : from.template RawValue<T>())};
  });
}

template <class From>
ValueBox make_value(const From& from, Args& args) {
  const std::string type = args.text("typecode_or_type");
  const GivenLock given = given_lock(args);
  return with_ctype(type, [&]<class T>() -> ValueBox {
    const std::optional<T> content = content_in<T>(args);
    if (given.lock != nullptr) {
      auto value = from.template Value<T>(content.value_or(T()), *given.lock);
      return {type, false, std::make_shared<TypedValue<T, Lock>>(std::move(value), given.lock)};
    }
    if (given.rlock != nullptr) {
      auto value = from.template Value<T>(content.value_or(T()), *given.rlock);
      return {type, true, std::make_shared<TypedValue<T, RLock>>(std::move(value), given.rlock)};
    }
    auto value = content ? from.template Value<T>(*content) : from.template Value<T>();
    return {type, true, std::make_shared<TypedValue<T, RLock>>(std::move(value), nullptr)};
  });
}

template RawValueBox make_raw_value(const Module& from, Args& args);
template RawValueBox make_raw_value(const Context& from, Args& args);
template ValueBox make_value(const Module& from, Args& args);
template ValueBox make_value(const Context& from, Args& args);

ValueBox guard(const RawValueBox& raw, const GivenLock& given) {
  return {raw.type, given.lock == nullptr, raw.content->guarded(given)};
}

}  // namespace mp::conformance
