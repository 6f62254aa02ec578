// A class of one's own: run() is what the process does.
#include <iostream>
#include <vector>

#include "reference/process.h"

struct MyProcess : mp::Subprocess<MyProcess> {
  void run() override { std::cout << "called run method in process: " + name() + "\n"; }
};

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::vector<MyProcess> processes(5);
  for (MyProcess& process : processes) process.start();
  for (MyProcess& process : processes) process.join();
}
