// Two processes wait until a third says go; one of them only for a moment.
#include <chrono>
#include <iostream>

#include "reference/event.h"
#include "reference/process.h"

using namespace std::chrono_literals;

void wait(mp::Event go) {
  go.wait();
  std::cout << "the patient one: " + std::string(go.is_set() ? "go" : "not yet") + "\n";
}

void wait_a_moment(mp::Event go) {
  std::cout << "the impatient one: " + std::string(go.wait(10ms) ? "go" : "not yet") + "\n";
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Event go;
  mp::Process patient(wait, go);
  mp::Process impatient(wait_a_moment, go);
  patient.start();
  impatient.start();
  impatient.join();
  go.set();
  patient.join();
  go.clear();
  std::cout << "afterwards: " << (go.is_set() ? "go" : "not yet") << '\n';
}
