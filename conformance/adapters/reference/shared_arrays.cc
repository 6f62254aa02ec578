#include <concepts>
#include <string_view>
#include <vector>

#include "conformance/adapters/reference/shared.h"

namespace mp::conformance {
namespace {

// Elements as they come together: characters as bytes, wide ones as text, all others as a list.
template <class T>
Value value_of_all(const std::vector<T>& elements) {
  if constexpr (std::same_as<T, char>) {
    return Bytes(std::string_view(elements.data(), elements.size()));
  } else if constexpr (std::same_as<T, wchar_t>) {
    std::string text;
    for (const wchar_t element : elements) mp::append_code_point(text, static_cast<char32_t>(element));
    return text;
  } else {
    Values values;
    for (const T& element : elements) values.push_back(value_of(element));
    return List::of(std::move(values));
  }
}

template <class T>
std::vector<T> all_from_value(const Value& value) {
  std::vector<T> elements;
  const auto* bytes = value.as<Bytes>();
  const auto* text = value.as<std::string>();
  if (bytes != nullptr && sizeof(T) == 1) {
    for (const char byte : bytes->data) elements.push_back(static_cast<T>(byte));
  } else if (text != nullptr && std::same_as<T, wchar_t>) {
    for (std::string_view rest = *text; !rest.empty();) elements.push_back(static_cast<T>(mp::take_code_point(rest)));
  } else if (value.is<List>() || value.is<Tuple>()) {
    for (const Value& item : value.items()) elements.push_back(from_value<T>(item));
  } else {
    type_error("not a sequence of such elements: " + printed(value));
  }
  return elements;
}

// What RawArray<T> and Array<T, L> have in common; Base is AnyRawArray or AnyArray.
template <class T, class Object, class Base>
class TypedArrayAccess : public Base {
 public:
  explicit TypedArrayAccess(Object object) : object_(std::move(object)) {}

  std::size_t size() override { return object_.size(); }
  Value get(const Value& index, Handles& handles) override {
    if constexpr (std::same_as<T, Point>) {
      object_.get(index.integer());
      return handles.keep(std::make_shared<PointInside>(PointInside{memory(), index.integer()}));
    } else if (const Slice* slice = index.as<Slice>()) {
      return value_of_all(object_.get(slice_of(*slice)));
    } else {
      return value_of(object_.get(index.integer()));
    }
  }
  void set(const Value& index, const Value& value) override {
    if constexpr (std::same_as<T, Point>) {
      type_error("points are changed by their numbers");
    } else if (const Slice* slice = index.as<Slice>()) {
      object_.set(slice_of(*slice), all_from_value<T>(value));
    } else {
      object_.set(index.integer(), from_value<T>(value));
    }
  }
  Value text() override {
    if constexpr (std::same_as<T, char>) {
      return Bytes(object_.value());
    } else {
      no_attribute("value");
    }
  }
  void set_text([[maybe_unused]] const Value& value) override {
    if constexpr (std::same_as<T, char>) {
      object_.set_value(value.bytes());
    } else {
      no_attribute("value");
    }
  }
  Value bytes() override {
    if constexpr (std::same_as<T, char>) {
      return Bytes(object_.raw());
    } else {
      no_attribute("raw");
    }
  }
  void set_bytes([[maybe_unused]] const Value& value) override {
    if constexpr (std::same_as<T, char>) {
      object_.set_raw(value.bytes());
    } else {
      no_attribute("raw");
    }
  }
  void save(Writer& writer) override { object_.save(writer); }

 protected:
  RawArray<T> memory() {
    if constexpr (std::same_as<Object, RawArray<T>>) {
      return object_;
    } else {
      return object_.get_obj();
    }
  }
  Object object_;
};

template <class T, class L>
class TypedArray : public TypedArrayAccess<T, mp::Array<T, L>, AnyArray> {
 public:
  TypedArray(mp::Array<T, L> object, std::shared_ptr<L> lock)
      : TypedArrayAccess<T, mp::Array<T, L>, AnyArray>(std::move(object)),
        lock_(lock != nullptr ? std::move(lock) : std::make_shared<L>(this->object_.get_lock())) {}
  std::shared_ptr<AnyRawArray> raw() override;
  LockHandle& lock() override { return lock_; }

 private:
  TypedLock<L> lock_;
};

template <class T>
class TypedRawArray : public TypedArrayAccess<T, RawArray<T>, AnyRawArray> {
 public:
  using TypedArrayAccess<T, RawArray<T>, AnyRawArray>::TypedArrayAccess;
  std::shared_ptr<AnyRawArray> copied() override { return std::make_shared<TypedRawArray>(mp::copy(this->object_)); }
  std::shared_ptr<AnyArray> guarded(const GivenLock& given) override {
    if (given.lock != nullptr) {
      return std::make_shared<TypedArray<T, Lock>>(mp::Array<T, Lock>(this->object_, *given.lock), given.lock);
    }
    if (given.rlock != nullptr) {
      return std::make_shared<TypedArray<T, RLock>>(mp::Array<T, RLock>(this->object_, *given.rlock), given.rlock);
    }
    return std::make_shared<TypedArray<T, RLock>>(mp::Array<T>(this->object_), nullptr);
  }
};

template <class T, class L>
std::shared_ptr<AnyRawArray> TypedArray<T, L>::raw() {
  return std::make_shared<TypedRawArray<T>>(this->memory());
}

}  // namespace

std::shared_ptr<AnyRawArray> AnyRawArray::read(const std::string& type, bool, Reader& reader) {
  return with_ctype(type, [&]<class T>() -> std::shared_ptr<AnyRawArray> {
    return std::make_shared<TypedRawArray<T>>(reader.read<RawArray<T>>());
  });
}

std::shared_ptr<AnyArray> AnyArray::read(const std::string& type, bool is_recursive, Reader& reader) {
  return with_ctype(type, [&]<class T>() -> std::shared_ptr<AnyArray> {
    if (is_recursive) return std::make_shared<TypedArray<T, RLock>>(reader.read<mp::Array<T, RLock>>(), nullptr);
    return std::make_shared<TypedArray<T, Lock>>(reader.read<mp::Array<T, Lock>>(), nullptr);
  });
}

namespace {

// Calls make(content), where content is a number of zeros, or the elements.
template <class T, class F>
auto with_content(Args& args, F&& make) {
  const Value& size_or_initializer = args["size_or_initializer"];
  if (const auto* size = size_or_initializer.as<std::int64_t>()) return make(*size);
  if constexpr (std::same_as<T, Point>) {
    type_error("an array of points is made by its size");
  } else {
    return make(all_from_value<T>(size_or_initializer));
  }
}

}  // namespace

template <class From>
RawArrayBox make_raw_array(const From& from, Args& args) {
  const std::string type = args.text("typecode_or_type");
  return with_ctype(type, [&]<class T>() {
    return with_content<T>(args, [&](const auto& content) -> RawArrayBox {
      return {type, true, std::make_shared<TypedRawArray<T>>(from.template RawArray<T>(content))};
    });
  });
}

template <class From>
ArrayBox make_array(const From& from, Args& args) {
  const std::string type = args.text("typecode_or_type");
  const GivenLock given = given_lock(args);
  return with_ctype(type, [&]<class T>() {
    return with_content<T>(args, [&](const auto& content) -> ArrayBox {
      if (given.lock != nullptr) {
        auto array = from.template Array<T>(content, *given.lock);
        return {type, false, std::make_shared<TypedArray<T, Lock>>(std::move(array), given.lock)};
      }
      if (given.rlock != nullptr) {
        auto array = from.template Array<T>(content, *given.rlock);
        return {type, true, std::make_shared<TypedArray<T, RLock>>(std::move(array), given.rlock)};
      }
      return {type, true, std::make_shared<TypedArray<T, RLock>>(from.template Array<T>(content), nullptr)};
    });
  });
}

template RawArrayBox make_raw_array(const Module& from, Args& args);
template RawArrayBox make_raw_array(const Context& from, Args& args);
template ArrayBox make_array(const Module& from, Args& args);
template ArrayBox make_array(const Context& from, Args& args);

ArrayBox guard(const RawArrayBox& raw, const GivenLock& given) {
  return {raw.type, given.lock == nullptr, raw.content->guarded(given)};
}

}  // namespace mp::conformance
