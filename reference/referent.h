#ifndef REFERENCE_REFERENT_H_
#define REFERENCE_REFERENT_H_

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include "reference/error.h"
#include "reference/form.h"
#include "reference/object.h"

// What a manager's server keeps for its clients: objects of C++ classes, whose methods are called by name with values.
//
//   struct Maths {
//     int add(int x, int y) { return x + y; }
//     static mp::Class<Maths> describe() { return mp::Class<Maths>("Maths").method("add(x, y)", &Maths::add); }
//   };
namespace mp {

// The arguments of one call, as they came: by place and by name.
struct Arguments {
  List args;
  Dict kwds;
};

// An object of some class, shared.
struct Instantiated {
  std::shared_ptr<void> object;
  std::type_index type = typeid(void);
};

// What a method gave: data, or an object, which a client can only have as a proxy (see method_to_typeid).
struct Result {
  Object value;
  Instantiated object;
};

// A class as the server sees it.
//
// Owns: its functions. Shares: nothing. Threads: constant once made; what it calls runs in many threads at once. Blocks: as they do.
// Throws: what they throw; TypeError for arguments that do not fit.
struct Description {
  using Method = std::function<Result(void* self, const Arguments& arguments)>;

  std::string name;
  std::type_index type = typeid(void);
  std::function<Instantiated(const Arguments& arguments)> make;  // empty: objects of it come only out of methods
  std::map<std::string, Method, std::less<>> methods;
  std::function<std::string(void* self)> repr;
  std::function<Object(void* self)> value;  // empty: it cannot travel
  std::vector<std::string> exposed;         // empty: every method whose name does not begin with '_'
  std::map<std::string, std::string> method_to_typeid;

  std::vector<std::string> public_methods() const;
};

namespace referent_internal {

// "put(item, block, timeout)": the name, and the names by which the parameters may be given.
struct Signature {
  explicit Signature(std::string_view text);
  std::string name;
  std::vector<std::string> parameters;
};

// The arguments by place; nothing for those that are left out. TypeError for too many, unknown and doubled ones.
std::vector<std::optional<Object>> arrange(const Signature& signature, std::size_t count, const Arguments& arguments);
[[noreturn]] void throw_missing(const Signature& signature, std::size_t place);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsShared : std::false_type {};
template <class T>
struct IsShared<std::shared_ptr<T>> : std::true_type {};

template <class P>
P argument(const Signature& signature, const std::vector<std::optional<Object>>& values, std::size_t place) {
  const std::optional<Object>& value = values[place];
  if constexpr (IsOptional<P>::value) {
    using Inner = typename P::value_type;
    if (!value || (!std::same_as<Inner, Object> && value->is_none())) return std::nullopt;
    return value->template as<Inner>();
  } else {
    if (!value) throw_missing(signature, place);
    return value->template as<P>();
  }
}

template <class R>
Result result_of(R&& result) {
  using Plain = std::remove_cvref_t<R>;
  if constexpr (IsShared<Plain>::value) {
    return {Object(), {result, typeid(typename Plain::element_type)}};
  } else {
    return {Object(std::forward<R>(result)), {}};
  }
}

// Calls function(first..., arguments...), where P are the parameters after the first ones.
template <class... P, class F>
Result call(const Signature& signature, const Arguments& arguments, F&& function) {
  const auto run = [&](auto&&... values) -> Result {
    if constexpr (std::is_void_v<decltype(function(std::forward<decltype(values)>(values)...))>) {
      function(std::forward<decltype(values)>(values)...);
      return {};
    } else {
      return result_of(function(std::forward<decltype(values)>(values)...));
    }
  };
  if constexpr (sizeof...(P) == 1 && (std::same_as<std::remove_cvref_t<P>, Arguments> && ...)) {
    return run(arguments);
  } else {
    const auto values = arrange(signature, sizeof...(P), arguments);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return run(argument<std::remove_cvref_t<P>>(signature, values, I)...);
    }(std::index_sequence_for<P...>());
  }
}

template <class T, class R, class... P>
Description::Method bind(Signature signature, R (T::*function)(P...)) {
  return [signature = std::move(signature), function](void* self, const Arguments& arguments) {
    return call<P...>(signature, arguments, [&](auto&&... values) -> R {
      return (static_cast<T*>(self)->*function)(std::forward<decltype(values)>(values)...);
    });
  };
}
template <class T, class R, class... P>
Description::Method bind(Signature signature, R (T::*function)(P...) const) {
  return [signature = std::move(signature), function](void* self, const Arguments& arguments) {
    return call<P...>(signature, arguments, [&](auto&&... values) -> R {
      return (static_cast<const T*>(self)->*function)(std::forward<decltype(values)>(values)...);
    });
  };
}
template <class T, class F, class R, class... P>
Description::Method bind_function(Signature signature, F function, R (F::*)(T&, P...) const) {
  return [signature = std::move(signature), function](void* self, const Arguments& arguments) {
    return call<P...>(signature, arguments, [&](auto&&... values) -> R {
      return function(*static_cast<T*>(self), std::forward<decltype(values)>(values)...);
    });
  };
}

}  // namespace referent_internal

// Describes a class T to a server.
//
// Owns: the description. Shares: nothing. Threads: one. Blocks: never. Throws: ValueError for a signature that cannot be read.
//
// Methods take and give whatever has a place in an Object; std::optional for what may be left out; `const Arguments&` for
// everything. A std::shared_ptr is an object for a proxy. The methods of one object run in many threads at once, as those of Python's do:
// a class brings its own mutex.
template <class T>
class Class {
 public:
  explicit Class(std::string name) {
    about_.name = std::move(name);
    about_.type = typeid(T);
    if constexpr (std::is_default_constructible_v<T>) constructor<>("()");
  }

  // The types, and names, of what an object is made from: constructor<int>("(start)").
  template <class... P>
  Class& constructor(std::string_view signature) {
    about_.make = [signature = referent_internal::Signature(signature)](const Arguments& arguments) {
      return referent_internal::call<P...>(signature, arguments, [](auto&&... values) {
               return std::make_shared<T>(std::forward<decltype(values)>(values)...);
             })
          .object;
    };
    return *this;
  }
  // Objects come only out of methods.
  Class& without_constructor() {
    about_.make = nullptr;
    return *this;
  }
  // A member of T, or a function of T& and the arguments.
  template <class F>
  Class& method(std::string_view text, F function) {
    referent_internal::Signature signature(text);
    const std::string name = signature.name;
    if constexpr (std::is_member_function_pointer_v<F>) {
      about_.methods[name] = referent_internal::bind(std::move(signature), function);
    } else {
      about_.methods[name] = referent_internal::bind_function<T>(std::move(signature), function, &F::operator());
    }
    return *this;
  }
  // What str(proxy) prints.
  template <class F>
  Class& repr(F function) {
    about_.repr = [function](void* self) { return std::invoke(function, *static_cast<T*>(self)); };
    return *this;
  }
  // A copy of it as data, for proxy.getvalue().
  template <class F>
  Class& value(F function) {
    about_.value = [function](void* self) { return Object(std::invoke(function, *static_cast<T*>(self))); };
    return *this;
  }
  // What proxies may call unless the registration says otherwise. Without: all methods whose names do not begin with '_'.
  Class& exposed(std::vector<std::string> names) {
    about_.exposed = std::move(names);
    return *this;
  }
  // The result of that method stays in the server; the client gets a proxy of that typeid.
  Class& returns_proxy(std::string method, std::string type_id) {
    about_.method_to_typeid[std::move(method)] = std::move(type_id);
    return *this;
  }

  Description description() const { return about_; }

 private:
  Description about_;
};

template <class T>
concept Described = requires {
  { T::describe() } -> std::same_as<Class<T>>;
};

}  // namespace mp

#endif  // REFERENCE_REFERENT_H_
