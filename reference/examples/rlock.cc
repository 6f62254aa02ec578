// Who holds a recursive lock may take it again, and gives it back as often as it was taken.
#include <iostream>

#include "reference/process.h"
#include "reference/rlock.h"

void try_from_elsewhere(mp::RLock lock) {
  std::cout << "another process gets it: " << std::boolalpha << lock.acquire(false) << '\n';
}

void ask_another_process(const mp::RLock& lock) {
  mp::Process process(try_from_elsewhere, lock);
  process.start();
  process.join();
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::RLock lock;
  int sum = 0;
  lock.acquire();
  sum += 1;
  lock.acquire();  // a plain Lock would wait for itself here
  sum += 2;
  lock.release();
  ask_another_process(lock);
  lock.release();
  ask_another_process(lock);
  std::cout << sum << '\n';
}
