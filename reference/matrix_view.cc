#include "reference/matrix_view.h"

#include <string>

#include "reference/error.h"

namespace mp {

void matrix_view_internal::check_shape(std::size_t size, std::size_t rows, std::size_t columns) {
  const bool is_table = columns == 0 ? size == 0 : size % columns == 0 && size / columns == rows;
  if (is_table) return;
  throw ValueError(std::to_string(size) + " elements are no table of " + std::to_string(rows) + " rows and " +
                   std::to_string(columns) + " columns");
}

}  // namespace mp
