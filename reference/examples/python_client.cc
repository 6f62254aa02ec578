// A manager in C++, and a client in Python that uses its objects as it would those of a manager in Python.
//
// python_client METHOD python_client.py
#include <iostream>
#include <memory>
#include <string>

#include "reference/examples/script.h"
#include "reference/managed.h"
#include "reference/manager.h"

struct Maths {
  int add(int x, int y) const { return x + y; }

  static mp::Class<Maths> describe() { return mp::Class<Maths>("Maths").method("add(x, y)", &Maths::add); }
};

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc != 3) {
    std::cerr << "usage: python_client METHOD python_client.py\n";
    return 2;
  }
  mp::set_start_method(argv[1]);
  mp::SyncManager manager({"127.0.0.1", 0}, {.authkey = "abracadabra"});
  manager.register_type<Maths>("Maths");
  // One dict for all who ask, here and there.
  manager.register_type("board", [] {
    static const auto kBoard = std::make_shared<mp::managed::Dict>();
    return kBoard;
  });
  manager.start();
  const auto board = manager.create<mp::DictProxy>("board");
  board["greeting"] = "hello from C++";

  Script python(argv[2], {std::to_string(manager.address().port())});
  while (const auto line = python.line()) std::cout << *line << '\n';
  std::cout << "C++ reads: " << board["answer"].as<std::string>() << '\n';
}
