// A dict and a list that live in a server process; children change them through their proxies.
#include <iostream>

#include "reference/manager.h"

void work(mp::DictProxy dict, mp::ListProxy list, mp::NamespaceProxy space) {
  dict[1] = "1";
  dict["2"] = 2;
  dict[0.25] = nullptr;
  list.reverse();
  // What came out of the namespace is a copy: it has to be set again.
  mp::Object numbers = space.get("numbers");
  numbers.edit<mp::List>().push_back(4);
  space.set("numbers", numbers);
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::SyncManager manager = mp::Manager();
  const mp::DictProxy dict = manager.dict();
  const mp::ListProxy list = manager.list(mp::list(0, 1, 2, 3, 4));
  const mp::NamespaceProxy space = manager.Namespace({{"numbers", mp::list(1, 2, 3)}});

  mp::Process process(work, dict, list, space);
  process.start();
  process.join();

  std::cout << dict.str() << '\n' << list.str() << '\n' << space.str() << '\n';
}
