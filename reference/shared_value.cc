#include "reference/shared_value.h"

#include "reference/error.h"

namespace mp {

void shared_value_internal::throw_other_type() {
  throw PickleError("the bytes hold a value of another type than the one asked for");
}

}  // namespace mp
