// An own class, served to this process, and one object that all clients of a remote manager share.
#include <iostream>
#include <memory>

#include "reference/managed.h"
#include "reference/manager.h"

struct Maths {
  int add(int x, int y) const { return x + y; }
  int mul(int x, int y) const { return x * y; }

  static mp::Class<Maths> describe() {
    return mp::Class<Maths>("Maths").method("add(x, y)", &Maths::add).method("mul(x, y)", &Maths::mul);
  }
};

// The same queue for every client.
std::shared_ptr<mp::managed::Queue> the_queue() {
  static const auto kQueue = std::make_shared<mp::managed::Queue>();
  return kQueue;
}

// Needs to know no more than an address and a key; it may be a Python program.
void client(mp::Object address) {
  mp::BaseManager manager(mp::address_from(address), {.authkey = "abracadabra"});
  manager.register_type("get_queue");
  manager.connect();
  manager.create<mp::QueueProxy>("get_queue").put("hello");
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::BaseManager manager({"127.0.0.1", 0}, {.authkey = "abracadabra"});
  manager.register_type<Maths>("Maths");
  manager.register_type("get_queue", [] { return the_queue(); });
  manager.start();

  const mp::Proxy maths = manager.create("Maths");
  std::cout << maths.call<int>("add", 4, 3) << '\n' << maths.call<int>("mul", 7, 8) << '\n';

  mp::Process process(client, mp::address_object(manager.address()));
  process.start();
  std::cout << manager.create<mp::QueueProxy>("get_queue").get<std::string>() << '\n';
  process.join();
}
