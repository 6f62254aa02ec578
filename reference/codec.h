#ifndef REFERENCE_CODEC_H_
#define REFERENCE_CODEC_H_

#include <array>
#include <atomic>
#include <cereal/cereal.hpp>
#include <cereal/types/base_class.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/list.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/unordered_map.hpp>
#include <cereal/types/unordered_set.hpp>
#include <cereal/types/variant.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/code.h"
#include "platform/handle.h"
#include "platform/message.h"

// One program talking to itself: values become bytes, and the handles that belong to them, and values again.
//
//   plain memory   trivially copyable types (numbers, structs of numbers)
//   names          pointers to functions: the child is the same program, see platform/code.h
//   cereal         everything else: the standard containers, and classes with cereal's serialize(), or save() and load()
//
// A class that stands for something shared (a queue, a lock) carries system handles:
//
//   class Queue {
//     explicit Queue(Undecoded);       // an empty shell, which only load() and the destructor may touch
//     void save(Writer& writer) const { writer.attach(region_.handle()); }
//     void load(Reader& reader) { region_ = Region::adopt(reader.detach()); }
//
// The bytes are the memory of this build of this program: never store them, never send them to another program (see pickle.h).
namespace mp {

class Writer;
class Reader;

// Makes an object that load() is about to fill. A class whose default constructor would create something real (a queue, a
// lock) has a constructor from this.
struct Undecoded {};

namespace codec_internal {

template <class T>
concept OwnMembers = requires(T& value, Writer& writer, Reader& reader) {
  value.serialize(writer);
  value.serialize(reader);
}
|| requires(const T& constant, T& value, Writer& writer, Reader& reader) {
  constant.save(writer);
  value.load(reader);
};

// A trivially copyable class that is a lambda with captures, or that holds references, can be copied but not assigned: its memory
// means nothing elsewhere. So do pointers and views.
template <class T>
struct IsMemory : std::bool_constant<std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::is_array_v<T> &&
                                     !std::is_null_pointer_v<T> && !std::is_member_pointer_v<T> &&
                                     (std::is_copy_assignable_v<T> || std::is_empty_v<T>)&&!OwnMembers<T>> {};
template <class T>
struct IsMemory<std::optional<T>>
    : std::bool_constant<IsMemory<T>::value && std::is_trivially_copyable_v<std::optional<T>>> {};
template <class... T>
struct IsMemory<std::variant<T...>>
    : std::bool_constant<(IsMemory<T>::value && ...) && std::is_trivially_copyable_v<std::variant<T...>>> {};
template <class T, std::size_t N>
struct IsMemory<std::array<T, N>> : IsMemory<T> {};
template <class A, class B>
struct IsMemory<std::pair<A, B>> : std::false_type {};
template <class... T>
struct IsMemory<std::tuple<T...>> : std::false_type {};
template <class T, class Traits>
struct IsMemory<std::basic_string_view<T, Traits>> : std::false_type {};
template <class T, std::size_t N>
struct IsMemory<std::span<T, N>> : std::false_type {};
template <class T>
struct IsMemory<std::reference_wrapper<T>> : std::false_type {};
template <class T>
struct IsMemory<cereal::BinaryData<T>> : std::false_type {};
template <class T>
struct IsMemory<cereal::base_class<T>> : std::false_type {};
template <class T>
struct IsMemory<cereal::virtual_base_class<T>> : std::false_type {};
template <class T>
struct IsMemory<cereal::DeferredData<T>> : std::false_type {};

template <class T>
inline constexpr bool kIsFunction = std::is_pointer_v<T>&& std::is_function_v<std::remove_pointer_t<T>>;

template <class T>
inline constexpr bool kIsVector = false;
template <class T, class A>
inline constexpr bool kIsVector<std::vector<T, A>> = true;
template <class T>
inline constexpr bool kIsString = false;
template <class C, class T, class A>
inline constexpr bool kIsString<std::basic_string<C, T, A>> = true;
template <class T>
inline constexpr bool kIsArray = false;
template <class T, std::size_t N>
inline constexpr bool kIsArray<std::array<T, N>> = true;
template <class T>
inline constexpr bool kIsTuple = false;
template <class... T>
inline constexpr bool kIsTuple<std::tuple<T...>> = true;
template <class A, class B>
inline constexpr bool kIsTuple<std::pair<A, B>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

}  // namespace codec_internal

// Types whose memory is their encoding. Those who have their own way to ship memory (a ring) may copy it without a Writer.
template <class T>
concept TravelsAsMemory = codec_internal::IsMemory<std::remove_cv_t<T>>::value;

// Takes values apart. See encode() and encode_message().
//
// Owns:    the bytes written so far and the handles attached, and what save() has done elsewhere for them to travel.
// Shares:  nothing; take() gives all away.
// Threads: one.
// Blocks:  never.
// Throws:  PickleError for a value that cannot travel, RuntimeError for a handle where none can.
class Writer : public cereal::OutputArchive<Writer> {
 public:
  enum class Handles { kAllowed, kRefused };

  explicit Writer(Handles handles = Handles::kAllowed) : OutputArchive(this), handles_(handles) {}
  ~Writer() {
    if (!undo_.empty()) discard();
  }

  template <class... T>
  Writer& operator()(T&&... values) {
    (write(values), ...);
    return *this;
  }
  template <class T>
  Writer& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  Writer& operator<<(T&& value) {
    return (*this)(value);
  }

  // An empty handle (of an object that needs none on this system) arrives as an empty one.
  void attach(platform::Handle handle);
  // For what many values of one message have in common, such as the memory that they lie in: the first one that asks about
  // a thing writes it, all of them write its number.
  struct Common {
    std::uint32_t number;
    bool is_first;
  };
  Common share(std::shared_ptr<const void> thing);
  void write_bytes(const void* data, std::size_t size) {
    if (size == 0) return;
    const std::size_t place = message_.bytes.size();
    message_.bytes.resize(place + size);
    std::memcpy(message_.bytes.data() + place, data, size);
  }
  void reserve(std::size_t size) { message_.bytes.reserve(size); }
  // For save() of what is counted elsewhere, as a proxy that takes a reference for its way: how to give it back if the message does not travel. It
  // runs at the end of the writer, unless that was told of shipped(), and what it throws is dropped.
  void on_discard(std::function<void()> undo) { undo_.push_back(std::move(undo)); }
  // The message is on its way.
  void shipped() { undo_.clear(); }

  std::span<const std::byte> bytes() const { return message_.bytes; }
  platform::Message take() { return std::move(message_); }

 private:
  template <class T>
  void write(const T& value);
  void write_size(std::uint64_t size) { write_bytes(&size, sizeof(size)); }
  void write_function(platform::Code code);
  void discard() noexcept;

  platform::Message message_;
  Handles handles_;
  std::vector<std::shared_ptr<const void>> common_;  // kept, so that no later thing can have the address of an earlier one
  std::vector<std::function<void()>> undo_;
};

// Puts values together again. See decode().
//
// Owns:    the handles not yet detached; the bytes belong to the caller, who keeps them until the end.
// Shares:  nothing.
// Threads: one.
// Blocks:  never.
// Throws:  PickleError when the bytes end too early or cannot be what was asked for. No claim inside the bytes makes it
//          reserve much more memory than the bytes themselves take.
class Reader : public cereal::InputArchive<Reader> {
 public:
  // With `stays` the bytes will be read again: what only one reading may use up stays with them, and *stays says so.
  explicit Reader(std::span<const std::byte> bytes, std::vector<platform::Handle> handles = {}, std::atomic<bool>* stays = nullptr)
      : InputArchive(this), bytes_(bytes), handles_(std::move(handles)), stays_(stays) {}

  template <class... T>
  Reader& operator()(T&&... values) {
    (fill(values), ...);
    return *this;
  }
  template <class T>
  Reader& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  Reader& operator>>(T&& value) {
    return (*this)(value);
  }

  // The next value, made without a default one first where it can be avoided.
  template <class T>
  T read();
  // The next handle, in the order in which they were attached.
  platform::Handle detach();
  // For load() of what travels with something that is counted elsewhere, as a proxy with a reference in nobody's name: whether this reading takes
  // it over. If not, a later one does.
  bool uses_up() {
    if (stays_ != nullptr) stays_->store(true, std::memory_order_relaxed);
    return stays_ == nullptr;
  }
  // What values of this message have in common: empty until the first one that reads the number has put it there.
  std::shared_ptr<void>& common(std::uint32_t number);
  void read_bytes(void* data, std::size_t size);
  // A number of elements of which each takes at least `least` bytes: checked against what is left.
  std::uint64_t read_size(std::size_t least = 1);
  std::size_t remaining() const { return bytes_.size(); }
  // Nothing may be left over, neither bytes nor handles.
  void finish() const;

 private:
  template <class T>
  void fill(T&& value);
  template <class T>
  T make();
  platform::Code read_function();

  std::span<const std::byte> bytes_;
  std::vector<platform::Handle> handles_;
  std::size_t next_handle_ = 0;
  std::atomic<bool>* stays_;
  std::vector<std::shared_ptr<void>> common_;
};

// cereal's own building blocks, as every archive has to say what they are in its format.
template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(Writer& writer, const T& value) { writer.write_bytes(&value, sizeof(value)); }
template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(Reader& reader, T& value) { value = reader.read<T>(); }
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(Writer& writer, const cereal::BinaryData<T>& data) {
  writer.write_bytes(data.data, data.size);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(Reader& reader, cereal::BinaryData<T>& data) {
  reader.read_bytes(data.data, data.size);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(Writer& writer, const cereal::NameValuePair<T>& pair) {
  writer(pair.value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(Reader& reader, cereal::NameValuePair<T>& pair) {
  reader(pair.value);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(Writer& writer, const cereal::SizeTag<T>& tag) {
  const std::uint64_t size = tag.size;
  writer.write_bytes(&size, sizeof(size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(Reader& reader, cereal::SizeTag<T>& tag) {
  tag.size = static_cast<std::remove_reference_t<T>>(reader.read_size());
}

namespace codec_internal {

template <class T>
struct CanTravel;

// A class template without members of its own for the codec (a container) can travel if what it is made of can.
// Its policies (allocators, hashes, tags) do not travel with it.
template <class T>
constexpr bool part_can_travel() {
  if constexpr (!requires { sizeof(T); }) {
    return true;
  } else {
    return std::is_empty_v<T> || CanTravel<T>::value;
  }
}
template <class T>
struct PartsCanTravel : std::true_type {};
template <template <class...> class C, class... T>
struct PartsCanTravel<C<T...>> : std::bool_constant<(part_can_travel<T>() && ...)> {};

// cereal counts the ways to serialise a type, and there has to be exactly one.
template <class T>
inline constexpr bool kCerealCan =
    cereal::traits::is_output_serializable<T, Writer>::value&& cereal::traits::is_input_serializable<T, Reader>::value;

template <class T>
constexpr bool can_travel() {
  if constexpr (!std::is_object_v<T> || std::is_array_v<T>) {
    return false;
  } else if constexpr (TravelsAsMemory<T> || kIsFunction<T>) {
    return true;
  } else if constexpr (std::is_pointer_v<T>) {
    return false;
  } else if constexpr (kIsArray<T>) {
    return CanTravel<typename T::value_type>::value;
  } else if constexpr (kIsVector<T> || kIsString<T> || kIsTuple<T> || kIsOptional<T>) {
    return PartsCanTravel<T>::value;
  } else if constexpr (OwnMembers<T>) {
    return true;
  } else {
    return kCerealCan<T> && PartsCanTravel<T>::value;
  }
}

template <class T>
struct CanTravel : std::bool_constant<can_travel<T>()> {};

}  // namespace codec_internal

// What can be an argument of a process that does not begin as a copy of its parent, or an item of a queue. A class that
// holds something that cannot is found when its serialize() is compiled.
template <class T>
concept Encodable = codec_internal::CanTravel<std::remove_cvref_t<T>>::value;

// The bytes of a value, for a road on which no handles can travel. They have to travel, see Writer::on_discard().
template <Encodable T>
std::vector<std::byte> encode(const T& value) {
  if constexpr (TravelsAsMemory<T>) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    return {bytes, bytes + sizeof(T)};
  } else {
    Writer writer(Writer::Handles::kRefused);
    writer(value);
    writer.shipped();
    return writer.take().bytes;
  }
}

// The bytes and handles of values, in this order. Likewise.
template <Encodable... T>
platform::Message encode_message(const T&... values) {
  Writer writer;
  writer(values...);
  writer.shipped();
  return writer.take();
}

namespace codec_internal {
// Whatever else is thrown when bytes are not what they should be becomes a PickleError.
[[noreturn]] void rethrow_as_pickle_error();
}  // namespace codec_internal

// The value of which these are all the bytes. T is what was encoded, exactly; several values are a tuple of them.
template <Encodable T>
T decode(Reader& reader) {
  try {
    T value = reader.read<T>();
    reader.finish();
    return value;
  } catch (...) {
    codec_internal::rethrow_as_pickle_error();
  }
}
template <Encodable T>
T decode(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  return decode<T>(reader);
}
template <Encodable T>
T decode(platform::Message message) {
  Reader reader(message.bytes, std::move(message.handles));
  return decode<T>(reader);
}

template <class T>
void Writer::write(const T& value) {
  using codec_internal::kIsArray, codec_internal::kIsFunction, codec_internal::kIsOptional, codec_internal::kIsString,
      codec_internal::kIsTuple, codec_internal::kIsVector;
  if constexpr (TravelsAsMemory<T>) {
    write_bytes(&value, sizeof(T));
  } else if constexpr (kIsFunction<T>) {
    write_function(reinterpret_cast<platform::Code>(value));
  } else if constexpr (kIsString<T> || kIsVector<T>) {
    using Element = typename T::value_type;
    write_size(value.size());
    if constexpr (TravelsAsMemory<Element> && !std::is_same_v<Element, bool>) {
      write_bytes(value.data(), value.size() * sizeof(Element));
    } else {
      for (const Element& element : value) write(element);
    }
  } else if constexpr (kIsArray<T>) {
    for (const auto& element : value) write(element);
  } else if constexpr (kIsTuple<T>) {
    std::apply([this](const auto&... parts) { (this->write(parts), ...); }, value);
  } else if constexpr (kIsOptional<T>) {
    write(value.has_value());
    if (value) write(*value);
  } else {
    OutputArchive::operator()(value);
  }
}

template <class T>
T Reader::make() {
  if constexpr (std::is_constructible_v<T, Undecoded>) {
    return T(Undecoded{});
  } else {
    static_assert(std::is_default_constructible_v<T>,
                  "a type that is decoded needs a default constructor, or one from mp::Undecoded");
    return T();
  }
}

template <class T>
T Reader::read() {
  using codec_internal::kIsArray, codec_internal::kIsFunction, codec_internal::kIsOptional, codec_internal::kIsString,
      codec_internal::kIsTuple, codec_internal::kIsVector;
  if constexpr (std::is_same_v<T, bool>) {
    return read<unsigned char>() != 0;
  } else if constexpr (TravelsAsMemory<T>) {
    alignas(T) std::byte memory[sizeof(T)];
    read_bytes(memory, sizeof(T));
    return *std::launder(reinterpret_cast<T*>(memory));
  } else if constexpr (kIsFunction<T>) {
    return reinterpret_cast<T>(read_function());
  } else if constexpr (kIsString<T> || kIsVector<T>) {
    using Element = typename T::value_type;
    T value;
    if constexpr (TravelsAsMemory<Element> && !std::is_same_v<Element, bool>) {
      const std::uint64_t size = read_size(sizeof(Element));
      if constexpr (std::is_default_constructible_v<Element>) {
        value.resize(size);
        read_bytes(value.data(), size * sizeof(Element));
      } else {
        value.reserve(size);
        for (std::uint64_t i = 0; i < size; ++i) value.push_back(read<Element>());
      }
    } else {
      for (std::uint64_t left = read_size(); left > 0; --left) value.push_back(read<Element>());
    }
    return value;
  } else if constexpr (kIsArray<T>) {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return T{((void)I, this->template read<typename T::value_type>())...};
    }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (kIsTuple<T>) {
    // Braces: the parts are read from left to right.
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return T{this->template read<std::tuple_element_t<I, T>>()...};
    }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (kIsOptional<T>) {
    if (!read<bool>()) return std::nullopt;
    return T(read<typename T::value_type>());
  } else {
    T value = make<T>();
    InputArchive::operator()(value);
    return value;
  }
}

template <class T>
void Reader::fill(T&& value) {
  using codec_internal::kIsArray, codec_internal::kIsFunction, codec_internal::kIsOptional, codec_internal::kIsString,
      codec_internal::kIsTuple, codec_internal::kIsVector;
  using Value = std::remove_cvref_t<T>;
  if constexpr (TravelsAsMemory<Value> || kIsFunction<Value> || kIsString<Value> || kIsVector<Value> ||
                kIsArray<Value> || kIsTuple<Value> || kIsOptional<Value>) {
    value = read<Value>();
  } else {
    InputArchive::operator()(std::forward<T>(value));
  }
}

}  // namespace mp

CEREAL_REGISTER_ARCHIVE(mp::Writer)
CEREAL_REGISTER_ARCHIVE(mp::Reader)
CEREAL_SETUP_ARCHIVE_TRAITS(mp::Reader, mp::Writer)

#endif  // REFERENCE_CODEC_H_
