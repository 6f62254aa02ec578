// Each worker writes a row of one shared matrix. An array cannot be the argument of a task: workers get it once, from the initializer.
#include <iostream>
#include <numeric>
#include <optional>
#include <vector>

#include "reference/entry.h"
#include "reference/pool.h"
#include "reference/start_method.h"
#include "reference/shared_array.h"

constexpr int kRows = 4;
constexpr int kColumns = 10;

std::optional<mp::RawArray<double>> matrix;  // of this process

void remember(mp::RawArray<double> array) { matrix = std::move(array); }

int fill(int row) {
  for (int column = 0; column < kColumns; ++column) matrix->span()[static_cast<std::size_t>(row * kColumns + column)] = row;
  return row;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::RawArray<double> array(kRows * kColumns);
  mp::Pool pool({.processes = 2, .initializer = mp::PoolInitializer(remember, array)});
  pool.map(fill, std::vector{0, 1, 2, 3});
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) std::cout << array.span()[static_cast<std::size_t>(row * kColumns + column)] << ' ';
    std::cout << '\n';
  }
}
