// The same with threads: the function may keep variables of its creator.
#include <atomic>
#include <iostream>
#include <vector>

#include "reference/entry.h"
#include "reference/start_method.h"
#include "reference/thread_pool.h"

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::atomic<int> calls = 0;
  mp::ThreadPool pool(4);
  const auto squares = pool.map(
      [&calls](int x) {
        ++calls;
        return x * x;
      },
      std::vector{1, 2, 3, 4});
  for (std::size_t i = 0; i < squares.size(); ++i) std::cout << (i == 0 ? "" : " ") << squares[i];
  std::cout << "\ncalls: " << calls << '\n';
}
