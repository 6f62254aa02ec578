// One process listens to several at once: whoever is ready is served, whoever has closed his end is left out.
#include <iostream>
#include <vector>

#include "reference/connection.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/wait_many.h"

void count(mp::Connection to, int number) {
  for (int i = 0; i < 3; ++i) to.send(number);
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::vector<mp::Connection> readers;
  std::vector<mp::Process> processes;
  for (int number = 0; number < 4; ++number) {
    auto [reader, writer] = mp::Pipe(false);
    readers.push_back(reader);
    processes.emplace_back(count, writer, number);
    processes.back().start();
    writer.close();  // the child has its own: when that is closed, the reader sees the end
  }
  int sum = 0, messages = 0;
  while (!readers.empty()) {
    for (const mp::Connection& reader : mp::wait(readers)) {
      try {
        sum += reader.recv<int>();
        ++messages;
      } catch (const mp::EOFError&) {
        std::erase(readers, reader);
      }
    }
  }
  for (mp::Process& process : processes) process.join();
  std::cout << messages << " messages, their sum is " << sum << '\n';
}
