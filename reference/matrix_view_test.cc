#include "reference/matrix_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "reference/error.h"

namespace mp {
namespace {

TEST(MatrixViewTest, RowsFollowEachOther) {
  std::array<int, 6> numbers{0, 1, 2, 3, 4, 5};
  const MatrixView<int> matrix(numbers, 2, 3);
  EXPECT_EQ(matrix.rows(), 2u);
  EXPECT_EQ(matrix.columns(), 3u);
  EXPECT_EQ(matrix[0][2], 2);
  EXPECT_EQ(matrix[1][0], 3);
  EXPECT_EQ(matrix[-1][-1], 5);
}

TEST(MatrixViewTest, ChangesTheElementsInPlace) {
  std::array<int, 6> numbers{};
  const MatrixView<int> matrix(numbers, 3, 2);
  std::ranges::fill(matrix.row(1), 7);
  matrix[2][0] = 8;
  EXPECT_EQ(numbers, (std::array<int, 6>{0, 0, 7, 7, 8, 0}));
}

TEST(MatrixViewTest, AShapeThatDoesNotFitIsAValueError) {
  std::array<int, 6> numbers{};
  EXPECT_THROW(MatrixView<int>(numbers, 2, 2), ValueError);
  EXPECT_THROW(MatrixView<int>(numbers, 4, 2), ValueError);
  EXPECT_THROW(MatrixView<int>(numbers, std::numeric_limits<std::size_t>::max(), 2), ValueError);
}

TEST(MatrixViewTest, OutsideIsAnIndexError) {
  std::array<int, 6> numbers{};
  const MatrixView<int> matrix(numbers, 2, 3);
  EXPECT_THROW(matrix.row(2), IndexError);
  EXPECT_THROW(matrix[0][3], IndexError);
  EXPECT_THROW(matrix[-3], IndexError);
}

}  // namespace
}  // namespace mp
