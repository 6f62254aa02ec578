// A proxy of a list is used like the list: by place, by slice, and printed.
#include <iostream>

#include "reference/manager.h"

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::SyncManager manager = mp::Manager();
  mp::List squares;
  for (int i = 0; i < 10; ++i) squares.emplace_back(i * i);
  const mp::ListProxy list = manager.list(squares);

  std::cout << list.str() << '\n';
  const std::string repr = list.repr();  // ends with where it is: <ListProxy object, typeid 'list' at 0x5be6ab3a1f1c90d21>
  std::cout << repr.substr(0, repr.rfind(' ')) << '\n';
  std::cout << list.get<int>(4) << ' ' << list.get<int>(-1) << '\n';
  std::cout << mp::Object(list.get(mp::Slice{.start = 2, .stop = 5})).repr() << '\n';
}
