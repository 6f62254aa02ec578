#include "reference/pool_function.h"

#include <mutex>
#include <set>
#include <string>

namespace mp::pool_internal {
namespace {

struct Declared {
  std::mutex mutex;
  std::set<Served, std::less<>> functions;
};

// Before main(), of which nobody knows the order.
Declared& declared() {
  static auto* const kDeclared = new Declared;
  return *kDeclared;
}

}  // namespace

bool declare(Served function) {
  Declared& all = declared();
  const std::lock_guard lock(all.mutex);
  all.functions.insert(function);
  return true;
}

Object name_of(Served function) { return encode(function); }

Served served(const Object& name) {
  const auto* bytes = name.get_if<Bytes>();
  if (bytes == nullptr)
    throw TypeError("a pool of this manager calls functions of its own program, not " + name.brief());
  Served function = nullptr;
  try {
    function = decode<Served>(*bytes);
  } catch (const PickleError& error) {
    throw TypeError(std::string("a pool of this manager calls functions of its own program: ") + error.what());
  }
  Declared& all = declared();
  const std::lock_guard lock(all.mutex);
  if (!all.functions.contains(function)) throw TypeError("that is no function for a pool");
  return function;
}

}  // namespace mp::pool_internal
