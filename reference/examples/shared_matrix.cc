// Each process writes one row of a matrix that lies in shared memory: nothing is copied, nothing is sent.
#include <algorithm>
#include <iostream>
#include <vector>

#include "reference/matrix_view.h"
#include "reference/process.h"
#include "reference/shared_array.h"

constexpr int kRows = 4;
constexpr int kColumns = 10;

void fill_row(mp::RawArray<double> numbers, int row) {
  const mp::MatrixView<double> matrix(numbers.span(), kRows, kColumns);
  std::ranges::fill(matrix.row(row), row + 1);
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::RawArray<double> numbers(kRows * kColumns);
  std::vector<mp::Process> processes;
  for (int row = 0; row < kRows; ++row) processes.emplace_back(fill_row, numbers, row).start();
  for (mp::Process& process : processes) process.join();
  const mp::MatrixView<double> matrix(numbers.span(), kRows, kColumns);
  for (int row = 0; row < kRows; ++row) {
    for (const double number : matrix[row]) std::cout << number << ' ';
    std::cout << '\n';
  }
}
