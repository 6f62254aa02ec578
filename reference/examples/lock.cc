// Five processes share one terminal: the lock keeps what each of them prints together.
#include <iostream>
#include <mutex>
#include <vector>

#include "reference/lock.h"
#include "reference/process.h"

void work(mp::Lock lock, int i) {
  const std::lock_guard guard(lock);  // acquire() and release() are there, too
  std::cout << "process " << i << " begins, " << std::flush;
  std::cout << "process " << i << " ends\n" << std::flush;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Lock lock;
  std::vector<mp::Process> processes;
  for (int i = 0; i < 5; ++i) processes.emplace_back(work, lock, i).start();
  for (mp::Process& process : processes) process.join();
}
