// How many primes are there up to a million? Four processes count in a quarter of the numbers each.
//
// The quarters cover all numbers, and there is one process for each, however many processors there are.
#include <iostream>
#include <vector>

#include "reference/process.h"
#include "reference/queue.h"

bool is_prime(int number) {
  for (int divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return true;
}

// From `begin` to the last one before `end`.
void count(int begin, int end, mp::Queue<int> results) {
  int total = 0;
  for (int number = begin; number < end; ++number) total += is_prime(number) ? 1 : 0;
  results.put(total);
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  constexpr int kFirst = 2;
  constexpr int kEnd = 1'000'001;
  constexpr int kProcesses = 4;
  const auto border = [](int i) { return kFirst + static_cast<int>(std::int64_t{kEnd - kFirst} * i / kProcesses); };

  mp::Queue<int> results;
  std::vector<mp::Process> processes;
  for (int i = 0; i < kProcesses; ++i) processes.emplace_back(count, border(i), border(i + 1), results).start();
  int total = 0;
  for (int i = 0; i < kProcesses; ++i) total += results.get();
  for (mp::Process& process : processes) process.join();
  std::cout << total << '\n';
}
