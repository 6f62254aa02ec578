#ifndef REFERENCE_POOL_CALL_H_
#define REFERENCE_POOL_CALL_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <ranges>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "reference/codec.h"
#include "reference/error.h"
#include "reference/pool_runner.h"
#include "reference/target.h"
#include "reference/worker.h"

// How calls become tasks, and how a worker makes them.
//
//   task     name of perform() | function | number of items | items
//   result   items, one after the other
namespace mp::pool_internal {

// Calls the function with what there is of each argument: as it is if the function takes it so, else given away.
template <class F, class... A>
decltype(auto) call(F& function, A&... arguments) {
  if constexpr (std::is_invocable_v<F&, A&...>) {
    return std::invoke(function, arguments...);
  } else {
    return std::invoke(function, std::move(arguments)...);
  }
}

enum class Spread { kNo, kYes };  // whether an item is the tuple of the arguments

template <Spread kSpread, class F, class T>
decltype(auto) call_item(F& function, T& item) {
  if constexpr (kSpread == Spread::kYes) {
    return std::apply([&](auto&... parts) -> decltype(auto) { return call(function, parts...); }, item);
  } else {
    return call(function, item);
  }
}

// What these calls give; nothing where they cannot be made.
template <class F, class... A>
struct Called {};
template <class F, class... A>
requires std::is_invocable_v<F&, A&...>
struct Called<F, A...> {
  using type = std::decay_t<std::invoke_result_t<F&, A&...>>;
};
template <class F, class... A>
requires(!std::is_invocable_v<F&, A&...> && std::is_invocable_v<F&, A...>) struct Called<F, A...> {
  using type = std::decay_t<std::invoke_result_t<F&, A...>>;
};
template <class F, class T>
struct CalledWithParts {};
template <class F, template <class...> class List, class... A>
struct CalledWithParts<F, List<A...>> : Called<F, A...> {};
template <Spread kSpread, class F, class T>
using ResultOf = typename std::conditional_t<kSpread == Spread::kYes, CalledWithParts<F, T>, Called<F, T>>::type;

template <Spread kSpread, class F, class T>
Stored<ResultOf<kSpread, F, T>> call_and_store(F& function, T& item) {
  if constexpr (std::is_void_v<ResultOf<kSpread, F, T>>) {
    call_item<kSpread>(function, item);
    return Nothing{};
  } else {
    return call_item<kSpread>(function, item);
  }
}

template <class T>
inline constexpr bool kPlain = TravelsAsMemory<T> && !std::is_same_v<T, bool>;

template <class T>
void append(std::vector<std::byte>& bytes, const T& value) {
  static_assert(Encodable<T>, "what goes to a worker, or comes back, must be able to travel: see codec.h");
  if constexpr (kPlain<T>) {
    const auto* begin = reinterpret_cast<const std::byte*>(&value);
    bytes.insert(bytes.end(), begin, begin + sizeof(T));
  } else {
    const std::vector<std::byte> encoded = encode(value);
    bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  }
}

// The function of a task. One that travels by name is looked up once for as long as it comes again.
template <class F>
F read_function(Reader& reader, std::span<const std::byte> bytes) {
  if constexpr (codec_internal::kIsFunction<F>) {
    static thread_local std::vector<std::byte> last;
    static thread_local F found = nullptr;
    if (found != nullptr && bytes.size() >= last.size() && std::memcmp(bytes.data(), last.data(), last.size()) == 0) {
      std::byte skipped[1 + sizeof(platform::CodeName)];
      reader.read_bytes(skipped, last.size());
      return found;
    }
    found = reader.read<F>();
    last.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() - reader.remaining()));
    return found;
  } else {
    return reader.read<F>();
  }
}

// In the worker.
template <Spread kSpread, class F, class T>
void perform(std::span<const std::byte> task, std::vector<std::byte>& results) {
  Reader reader(task);
  F function = read_function<F>(reader, task);
  for (auto left = reader.read<std::uint64_t>(); left > 0; --left) {
    T item = reader.read<T>();
    const auto result = call_and_store<kSpread>(function, item);
    try {
      append(results, result);
    } catch (const std::exception& error) {
      throw MaybeEncodingError(std::string("the result cannot be sent: ") + error.what());
    }
  }
}

// In the pool: the part of a task that all of one job have in common.
template <Spread kSpread, class F, class T>
std::vector<std::byte> beginning(const F& function) {
  static_assert(Encodable<F>, "a pool's workers are other processes: this function cannot travel to them (see target.h)");
  std::vector<std::byte> task;
  worker::begin_task(&perform<kSpread, F, T>, task);
  append(task, function);
  return task;
}

// What makes the tasks of a job.
template <Spread kSpread, class F, class T>
class TaskWriter {
 public:
  explicit TaskWriter(const F& function) : beginning_(beginning<kSpread, F, T>(function)) {}

  // Throws what the codec does.
  template <class Items>
  void write(std::vector<std::byte>& task, const Items& items) const {
    task = beginning_;
    append(task, std::uint64_t{std::ranges::size(items)});
    if constexpr (kPlain<T> && std::ranges::contiguous_range<const Items>) {
      const auto bytes = std::as_bytes(std::span(std::ranges::data(items), std::ranges::size(items)));
      task.insert(task.end(), bytes.begin(), bytes.end());
    } else {
      for (const T& item : items) append(task, item);
    }
  }

 private:
  std::vector<std::byte> beginning_;
};

}  // namespace mp::pool_internal

#endif  // REFERENCE_POOL_CALL_H_
