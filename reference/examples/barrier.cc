// Two processes wait for each other at a barrier, two others do not.
//
// What lies behind the barrier begins when both have arrived, so each of the two counts two arrivals there. (Times that are printed in the same
// moment show it, too, but not for certain.)
#include <iostream>
#include <mutex>
#include <string>
#include <vector>

#include "reference/barrier.h"
#include "reference/lock.h"
#include "reference/process.h"
#include "reference/shared_value.h"

void with_barrier(mp::Barrier synchronizer, mp::Lock serializer, mp::Value<int> arrived) {
  arrived.update([](int& count) { ++count; });
  synchronizer.wait();
  const std::lock_guard guard(serializer);
  std::cout << "process " + mp::current_process().name() + " ----> " + std::to_string(arrived.value()) + " have arrived\n"
            << std::flush;
}

void without_barrier() { std::cout << "process " + mp::current_process().name() + " ----> waits for nobody\n"; }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Barrier synchronizer(2);
  mp::Lock serializer;
  mp::Value<int> arrived(0);
  std::vector<mp::Process> processes;
  for (const char* name : {"p1 - with_barrier", "p2 - with_barrier"}) {
    processes.emplace_back(mp::Process({.name = name}, with_barrier, synchronizer, serializer, arrived)).start();
  }
  for (const char* name : {"p3 - without_barrier", "p4 - without_barrier"}) {
    processes.emplace_back(mp::Process({.name = name}, without_barrier)).start();
  }
  for (mp::Process& process : processes) process.join();
}
