// Squares by a process that is told its work through one SimpleQueue and tells its results through another.
#include <iostream>
#include <optional>

#include "reference/process.h"
#include "reference/simple_queue.h"

void square(mp::SimpleQueue<std::optional<int>> numbers, mp::SimpleQueue<int> squares) {
  while (const std::optional<int> number = numbers.get()) squares.put(*number * *number);
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::SimpleQueue<std::optional<int>> numbers;
  mp::SimpleQueue<int> squares;
  mp::Process worker(square, numbers, squares);
  worker.start();
  for (int number = 1; number <= 4; ++number) numbers.put(number);
  numbers.put(std::nullopt);  // nothing comes after it
  worker.join();
  while (!squares.empty()) std::cout << squares.get() << '\n';
}
