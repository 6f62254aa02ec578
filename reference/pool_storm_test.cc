// Workers are killed at random, busy or idle, taking a task or sending a result: every task has its result or WorkerDied, and the pool goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "reference/error.h"
#include "reference/pool.h"
#include "reference/process.h"
#include "reference/process_line.h"
#include "reference/start_method.h"

namespace mp {
namespace {

std::string repeat(int x, std::size_t size) { return std::string(size, static_cast<char>('a' + x % 26)); }

// Kills a worker again and again, at times all at once, with a seed of its own each time. Before that all have to be there: else a pool whose
// workers take long to start (they do under a sanitizer) gets nothing done.
class Killer {
 public:
  Killer(unsigned seed, std::size_t workers) : random_(seed), workers_(workers), thread_([this] { run(); }) {}
  ~Killer() {
    ends_ = true;
    thread_.join();
  }
  int kills() const { return kills_; }

 private:
  void run() {
    while (!ends_) {
      std::vector<Process> workers = active_children();
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 3'000));
      if (workers.size() < workers_) continue;
      std::shuffle(workers.begin(), workers.end(), random_);
      if (random_() % 4 != 0) workers.resize(1);
      for (Process& worker : workers) worker.kill();
      kills_ += static_cast<int>(workers.size());
    }
  }

  std::mt19937 random_;
  const std::size_t workers_;
  std::atomic<bool> ends_ = false;
  std::atomic<int> kills_ = 0;
  std::thread thread_;
};

TEST(PoolStorm, EveryTaskHasItsResultOrIsToldThatItsWorkerDied) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr int kWorkers = 3;
  Pool pool(kWorkers);
  int results = 0, deaths = 0, kills = 0;
  constexpr int kTasks = 300;
  {
    Killer killer(seed, kWorkers);
    std::vector<std::pair<std::string, AsyncResult<std::string>>> calls;
    for (int i = 0; i < kTasks || killer.kills() < 3; ++i) {
      const std::size_t size = random() % 8 == 0 ? 100'000 : 10;
      calls.emplace_back(repeat(i, size), pool.apply_async(repeat, i, size));
      if (i % 50 == 49) calls.back().second.wait();
    }
    for (const auto& [expected, call] : calls) {
      try {
        ASSERT_EQ(call.get(), expected);
        ++results;
      } catch (const WorkerDied& died) {
        EXPECT_EQ(died.exitcode(), killed());
        ++deaths;
      }
    }
    EXPECT_EQ(results + deaths, static_cast<int>(calls.size()));
    kills = killer.kills();
  }
  EXPECT_LE(deaths, kills);
  // One that was killed last may still take a task along: after it the pool is as new.
  for (int i = 0; i < 20; ++i) {
    try {
      EXPECT_EQ(pool.apply(repeat, i, std::size_t{3}), repeat(i, 3));
    } catch (const WorkerDied&) {
      EXPECT_LE(++deaths, kills);
    }
  }
  pool.close();
  pool.join();
  EXPECT_TRUE(active_children().empty());
}

}  // namespace
}  // namespace mp
