// Two workers take tasks from a queue; join() waits until all of them are done, not only taken.
#include <iostream>
#include <vector>

#include "reference/joinable_queue.h"
#include "reference/process.h"
#include "reference/shared_value.h"

void work(mp::JoinableQueue<int> tasks, mp::Value<int> sum) {
  while (true) {
    const int task = tasks.get();
    sum.update([&](int& total) { total += task; });
    tasks.task_done();
  }
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::JoinableQueue<int> tasks;
  mp::Value<int> sum(0);
  std::vector<mp::Process> workers;
  for (int i = 0; i < 2; ++i) workers.emplace_back(mp::Process({.daemon = true}, work, tasks, sum)).start();
  for (int task = 1; task <= 100; ++task) tasks.put(task);
  tasks.join();
  std::cout << "all tasks are done, their sum is " << sum.value() << '\n';
}
