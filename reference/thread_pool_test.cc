#include "reference/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;

TEST(ThreadPool, PerformsInThreadsOfThisProcessWhatCannotTravel) {
  ThreadPool pool(2);
  int calls = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  const std::vector<int> items{1, 2, 3, 4};
  const auto doubled = pool.map(
      [&](int x) {
        const std::lock_guard lock(mutex);
        ++calls;
        threads.insert(std::this_thread::get_id());
        return std::make_shared<int>(2 * x);
      },
      items, 1);
  EXPECT_EQ(*doubled[3], 8);
  EXPECT_EQ(calls, 4);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
  EXPECT_EQ(pool.apply([&](int x) { return x + calls; }, 1), 5);
}

TEST(ThreadPool, HasTheSameErrorsAndIterators) {
  ThreadPool pool(2);
  EXPECT_THROW(pool.apply([] { throw KeyError("k"); }), KeyError);
  EXPECT_THROW(pool.apply([] { throw std::string("odd"); }), std::string);
  auto results = pool.imap([](int x) { return x * x; }, std::vector{1, 2, 3}, 2);
  EXPECT_EQ(results.next(), 1);
  EXPECT_EQ(results.next(), 4);
  EXPECT_EQ(results.next(), 9);
  EXPECT_THROW(results.next(), StopIteration);
  EXPECT_EQ(pool.starmap([](int x, int y) { return x - y; }, std::vector<std::pair<int, int>>{{5, 3}}), std::vector{2});
}

TEST(ThreadPool, ClosesAndJoins) {
  ThreadPool pool(2);
  EXPECT_THROW(pool.join(), ValueError);
  std::atomic<int> done = 0;
  const auto result = pool.map_async([&](int) { ++done; }, std::vector<int>(50));
  auto later = pool.imap([&](int) { ++done; return 0; }, std::vector<int>(50));
  pool.close();
  pool.join();
  EXPECT_EQ(done, 100);
  EXPECT_TRUE(result.successful());
  EXPECT_THROW(pool.apply([] {}), ValueError);
}

TEST(ThreadPool, TerminateFailsWhatWasNotBegun) {
  ThreadPool pool(1);
  std::atomic<bool> may_go = false;
  std::atomic<bool> runs = false;
  const auto first = pool.apply_async([&] {
    runs = true;
    while (!may_go) std::this_thread::yield();
  });
  const auto second = pool.apply_async([] {});
  while (!runs) std::this_thread::yield();
  std::thread other([&] { pool.terminate(); });
  EXPECT_THROW(second.get(), ProcessError);
  may_go = true;
  other.join();
  first.get();
}

TEST(ThreadPool, CallbacksMayThrowAndTerminate) {
  ThreadPool pool(2);
  std::atomic<int> sum = 0;
  const auto thrown = pool.apply_async({.callback = [](int) { throw ValueError("no"); }}, [] { return 1; });
  const auto added = pool.apply_async({.callback = [&](int x) { sum += x; }}, [] { return 2; });
  EXPECT_EQ(thrown.get(), 1);
  EXPECT_EQ(added.get(), 2);
  EXPECT_EQ(sum, 2);
  pool.apply_async({.callback = [&](int) { pool.terminate(); }}, [] { return 1; }).wait();
  pool.join();
}

}  // namespace
}  // namespace mp
