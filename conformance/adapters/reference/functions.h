#ifndef CONFORMANCE_ADAPTERS_REFERENCE_FUNCTIONS_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_FUNCTIONS_H_

#include <string>

#include "conformance/adapters/reference/parcel.h"
#include "conformance/protocol/value.h"

namespace mp::conformance {

// What a process of the adapter is asked to do: a function of protocol.md, section 6, and its arguments, packed.
struct Task {
  std::string function;
  Parcel args;    // a tuple
  Parcel kwargs;  // a dict

  template <class Archive>
  void serialize(Archive& archive) {
    archive(function, args, kwargs);
  }
};

// The arguments are those of the request: a list or tuple, and a dict. Throws Raised (TypeError) for others.
Task make_task(const Value& function, const Value& args, const Value& kwargs, const Handles& handles);

// Calls the function in this process. The objects of the arguments live until then, those of the result as long as that.
Parcel run_task(const Task& task);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_FUNCTIONS_H_
