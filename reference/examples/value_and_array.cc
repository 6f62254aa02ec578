// A number and a row of numbers that a child changes and its parent reads.
#include <iostream>
#include <numeric>
#include <vector>

#include "reference/process.h"
#include "reference/shared_array.h"
#include "reference/shared_value.h"

void change(mp::Value<double> number, mp::Array<int> numbers) {
  number.set_value(3.14);
  numbers[0] = 5;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::vector<int> first(10);
  std::iota(first.begin(), first.end(), 0);
  mp::Value<double> number(0.0);
  mp::Array<int> numbers(first);
  mp::Process process(change, number, numbers);
  process.start();
  process.join();
  std::cout << number.value() << '\n';
  for (const int each : numbers.get(mp::Slice{})) std::cout << each << ' ';
  std::cout << '\n';
}
