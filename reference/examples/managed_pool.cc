// A pool in the process of a manager: whoever has its proxy gives it tasks, also a child that could have no pool of its own.
#include <iostream>
#include <vector>

#include "reference/manager.h"

int square(int x) { return x * x; }

// A daemonic process may have no children, so it borrows workers.
void work(mp::PoolProxy pool) {
  const auto result = pool.apply_async<square>(12);
  std::cout << "in a child: " + std::to_string(result.get()) + "\n" << std::flush;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::SyncManager manager = mp::Manager();
  const mp::PoolProxy pool = manager.Pool(2);
  std::cout << "map:";
  for (const int result : pool.map<square>(std::vector{1, 2, 3})) std::cout << ' ' << result;
  std::cout << std::endl;

  mp::Process process({.daemon = true}, work, pool);
  process.start();
  process.join();
}
