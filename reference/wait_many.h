#ifndef REFERENCE_WAIT_MANY_H_
#define REFERENCE_WAIT_MANY_H_

#include <concepts>
#include <initializer_list>
#include <span>
#include <vector>

#include "platform/handle.h"
#include "reference/connection.h"
#include "reference/wait.h"

namespace mp {

// Something that wait() can wait for: a Connection, the sentinel of a Process, a socket of the system.
//
// Owns:    nothing but the number; what it names stays open until the wait is over.
// Shares:  nothing.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  OSError for a closed Connection.
class Waitable {
 public:
  Waitable(const Connection& connection) : native_(connection.fileno()) {}
  template <std::integral T>
  Waitable(T native) : native_(static_cast<platform::NativeHandle>(native)) {}

  platform::NativeHandle native() const { return native_; }
  friend bool operator==(const Waitable&, const Waitable&) = default;

 private:
  platform::NativeHandle native_;
};

// Which of them are ready, as indices, in order.
std::vector<std::size_t> wait_for_indices(std::span<const platform::NativeHandle> natives, Wait timeout);

// [wait.all-ready] Waits until at least one of them is ready, and gives all that are, in the given order: a Connection or socket with
// something to read or a closed other end, a sentinel whose process has ended. [wait.timeout.gives-nothing] Nothing when the timeout
// runs out first. [wait.takes-nothing] They stay ready until what made them ready is read.
//
// Several threads may wait for the same things. OSError for what cannot be waited for.
template <std::convertible_to<Waitable> T>
std::vector<T> wait(const std::vector<T>& objects, Wait timeout = Wait::forever()) {
  std::vector<platform::NativeHandle> natives;
  natives.reserve(objects.size());
  for (const T& object : objects) natives.push_back(Waitable(object).native());
  std::vector<T> ready;
  for (const std::size_t index : wait_for_indices(natives, timeout)) ready.push_back(objects[index]);
  return ready;
}
// wait({connection, process.sentinel()})
inline std::vector<Waitable> wait(std::initializer_list<Waitable> objects, Wait timeout = Wait::forever()) {
  return wait(std::vector<Waitable>(objects), timeout);
}

}  // namespace mp

#endif  // REFERENCE_WAIT_MANY_H_
