#ifndef REFERENCE_MATRIX_VIEW_H_
#define REFERENCE_MATRIX_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "reference/slice.h"

namespace mp {

namespace matrix_view_internal {
// ValueError unless rows x columns is just that size.
void check_shape(std::size_t size, std::size_t rows, std::size_t columns);
}  // namespace matrix_view_internal

// A row of elements seen as a table, row after row, in place: what `numpy.frombuffer(array).reshape(rows, columns)` is.
//
//   mp::RawArray<double> numbers(rows * 10);
//   mp::MatrixView matrix(numbers.span(), rows, 10);
//   matrix[2][3] = 1.5;   matrix.row(2) is a std::span
//
// Owns:    nothing: whoever made the memory keeps it.
// Shares:  the memory.
// Threads: as a std::span.
// Blocks:  never.
// Throws:  ValueError for a shape that does not fit the size, IndexError.
template <class T>
class MatrixView {
 public:
  class Row {
   public:
    explicit Row(std::span<T> elements) : elements_(elements) {}
    T& operator[](std::int64_t column) const { return elements_[place_of(column, elements_.size())]; }
    operator std::span<T>() const { return elements_; }
    auto begin() const { return elements_.begin(); }
    auto end() const { return elements_.end(); }

   private:
    std::span<T> elements_;
  };

  MatrixView(std::span<T> elements, std::size_t rows, std::size_t columns)
      : elements_(elements), rows_(rows), columns_(columns) {
    matrix_view_internal::check_shape(elements.size(), rows, columns);
  }

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::span<T> elements() const { return elements_; }
  std::span<T> row(std::int64_t index) const { return elements_.subspan(place_of(index, rows_) * columns_, columns_); }
  Row operator[](std::int64_t index) const { return Row(row(index)); }

 private:
  std::span<T> elements_;
  std::size_t rows_;
  std::size_t columns_;
};

}  // namespace mp

#endif  // REFERENCE_MATRIX_VIEW_H_
