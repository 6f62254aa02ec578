// A library that needs its own start method takes a context, and leaves the choice for the program to the program.
#include <iostream>
#include <string>

#include "reference/context.h"
#include "reference/pool.h"
#include "reference/process.h"
#include "reference/queue.h"

int product(int x, int y) { return x * y; }
void greet(mp::Queue<std::string> words) { words.put("hello"); }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  const mp::Context context = mp::get_context(argc > 1 ? argv[1] : "spawn");
  auto words = context.Queue<std::string>();
  auto process = context.Process(greet, words);
  process.start();
  std::cout << words.get() << '\n';
  process.join();
  mp::Pool pool = context.Pool(2);
  std::cout << pool.apply(product, 6, 7) << '\n';
  std::cout << "the program may still choose: " << (mp::get_start_method(true) ? "no" : "yes") << '\n';
}
