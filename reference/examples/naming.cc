// Names: one that was given, and one by the place among the children. A child's current_process() has the name of the child; that of
// its parent is parent_process()'s.
#include <iostream>

#include "reference/process.h"

void work() {
  const std::string name = mp::current_process().name();
  std::cout << "Starting " + name + ", a child of " + mp::parent_process()->name() + "\n";
  std::cout << "Exiting " + name + "\n";
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Process with_name({.name = "foo_process"}, work);
  mp::Process with_default_name(work);
  with_name.start();
  with_default_name.start();
}
