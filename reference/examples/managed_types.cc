// One of each kind of data that a manager keeps, changed by a child.
#include <iostream>

#include "reference/manager.h"

void work(mp::ValueProxy x, mp::ArrayProxy array, mp::ListProxy list, mp::DictProxy dict, mp::NamespaceProxy space) {
  x.set(3.14);
  array.set(0, 5);
  list.append("Hello");
  dict["name"] = "xxx";
  space.set("a", 10);
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::SyncManager manager = mp::Manager();
  const mp::ValueProxy x = manager.Value("d", 0.0);
  const mp::ArrayProxy array = manager.Array("i", mp::list(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  const mp::ListProxy list = manager.list();
  const mp::DictProxy dict = manager.dict();
  const mp::NamespaceProxy space = manager.Namespace();

  mp::Process process(work, x, array, list, dict, space);
  process.start();
  process.join();

  std::cout << x.get<double>() << '\n' << array.str() << '\n';
  std::cout << list.str() << '\n' << dict.str() << '\n' << space.get<int>("a") << '\n';
}
