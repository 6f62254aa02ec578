#ifndef CONFORMANCE_ADAPTERS_CPP_HANDLES_H_
#define CONFORMANCE_ADAPTERS_CPP_HANDLES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <utility>

#include "conformance/protocol/value.h"

namespace mp::conformance {

// What an adapter throws to answer with just this error.
struct Raised : std::runtime_error {
  explicit Raised(Error error) : runtime_error(error.text), error(std::move(error)) {}
  Error error;
};

// What it throws to say that the implementation does not have something: answered `unsupported`.
struct NotOffered {
  std::string what;
};

// A request that makes no sense, e.g. of a handle that is none.
[[noreturn]] void protocol_error(const std::string& text);
[[noreturn]] void type_error(const std::string& text);

// An object of the implementation, of any type.
//
// Owns:    a share of the object.
// Shares:  the object, with its copies.
// Threads: as a shared_ptr.
// Blocks:  only where the destructor of the object does.
// Throws:  nothing.
class Kept {
 public:
  template <class T>
  explicit Kept(std::shared_ptr<T> object) : type_(typeid(T)), object_(std::move(object)) {}

  // Null when the object was kept as another type. (As kept, not as made: a Derived kept as a Base is a Base.)
  template <class T>
  std::shared_ptr<T> as() const {
    return type_ == typeid(T) ? std::static_pointer_cast<T>(object_) : nullptr;
  }
  std::type_index type() const { return type_; }
  const void* address() const { return object_.get(); }
  // The same object, with something to be done when the last share that comes from this one is given up.
  Kept with_farewell(std::function<void()> farewell) const {
    Kept kept = *this;
    kept.object_ = std::shared_ptr<void>(object_.get(), [object = object_, farewell = std::move(farewell)](void*) { farewell(); });
    return kept;
  }

 private:
  std::type_index type_;
  std::shared_ptr<void> object_;
};

// The objects of this process that the runner knows, each by one number until it is dropped. Kept as two types it has two.
//
// Owns:    a share of each object.
// Shares:  nothing; each line has its own.
// Threads: every method in any thread.
// Blocks:  never; destructors of objects run outside its lock.
// Throws:  Raised (ProtocolError) for a number that stands for nothing.
class Handles {
 public:
  template <class T>
  Value keep(std::shared_ptr<T> object) {
    return keep(Kept(std::move(object)));
  }
  Value keep(Kept object);
  Kept find(Handle handle) const;
  // The caller has the last word on it: what is returned is not known here any more.
  Kept drop(Handle handle);
  void clear();

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Kept> objects_;
  // By type, too: the first member of an object lies where the object does.
  std::map<std::pair<std::type_index, const void*>, std::uint64_t> numbers_;
  std::uint64_t last_ = 0;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_HANDLES_H_
