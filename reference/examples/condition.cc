// One process prepares, two others begin when it says that it is done.
//
// wait_for looks before it sleeps: a notification is not remembered, so a process that comes too late for it must not wait for another one.
#include <iostream>
#include <mutex>
#include <vector>

#include "reference/condition.h"
#include "reference/process.h"
#include "reference/shared_value.h"

void prepare(mp::Condition condition, mp::Value<bool> ready) {
  const std::lock_guard guard(condition);
  std::cout << "stage one is done\n" << std::flush;
  ready.set_value(true);
  condition.notify_all();
}

void proceed(mp::Condition condition, mp::Value<bool> ready) {
  const std::lock_guard guard(condition);
  condition.wait_for([&] { return ready.value(); });
  std::cout << "stage two runs in " + mp::current_process().name() + "\n" << std::flush;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Condition condition;
  mp::Value<bool> ready(false);
  std::vector<mp::Process> processes;
  for (const char* name : {"the first", "the second"}) {
    processes.emplace_back(mp::Process({.name = name}, proceed, condition, ready)).start();
  }
  processes.emplace_back(prepare, condition, ready).start();
  for (mp::Process& process : processes) process.join();
}
