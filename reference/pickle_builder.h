#ifndef REFERENCE_PICKLE_BUILDER_H_
#define REFERENCE_PICKLE_BUILDER_H_

#include <cstddef>
#include <cstdint>

#include "reference/object.h"

namespace mp::pickle {

// Makes values part by part, from a stranger's plan that may name the same value many times.
//
// A container is filled in place after the memo has learnt of it, so what the memo gives back later is the filled one. Two rules keep
// this a tree without loops: a container changes no more once it has been put into another (Box::placed), and it is
// never put into itself. Every loop would break one of them. Box::nesting is the depth of what is in there.
//
// A memo makes values that are larger than their pickle. That costs nothing as long as they are shared; what walks or copies
// one whole is rationed, in proportion to the input: a key, for its hash, and once more where it is compared with an equal one. Keys that are not
// equal are not compared (see Object::hash).
//
// Throws: PickleError where a rule would be broken.
class Builder {
 public:
  explicit Builder(std::size_t input_size) : work_left_((std::uint64_t{1} << 16) + 64 * std::uint64_t{input_size}) {}

  // Takes from the ration.
  void spend(std::uint64_t work);

  Object tuple(List items);
  Object list(List items);
  Object frozen_set(List members);
  Object set(List members);
  Object dict(List flat);  // key, value, key, value ...
  Object instance(const Object& callable, const Object& args);

  void append(const Object& container, List items);
  void set_items(const Object& container, List flat);
  void insert(const Object& container, List members);
  void set_state(const Object& instance, const Object& state);

 private:
  void place(const Object& child, object_internal::Box& parent);
  // A container that is about to change.
  object_internal::Box& open(const Object& container);
  // A new one that already holds its parts.
  template <class Container, class Parts>
  Object closed(Container container, const Parts& parts);
  void ration(const Object& key);
  template <class Parts>
  void ration_all(const Parts& parts);
  void ration_entries(const Dict& entries);

  std::uint64_t work_left_;
};

}  // namespace mp::pickle

#endif  // REFERENCE_PICKLE_BUILDER_H_
