// A queue that holds five items at most, filled by two processes one after the other.
#include <iostream>
#include <vector>

#include "reference/error.h"
#include "reference/process.h"
#include "reference/queue.h"

using Rows = mp::Queue<std::vector<int>>;

void fill(Rows queue, int i) { queue.put({1 * i, 2 * i, 3 * i}); }

void print_row(const std::vector<int>& row) { std::cout << row[0] << ' ' << row[1] << ' ' << row[2] << '\n'; }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  Rows queue(5);
  for (int i = 1; i <= 2; ++i) {
    mp::Process process(fill, queue, i);
    process.start();
    process.join();  // the queue has room for the item, so the child need not wait for a reader
  }
  std::cout << queue.qsize() << " items\n";
  print_row(queue.get());
  print_row(queue.get());
  std::cout << queue.qsize() << " items\n";
  try {
    queue.get_nowait();
  } catch (const mp::Empty&) {
    std::cout << "nothing more\n";
  }
}
