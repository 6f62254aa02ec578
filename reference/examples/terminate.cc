// How a process ends, and what its exit code tells: 0 all was well, above 0 what it said, below 0 the signal that ended it.
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "reference/process.h"

void run_for_ever() {
  while (true) std::this_thread::sleep_for(std::chrono::seconds(1));
}

std::string state(const mp::Process& process) { return process.is_alive() ? "alive\n" : "not alive\n"; }

int exitcode_of(void (*function)()) {
  mp::Process process(function);
  process.start();
  process.join();
  return process.exitcode().value();
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Process process(run_for_ever);
  std::cout << "before start: " << state(process);
  process.start();
  std::cout << "while it runs: " << state(process);
  process.terminate();
  process.join();
  std::cout << "terminated: " << state(process) << "exit code " << process.exitcode().value() << '\n';
  std::cout << "returned: exit code " << exitcode_of([] {}) << '\n';
  std::cout << "exit(3): exit code " << exitcode_of([] { mp::exit(3); }) << '\n';
  std::cout << "an error: exit code " << exitcode_of([] { throw std::runtime_error("printed on standard error"); })
            << '\n';
}
