#ifndef CONFORMANCE_SUITES_START_METHOD_MOMENTS_H_
#define CONFORMANCE_SUITES_START_METHOD_MOMENTS_H_

#include <string>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// Back to the state in which no start method is set: the adapter has set one.
void unset_start_method(Caller& caller);

// The first of the list.
Value default_method(Caller& caller);

// A method of the list that is not this one; this one where there is no other, as on Windows.
Value another_method(Caller& caller, const std::string& than);

// A process that does nothing has run, from the module or from the context.
void run_a_process(Caller& caller, Ref process);

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_START_METHOD_MOMENTS_H_
