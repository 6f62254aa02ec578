// A matrix in named shared memory: C++ fills it, numpy in a Python process doubles it in place, C++ sees the result. Nothing is copied.
//
// numpy_matrix METHOD SCRIPT: runs the script with the interpreter of $PYTHON, by default python3.
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>

#include "reference/entry.h"
#include "reference/matrix_view.h"
#include "reference/shared_memory.h"

constexpr int kRows = 2;
constexpr int kColumns = 3;

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc < 3) {
    std::cerr << "usage: numpy_matrix METHOD numpy_matrix.py\n";
    return 2;
  }
  mp::SharedMemory block({.create = true, .size = kRows * kColumns * sizeof(double)});
  const std::span numbers(reinterpret_cast<double*>(block.buf().data()), kRows * kColumns);
  const mp::MatrixView<double> matrix(numbers, kRows, kColumns);
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) matrix[row][column] = 10 * row + column;
  }
  const char* python = std::getenv("PYTHON");
  const std::string command = std::string(python == nullptr ? "python3" : python) + " " + argv[2] + " " + block.name() + " " +
                              std::to_string(kRows) + " " + std::to_string(kColumns);
  const int status = std::system(command.c_str());
  for (int row = 0; row < kRows; ++row) {
    for (const double number : matrix[row]) std::cout << number << ' ';
    std::cout << '\n';
  }
  block.unlink();
  return status == 0 ? 0 : 1;
}
