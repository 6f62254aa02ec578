// A list whose items lie in shared memory: a child changes them in place. Any process that knows the name of its memory may attach it, a
// Python program too.
#include <iostream>

#include "reference/object.h"
#include "reference/process.h"
#include "reference/shareable_list.h"

void change(mp::ShareableList list) {
  list.set(0, 43);
  list.set(2, "tomorrow");
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::ShareableList list({42, 2.5, "some words"});
  mp::Process process(change, list);
  process.start();
  process.join();
  for (const mp::Object& item : list.values()) std::cout << item.repr() << '\n';
  list.shm().close();
  list.shm().unlink();
}
