#ifndef CONFORMANCE_ADAPTERS_CPP_TOY_H_
#define CONFORMANCE_ADAPTERS_CPP_TOY_H_

#include "conformance/adapters/cpp/kit.h"

namespace mp::conformance {

// The lists of an implementation that has only threads and one class: a queue without processes.
void fill_toy(Adapter& adapter);
Implementer toy_implementer();

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_TOY_H_
