// Six processes, and a resource that serves two of them at a time.
#include <algorithm>
#include <iostream>
#include <mutex>
#include <vector>

#include "reference/process.h"
#include "reference/semaphore.h"
#include "reference/shared_value.h"

void use(mp::Semaphore seats, mp::Value<int> inside, mp::Value<int> most) {
  const std::lock_guard seat(seats);
  int here = 0;
  inside.update([&](int& count) { here = ++count; });
  most.update([&](int& record) { record = std::max(record, here); });
  inside.update([](int& count) { --count; });
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Semaphore seats(2);
  mp::Value<int> inside(0);
  mp::Value<int> most(0);
  std::vector<mp::Process> processes;
  for (int i = 0; i < 6; ++i) processes.emplace_back(use, seats, inside, most).start();
  for (mp::Process& process : processes) process.join();
  std::cout << "never more than two: " << std::boolalpha << (most.value() <= 2) << '\n';
  std::cout << "free seats: " << seats.get_value() << '\n';
}
