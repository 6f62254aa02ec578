// A greeting from another process.
#include <iostream>
#include <string>

#include "reference/multiprocessing.h"

void greet(const std::string& name) { std::cout << "hello " << name << '\n'; }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Process process(greet, "bob");
  process.start();
  process.join();
}
