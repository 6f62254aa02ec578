#ifndef REFERENCE_EXCEPTION_H_
#define REFERENCE_EXCEPTION_H_

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "reference/error.h"
#include "reference/object.h"

// Exceptions on their way to other programs: an exception of Python is an Object, the recipe by which Python makes it.
namespace mp {

// An exception of which more is known than a text: KeyError has the key itself.
//
// Owns: the Object. Shares: nothing. Threads: as a plain value. Blocks: never. Throws: nothing.
class ObjectError : public Error {
 public:
  explicit ObjectError(Object exception);
  std::vector<std::string_view> names() const override;
  const Object& exception() const { return exception_; }

 private:
  Object exception_;
};

// builtins.ValueError("text"), queue.Empty() ... for a class of ours; for others the builtin one that comes nearest.
Object exception_object(const std::exception& error);
// That class of `module` with these arguments.
Object exception_object(std::string_view module, std::string_view name, List args);

// Throws our class of the same name, with the text that Python would print. RemoteError for what is none or has no class here.
[[noreturn]] void raise_object(const Object& exception);

}  // namespace mp

#endif  // REFERENCE_EXCEPTION_H_
