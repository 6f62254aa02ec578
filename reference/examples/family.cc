// A process and its relatives: how many can work at once, who runs by now, whose child one is, and what is done at the end. Children are
// awaited by their sentinels, in the order in which they end.
#include <iostream>
#include <string>
#include <vector>

#include "reference/event.h"
#include "reference/process.h"
#include "reference/wait_many.h"

void wait_for_word(mp::Event word) {
  mp::at_exit([] { std::cout << "the last words of " + mp::current_process().name() + "\n"; });
  word.wait();
  std::cout << mp::current_process().name() + " is a child of " + mp::parent_process()->name() + "\n";
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  std::cout << std::boolalpha << "some of the processors, or all: " << (mp::cpu_count() >= mp::usable_cpu_count())
            << '\n';
  mp::Event first_word, second_word;
  mp::Process first({.name = "first"}, wait_for_word, first_word);
  mp::Process second({.name = "second"}, wait_for_word, second_word);
  first.start();
  second.start();
  std::cout << "children: " << mp::active_children().size() << '\n';

  second_word.set();
  const auto ended = mp::wait(std::vector{first.sentinel(), second.sentinel()});
  std::cout << "the second has ended first: " << (ended == std::vector{second.sentinel()}) << '\n';
  second.join();
  std::cout << "children: " << mp::active_children().size() << '\n';
  first_word.set();
  first.join();
  std::cout << "children: " << mp::active_children().size() << '\n';
}
