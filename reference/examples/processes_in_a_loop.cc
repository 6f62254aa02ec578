// Five processes that run at the same time, each with an argument of its own.
//
// Who does not join them leaves nothing behind: a process awaits its children at its own end.
#include <iostream>
#include <string>
#include <vector>

#include "reference/process.h"

// One string, so that the lines of two processes do not mix.
void work(int number) { std::cout << "called function in process: " + std::to_string(number) + "\n"; }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::vector<mp::Process> processes;
  for (int i = 0; i < 5; ++i) processes.emplace_back(work, i).start();
  for (mp::Process& process : processes) process.join();
}
