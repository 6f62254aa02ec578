#ifndef REFERENCE_TARGET_H_
#define REFERENCE_TARGET_H_

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "reference/codec.h"

namespace mp {

// A function and its arguments, kept until a process calls it: the arguments by value, converted to what the function takes, so
// that nothing refers to the creator's variables.
//
//   a plain function            travels by name
//   a lambda without captures   travels by its type
//   an object with operator()   travels as the codec says
//   a lambda with captures      cannot travel: only a fork, which copies all memory, can call it
//
// The same holds for each argument: what the codec cannot carry is refused by save(), and harmless under fork.
class Target {
 public:
  virtual ~Target() = default;
  virtual void call() = 0;
  // Writes what load_target() needs. Throws PickleError for what cannot travel.
  virtual void save(Writer& writer) const = 0;
};

// Null when a null target was saved.
std::unique_ptr<Target> load_target(Reader& reader);
void save_target(const Target* target, Writer& writer);

namespace target_internal {

using Load = std::unique_ptr<Target> (*)(Reader& reader);

[[noreturn]] void refuse(const std::string& what, const std::type_info& type);

// The parameters of a function, or of a lambda without captures, which is as good as one. Unknown: of anything else.
template <class... P>
struct Parameters {};
struct Unknown {};
template <class R, class... P>
Parameters<P...> parameters_of(R (*)(P...));
template <class R, class... P>
Parameters<P...> parameters_of(R (*)(P...) noexcept);
template <class F>
requires(std::is_class_v<F>&& requires(const F& f) { parameters_of(+f); }) auto parameters_of(const F& f)
    -> decltype(parameters_of(+f));
Unknown parameters_of(...);

// What is kept of an argument: a value of its own, also of what is only shown by a pointer to characters or a view.
template <class T>
struct Keep {
  using type = T;
};
template <>
struct Keep<const char*> {
  using type = std::string;
};
template <>
struct Keep<char*> {
  using type = std::string;
};
template <>
struct Keep<std::string_view> {
  using type = std::string;
};
template <class T>
using Kept = typename Keep<std::decay_t<T>>::type;

// How a kept argument is given to a parameter P: as a copy, so that a second call finds it unchanged, unless it has none.
template <class P, class T>
decltype(auto) pass(T& kept) {
  if constexpr (std::is_pointer_v<std::decay_t<P>> && std::is_same_v<T, std::string>) {
    return kept.data();
  } else if constexpr (std::is_rvalue_reference_v<P> || (!std::is_reference_v<P> && !std::is_copy_constructible_v<T>)) {
    return std::move(kept);
  } else {
    return static_cast<T&>(kept);
  }
}

// A callable F with arguments T. The base of what follows, for parameters that are unknown.
template <class List, class F, class... A>
struct Bound {
  using Arguments = std::tuple<Kept<A>...>;
  static constexpr bool kCopies = std::is_invocable_v<F&, Kept<A>&...>;
  static constexpr bool kFits = kCopies || std::is_invocable_v<F&, Kept<A>...>;
  static void call(F& function, Arguments& arguments) {
    std::apply(
        [&](Kept<A>&... kept) {
          if constexpr (kCopies) {
            static_cast<void>(function(kept...));
          } else {
            static_cast<void>(function(std::move(kept)...));
          }
        },
        arguments);
  }
};
template <class... P, class F, class... A>
requires(sizeof...(P) == sizeof...(A)) struct Bound<Parameters<P...>, F, A...> {
  using Arguments = std::tuple<Kept<P>...>;
  static constexpr bool kFits =
      ((std::is_convertible_v<A, std::decay_t<P>> && std::is_constructible_v<Kept<P>, A>)&&...);
  static void call(F& function, Arguments& arguments) {
    std::apply([&](Kept<P>&... kept) { static_cast<void>(function(pass<P>(kept)...)); }, arguments);
  }
};

template <class F, class Arguments, void (*kInvoke)(F&, Arguments&)>
class Call final : public Target {
 public:
  Call(F function, Arguments arguments) : function_(std::move(function)), arguments_(std::move(arguments)) {}

  void call() override { kInvoke(function_, arguments_); }

  void save(Writer& writer) const override {
    if constexpr (!Encodable<F>) {
      refuse("a function that keeps variables of its creator", typeid(F));
    } else {
      check(std::make_index_sequence<std::tuple_size_v<Arguments>>());
      if constexpr (Encodable<Arguments>) writer(static_cast<Load>(&load), function_, arguments_);
    }
  }

 private:
  static std::unique_ptr<Target> load(Reader& reader) {
    if constexpr (Encodable<F> && Encodable<Arguments>) {
      F function = reader.read<F>();
      return std::make_unique<Call>(std::move(function), reader.read<Arguments>());
    } else {
      return nullptr;
    }
  }

  template <std::size_t... I>
  static void check(std::index_sequence<I...>) {
    (check_argument<std::tuple_element_t<I, Arguments>>(I + 1), ...);
  }
  template <class T>
  static void check_argument(std::size_t place) {
    if constexpr (!Encodable<T>) refuse("argument " + std::to_string(place), typeid(T));
  }

  F function_;
  Arguments arguments_;
};

}  // namespace target_internal

template <class F, class... A>
std::unique_ptr<Target> make_target(F&& function, A&&... arguments) {
  using Function = std::decay_t<F>;
  using Bound =
      target_internal::Bound<decltype(target_internal::parameters_of(std::declval<const Function&>())), Function, A...>;
  static_assert(Bound::kFits, "the function of this process cannot be called with these arguments");
  using Arguments = typename Bound::Arguments;
  return std::make_unique<target_internal::Call<Function, Arguments, &Bound::call>>(
      std::forward<F>(function), Arguments(std::forward<A>(arguments)...));
}

}  // namespace mp

#endif  // REFERENCE_TARGET_H_
