#include "conformance/adapters/cpp/handles.h"

namespace mp::conformance {

void protocol_error(const std::string& text) { throw Raised(Error{{"ProtocolError", "Exception"}, text, {}}); }

void type_error(const std::string& text) { throw Raised(Error{{"TypeError", "Exception"}, text, {}}); }

Value Handles::keep(Kept object) {
  const std::lock_guard lock(mutex_);
  const auto [found, added] = numbers_.try_emplace({object.type(), object.address()}, last_ + 1);
  if (added) objects_.emplace(++last_, std::move(object));
  return Handle{found->second};
}

Kept Handles::find(Handle handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(handle.number);
  if (found == objects_.end()) protocol_error(std::to_string(handle.number) + " is not a handle of this process");
  return found->second;
}

Kept Handles::drop(Handle handle) {
  Kept object = find(handle);
  const std::lock_guard lock(mutex_);
  objects_.erase(handle.number);
  numbers_.erase({object.type(), object.address()});
  return object;
}

void Handles::clear() {
  std::unordered_map<std::uint64_t, Kept> objects;  // its end is the end of the objects, after the lock's
  const std::lock_guard lock(mutex_);
  objects.swap(objects_);
  numbers_.clear();
}

}  // namespace mp::conformance
