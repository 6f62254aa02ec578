// How many primes are there up to a million? A pool counts in five ranges; once the main process waits, once it does something else meanwhile.
#include <algorithm>
#include <iostream>
#include <numeric>
#include <utility>
#include <vector>

#include "reference/entry.h"
#include "reference/pool.h"
#include "reference/start_method.h"

constexpr int kCheckNumbers = 1'000'000;

bool is_prime(int number) {
  for (int divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return true;
}

int count(int begin, int end) {
  int total = 0;
  for (int number = begin; number < end; ++number) total += is_prime(number) ? 1 : 0;
  return total;
}

// All numbers from `begin` to the last one before `end`, in `parts` ranges and one for the rest.
std::vector<std::pair<int, int>> divide(int begin, int end, int parts) {
  const int step = (end - begin) / parts;
  std::vector<std::pair<int, int>> ranges;
  for (; begin < end; begin += step) ranges.emplace_back(begin, std::min(begin + step, end));
  return ranges;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const auto ranges = divide(2, kCheckNumbers + 1, 4);
  {
    mp::Pool pool(4);
    const auto totals = pool.starmap(count, ranges);
    std::cout << "starmap: " << std::accumulate(totals.begin(), totals.end(), 0) << '\n';
  }
  mp::Pool pool(4);
  const auto result = pool.starmap_async(count, ranges);
  pool.close();
  std::cout << "something else\n";
  pool.join();
  const auto totals = result.get();
  std::cout << "starmap_async: " << std::accumulate(totals.begin(), totals.end(), 0) << '\n';
}
