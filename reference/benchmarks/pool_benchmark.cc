// A pool of two processes: many small tasks, large chunks, one call after the other, and real work, beside CPython and two plain threads.
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/pool.h"

namespace mp::bench {
namespace {

constexpr int kWorkers = 2;
constexpr int kEnd = 1'000'001;
constexpr int kRanges = 64;

int increment(int x) { return x + 1; }

int count_primes(int range) {
  const auto border = [](int i) { return 2 + static_cast<int>(std::int64_t{kEnd - 2} * i / kRanges); };
  int total = 0;
  for (int number = border(range); number < border(range + 1); ++number) {
    bool is_prime = true;
    for (int divisor = 2; is_prime && divisor * divisor <= number; ++divisor) is_prime = number % divisor != 0;
    total += is_prime ? 1 : 0;
  }
  return total;
}

std::vector<int> numbers(int count) {
  std::vector<int> made(static_cast<std::size_t>(count));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

double map(int items, std::optional<std::int64_t> chunksize) {
  Pool pool(kWorkers);
  pool.map(increment, numbers(1000), 1);
  const std::vector<int> input = numbers(items);
  return timed(static_cast<std::size_t>(items), [&] { pool.map(increment, input, chunksize); });
}

double apply() {
  constexpr int kCalls = 20'000;
  Pool pool(kWorkers);
  pool.apply(increment, 1);
  return timed(kCalls, [&] {
    for (int i = 0; i < kCalls; ++i) pool.apply(increment, i);
  });
}

double primes_in_processes() {
  Pool pool(kWorkers);
  pool.apply(increment, 1);
  return timed(1, [&] { pool.map(count_primes, numbers(kRanges), 1); });
}

double primes_in_threads() {
  std::atomic<int> next = 0, total = 0;
  const auto work = [&] {
    for (int range = next++; range < kRanges; range = next++) total += count_primes(range);
  };
  return timed(1, [&] {
    std::vector<std::thread> threads;
    for (int i = 0; i < kWorkers; ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
  });
}

double primes_here() {
  return timed(1, [&] {
    volatile int total = 0;
    for (int range = 0; range < kRanges; ++range) total = total + count_primes(range);
  });
}

}  // namespace

void add_pool_rows() {
  add_row({"pool map, chunks of 1, an item", {{"reference", [] { return map(300'000, 1); }}, cpython("pool-map-1", 10'000)}});
  add_row({"pool map, default chunks, an item",
           {{"reference", [] { return map(3'000'000, std::nullopt); }}, cpython("pool-map", 500'000)}});
  add_row({"pool apply, round trip", {{"reference", apply}, cpython("pool-apply", 2'000)}});
  add_row({"primes up to a million, pool of two",
           {{"reference", primes_in_processes}, {"two threads", primes_in_threads}, {"one thread", primes_here}, cpython("pool-primes", 1)}});
}

}  // namespace mp::bench
