// A process in the background ends with its creator, one in the foreground is awaited.
#include <chrono>
#include <iostream>
#include <thread>

#include "reference/event.h"
#include "reference/process.h"

using namespace std::chrono_literals;

void work(mp::Event started, std::chrono::milliseconds duration) {
  const std::string name = mp::current_process().name();
  std::cout << "Starting " + name + "\n" << std::flush;
  started.set();
  std::this_thread::sleep_for(duration);
  std::cout << "Exiting " + name + "\n";
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Event background_started;
  mp::Event foreground_started;
  mp::Process background({.name = "background_process", .daemon = true}, work, background_started, 1h);
  mp::Process foreground({.name = "NO_background_process", .daemon = false}, work, foreground_started, 50ms);
  background.start();
  foreground.start();
  background_started.wait();
}
