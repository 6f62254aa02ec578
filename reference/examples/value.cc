// Ten processes add to one shared number, ten times each.
//
// The lock of a value guards each read and each write, not the two together: `value.set_value(value.value() + 1)` by itself loses
// what another process adds in between. So the lock is held around both; it is a recursive one, so they may take it again.
#include <iostream>
#include <mutex>
#include <vector>

#include "reference/process.h"
#include "reference/shared_value.h"

void with_get_lock(mp::Value<int> value) {
  for (int i = 0; i < 10; ++i) {
    const std::lock_guard guard(value.get_lock());
    value.set_value(value.value() + 1);
  }
}

void with_acquire(mp::Value<int> value) {
  for (int i = 0; i < 10; ++i) {
    if (value.acquire()) {
      value.set_value(value.value() + 1);
      value.release();
    }
  }
}

void with_update(mp::Value<int> value) {
  for (int i = 0; i < 10; ++i) value.update([](int& number) { ++number; });
}

int run(void (*function)(mp::Value<int>)) {
  mp::Value<int> value(0);
  std::vector<mp::Process> processes;
  for (int i = 0; i < 10; ++i) processes.emplace_back(function, value).start();
  for (mp::Process& process : processes) process.join();
  return value.value();
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::cout << "get_lock: " << run(with_get_lock) << '\n';
  std::cout << "acquire: " << run(with_acquire) << '\n';
  std::cout << "update: " << run(with_update) << '\n';
}
