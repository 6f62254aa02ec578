#ifndef REFERENCE_POOL_FUNCTION_H_
#define REFERENCE_POOL_FUNCTION_H_

#include <functional>
#include <type_traits>
#include <utility>

#include "reference/codec.h"
#include "reference/error.h"
#include "reference/object.h"
#include "reference/referent.h"

// Functions of this program that a client may have called in a pool of a manager. A client cannot have others called, whatever he sends: which
// ones there are is known when the program begins, from the calls of PoolProxy that it contains.
namespace mp::pool_internal {

// A function as all of them look from outside.
using Served = Object (*)(const List& arguments);

bool declare(Served function);
// What name_of() gave, in this program or in another run of it. TypeError for anything else.
Served served(const Object& name);
Object name_of(Served function);

template <class R, class... P>
Object call_with(R (*function)(P...), const List& arguments) {
  static const referent_internal::Signature kSignature("the function()");
  Result result = referent_internal::call<P...>(kSignature, Arguments{arguments, {}}, [&](auto&&... values) -> R {
    return function(std::forward<decltype(values)>(values)...);
  });
  if (result.object.object != nullptr) throw MaybeEncodingError("the result of a task has to be data");
  return std::move(result.value);
}

template <class R, class... P>
R result_of(R (*)(P...));

template <auto kFunction>
struct PoolFunction {
  using R = decltype(result_of(+kFunction));
  static Object call(const List& arguments) { return call_with(+kFunction, arguments); }
  static Object name() { return kDeclared ? name_of(&call) : Object(); }

 private:
  static inline const bool kDeclared = declare(&call);
};

}  // namespace mp::pool_internal

#endif  // REFERENCE_POOL_FUNCTION_H_
