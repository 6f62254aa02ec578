// The tasks of a pool share one object, which lives in the process of a manager: here addresses, which are handed out in turn.
//
// The class is registered before the manager is started: its process begins with what is known then. Nobody waits between two tasks, as the seed
// does: the pool has a queue of its own for those that have no worker yet.
#include <iostream>
#include <map>
#include <mutex>
#include <vector>

#include "reference/manager.h"
#include "reference/pool.h"

class ConnectionPool {
 public:
  static mp::Class<ConnectionPool> describe() {
    return mp::Class<ConnectionPool>("ConnectionPool").method("take()", &ConnectionPool::take);
  }
  // Called for many tasks at once.
  std::string take() {
    const std::lock_guard lock(mutex_);
    return "10.0.0." + std::to_string(1 + taken_++ % 3);
  }

 private:
  std::mutex mutex_;
  int taken_ = 0;
};

std::string batch_insert(int batch, mp::Proxy connections) {
  if (batch == 7) throw mp::ValueError("there is no batch 7");
  return connections.call<std::string>("take");
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::BaseManager manager;
  manager.register_type<ConnectionPool>("ConnectionPool");
  manager.start();
  const mp::Proxy connections = manager.create("ConnectionPool");

  std::map<std::string, int> used;
  mp::Pool pool(2);
  for (int batch = 1; batch <= 10; ++batch) {
    pool.apply_async({.callback = [&](const std::string& address) { ++used[address]; },
                      .error_callback = [](const std::exception& error) { std::cout << error.what() << '\n'; }},
                     batch_insert, batch, connections);
  }
  pool.close();
  pool.join();
  for (const auto& [address, times] : used) std::cout << address << ": " << times << " batches\n";
}
