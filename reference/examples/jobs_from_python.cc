// Two workers in C++ that take jobs from a queue in Python, and put their results into another one.
//
// jobs_from_python METHOD jobs_from_python.py: starts the script, which serves the queues. Its first line says where, the others are what
// it makes of the results.
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "reference/error.h"
#include "reference/examples/script.h"
#include "reference/manager.h"

bool is_prime(int number) {
  for (int divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number > 1;
}

// Needs to know no more than an address and a key, so it could be on another machine.
void work(std::string host, int port) {
  mp::BaseManager manager({host, port}, {.authkey = "abracadabra"});
  manager.register_type("jobs");
  manager.register_type("results");
  manager.connect();
  const auto jobs = manager.create<mp::QueueProxy>("jobs");
  const auto results = manager.create<mp::QueueProxy>("results");
  // None: there are no more.
  while (const auto number = jobs.get<std::optional<int>>()) results.put(mp::tuple(*number, is_prime(*number)));
  try {
    results.put(mp::Object());     // None
  } catch (const mp::EOFError&) {  // the script waits for this, and may end before it answers
  } catch (const mp::ConnectionError&) {
  }
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc != 3) {
    std::cerr << "usage: jobs_from_python METHOD jobs_from_python.py\n";
    return 2;
  }
  mp::set_start_method(argv[1]);
  Script python(argv[2]);
  const std::string where = python.line().value_or("");
  const std::size_t blank = where.find(' ');
  if (blank == std::string::npos) return 1;

  std::vector<mp::Process> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back(work, where.substr(0, blank), std::stoi(where.substr(blank + 1))).start();
  }
  while (const auto line = python.line()) std::cout << *line << '\n';
  for (mp::Process& worker : workers) {
    worker.join();
    if (worker.exitcode() != 0) return 1;
  }
}
