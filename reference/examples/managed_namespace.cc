// A list in a namespace that a manager keeps: what comes out of the namespace is a copy.
//
// A child that appends to what it got changes its own copy only, and nobody is told (the seed expects to see the change). It has to set the
// attribute again; or the attribute is a list that the manager keeps, too, and then it is changed where it is.
#include <iostream>

#include "reference/manager.h"

mp::Object appended(mp::Object list, mp::Object item) {
  list.edit<mp::List>().push_back(std::move(item));
  return list;
}

void change_copies(mp::NamespaceProxy space) {
  appended(space.get("x"), 1);
  appended(space.get("y"), "x");
}

void set_again(mp::NamespaceProxy space) {
  space.set("x", appended(space.get("x"), 1));
  space.set("y", appended(space.get("y"), "x"));
}

void append_in_place(mp::NamespaceProxy space) { space.get<mp::ListProxy>("x").append(2); }

void run(void (*function)(mp::NamespaceProxy), const mp::NamespaceProxy& space) {
  mp::Process process(function, space);
  process.start();
  process.join();
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::SyncManager manager = mp::Manager();
  const mp::NamespaceProxy space = manager.Namespace({{"x", mp::list()}, {"y", mp::list()}});
  std::cout << "before: " << space.str() << '\n';
  run(change_copies, space);
  std::cout << "copies: " << space.str() << '\n';
  run(set_again, space);
  std::cout << "set again: " << space.str() << '\n';

  const mp::ListProxy kept = manager.list(mp::list(1));
  space.set("x", kept.object());
  run(append_in_place, space);
  std::cout << "a managed list: " << kept.str() << '\n';
}
