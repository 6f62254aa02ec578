// Four processes square a hundred numbers.
#include <iostream>
#include <numeric>
#include <vector>

#include "reference/entry.h"
#include "reference/pool.h"
#include "reference/start_method.h"

int square(int number) { return number * number; }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::vector<int> inputs(100);
  std::iota(inputs.begin(), inputs.end(), 0);

  mp::Pool pool(4);
  const std::vector<int> outputs = pool.map(square, inputs);
  pool.close();
  pool.join();
  std::cout << "Pool:";
  for (const int output : outputs) std::cout << ' ' << output;
  std::cout << '\n';
}
