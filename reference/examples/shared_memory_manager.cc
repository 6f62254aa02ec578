// Work that two processes divide, with what they found in a list of shared memory. The list is the manager's: it is gone with it, and nobody has to
// unlink it.
#include <cstdint>
#include <iostream>
#include <vector>

#include "reference/object.h"
#include "reference/process.h"
#include "reference/shared_memory_manager.h"

void square(mp::ShareableList numbers, int first, int last) {
  for (int i = first; i < last; ++i) numbers.set(i, numbers[i].as<std::int64_t>() * numbers[i].as<std::int64_t>());
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::SharedMemoryManager manager;
  manager.start();
  const mp::ShareableList numbers = manager.ShareableList(std::vector<mp::Object>(2000, 3));
  mp::Process one(square, numbers, 0, 1000), other(square, numbers, 1000, 2000);
  one.start();
  other.start();
  one.join();
  other.join();
  std::int64_t total = 0;
  for (const mp::Object& number : numbers.values()) total += number.as<std::int64_t>();
  std::cout << total << '\n';
}
