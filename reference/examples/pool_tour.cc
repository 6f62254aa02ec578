// The tour of the documentation: all ways to give a pool something to do.
#include <chrono>
#include <iostream>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "reference/entry.h"
#include "reference/error.h"
#include "reference/pool.h"
#include "reference/start_method.h"
#include "reference/process.h"

// (std::views::iota does not compile with clang 14 on libstdc++ 12.)
std::vector<int> range(int begin, int end) {
  std::vector<int> numbers(static_cast<std::size_t>(end - begin));
  std::iota(numbers.begin(), numbers.end(), begin);
  return numbers;
}

using namespace std::chrono_literals;

int square(int x) { return x * x; }
std::int64_t pid() { return *mp::current_process().pid(); }
void sleep_for_long() { std::this_thread::sleep_for(1h); }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Pool pool(4);

  std::cout << "map:";
  for (const int result : pool.map(square, range(0, 10))) std::cout << ' ' << result;
  std::cout << "\nimap:";
  for (const int result : pool.imap(square, range(0, 10))) std::cout << ' ' << result;
  std::cout << "\nimap_unordered:";
  std::multiset<int> results;
  for (const int result : pool.imap_unordered(square, range(0, 10))) results.insert(result);
  for (const int result : results) std::cout << ' ' << result;

  std::cout << "\napply_async: " << pool.apply_async(square, 20).get(10s);
  std::cout << "\nin another process: " << (pool.apply(pid) != pid() ? "yes" : "no") << '\n';

  const auto late = pool.apply_async(sleep_for_long);
  try {
    late.get(100ms);
  } catch (const mp::TimeoutError&) {
    std::cout << "no result so far\n";
  }
  std::cout << "ready: " << late.ready() << '\n';
}  // leaving terminates the pool
