#ifndef CONFORMANCE_HARNESS_OBJECTS_H_
#define CONFORMANCE_HARNESS_OBJECTS_H_

#include <cstdint>
#include <map>
#include <string>

#include "conformance/protocol/value.h"

namespace mp::conformance {

// An object of the implementation, whichever processes know it. A plain value that can be copied; valid within its test.
class Ref {
 public:
  Ref() = default;
  explicit Ref(std::uint64_t id) : id_(id) {}
  std::uint64_t id() const { return id_; }
  operator Value() const { return Handle{id_}; }

 private:
  std::uint64_t id_ = 0;
};

// The handles by which one process knows its objects, and which objects these are.
class HandleMap {
 public:
  void add(Ref ref, Handle handle);
  void drop(Ref ref);
  const std::uint64_t* handle_of(std::uint64_t ref) const;
  const std::uint64_t* ref_of(std::uint64_t handle) const;

 private:
  std::map<std::uint64_t, std::uint64_t> handles_, refs_;
};

// All objects of one testee. Values of a test have Refs as handles, which are the same in every process; values on a line have
// those of its process.
//
// Owns:    the names.
// Shares:  nothing.
// Threads: one.
// Blocks:  never.
// Throws:  Unresolved from to_process(), when the process does not know the object.
class Objects {
 public:
  Value to_process(const HandleMap& handles, const std::string& process, Value value) const;
  // What is new gets a name after the hint, the call that gave it: "Queue(1)", "manager1.list()" give "queue1", "list1".
  Value from_process(HandleMap& handles, Value value, const std::string& hint);
  // Where an object was sent, an object should have arrived, and is the same one; where none did, there is nothing to learn.
  static void adopt(HandleMap& handles, const Value& sent, const Value& arrived);
  // For people: objects by their names.
  std::string named(const Value& value) const;

 private:
  Ref know(HandleMap& handles, Handle handle, const std::string& hint);

  std::map<std::uint64_t, std::string> names_;  // of Refs
  std::map<std::string, int> counts_;           // of names, so that each is new
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_OBJECTS_H_
