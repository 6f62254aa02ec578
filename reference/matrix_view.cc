#include "reference/matrix_view.h"

#include <string>

#include "reference/error.h"

namespace mp {

void matrix_view_internal::check_shape(std::size_t size, std::size_t rows, std::size_t columns) {
  std::size_t needed;
  if (!__builtin_mul_overflow(rows, columns, &needed) && needed == size) return;
  throw ValueError(std::to_string(size) + " elements are no table of " + std::to_string(rows) + " rows and " +
                   std::to_string(columns) + " columns");
}

}  // namespace mp
