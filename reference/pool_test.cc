#include "reference/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <numeric>
#include <set>
#include <string>
#include <thread>

#include "platform/child.h"
#include "reference/error.h"
#include "reference/manager.h"
#include "reference/process.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using namespace std::chrono_literals;

int square(int x) { return x * x; }
int add(int x, int y) { return x + y; }
std::string greet(const std::string& name) { return "hello " + name; }
std::int64_t pid() { return platform::this_pid(); }
std::int64_t pid_for(int) { return platform::this_pid(); }
int fail_at_three(int x) {
  if (x == 3) throw KeyError("three");
  return x;
}
int nap(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  return milliseconds;
}
int die(int code) { std::_Exit(code); }
int leave(int code) { mp::exit(code); }

struct Unsendable {
  int number = 0;
  template <class Archive>
  void save(Archive&) const {
    throw PickleError("never");
  }
  template <class Archive>
  void load(Archive&) {}
};
Unsendable unsendable() { return {}; }

struct OwnError : std::runtime_error {
  using runtime_error::runtime_error;
};
int throw_own(int) { throw OwnError("mine"); }

ListProxy same(ListProxy list) { return list; }

int marker = 0;
void mark(int value) { marker = value; }
int marked(int) { return marker; }

std::vector<int> numbers(int count) {
  std::vector<int> made(count);
  std::iota(made.begin(), made.end(), 0);
  return made;
}

class PoolTest : public testing::TestWithParam<std::string> {
 protected:
  PoolOptions options(int processes) { return {.processes = processes, .start_method = start_method(GetParam())}; }
};

TEST_P(PoolTest, ApplyGivesTheResult) {
  Pool pool(options(2));
  EXPECT_EQ(pool.apply(add, 1, 2), 3);
  EXPECT_EQ(pool.apply(greet, "you"), "hello you");
  EXPECT_EQ(pool.apply([](int x) { return x + 0.5; }, 1), 1.5);
  EXPECT_NE(pool.apply(pid), platform::this_pid());
  pool.apply(mark, 1);
}

TEST_P(PoolTest, MapKeepsTheOrderForEveryLengthAndChunk) {
  Pool pool(options(3));
  for (int length : {0, 1, 2, 7, 50}) {
    for (int chunk = 1; chunk <= 8; ++chunk) {
      std::vector<int> expected;
      for (int x : numbers(length)) expected.push_back(x * x);
      EXPECT_EQ(pool.map(square, numbers(length), chunk), expected);
      EXPECT_EQ(pool.map(square, numbers(length)), expected);
    }
  }
}

TEST_P(PoolTest, TextsTravelBothWays) {
  Pool pool(options(2));
  const std::vector<std::string> names{"a", std::string(100'000, 'b'), ""};
  EXPECT_EQ(pool.map(greet, names, 1), (std::vector<std::string>{"hello a", "hello " + names[1], "hello "}));
}

TEST_P(PoolTest, StarmapSpreadsItsItems) {
  Pool pool(options(2));
  EXPECT_EQ(pool.starmap(add, std::vector<std::pair<int, int>>{{1, 2}, {3, 4}}), (std::vector{3, 7}));
}

TEST_P(PoolTest, AnErrorComesBackAsItsClass) {
  Pool pool(options(2));
  try {
    pool.map(fail_at_three, numbers(10), 2);
    FAIL();
  } catch (const KeyError& error) {
    EXPECT_STREQ(error.what(), "three");
  }
  EXPECT_THROW(pool.apply(throw_own, 1), RemoteError);
  EXPECT_THROW(pool.apply(unsendable), MaybeEncodingError);
  EXPECT_EQ(pool.apply(add, 1, 1), 2);
}

TEST_P(PoolTest, ImapGivesOneAfterTheOtherAndEndsAgainAndAgain) {
  Pool pool(options(2));
  for (int chunk : {1, 2, 5}) {
    auto results = pool.imap(square, numbers(4), chunk);
    for (int x = 0; x < 4; ++x) EXPECT_EQ(results.next(), x * x);
    EXPECT_THROW(results.next(), StopIteration);
    EXPECT_THROW(results.next(), StopIteration);
  }
  int sum = 0;
  for (const int result : pool.imap_unordered(square, numbers(100))) sum += result;
  EXPECT_EQ(sum, 328350);
}

TEST_P(PoolTest, ImapTellsAnErrorInItsPlaceAndGoesOn) {
  Pool pool(options(2));
  auto results = pool.imap(fail_at_three, numbers(5));
  for (int x = 0; x < 3; ++x) EXPECT_EQ(results.next(), x);
  EXPECT_THROW(results.next(), KeyError);
  EXPECT_EQ(results.next(), 4);
  EXPECT_THROW(results.next(), StopIteration);
}

TEST_P(PoolTest, ImapTimesOutAndLosesNothing) {
  Pool pool(options(1));
  auto results = pool.imap(nap, std::vector{300});
  EXPECT_THROW(results.next(10ms), TimeoutError);
  EXPECT_EQ(results.next(), 300);
}

// 0, 1, 2 ... without end; counts how many were read. (The views of libstdc++ 12 do not compile with clang 14.)
struct Endless {
  struct Iterator {
    using value_type = int;
    using difference_type = std::ptrdiff_t;
    int operator*() const {
      ++*read;
      return x;
    }
    Iterator& operator++() {
      ++x;
      return *this;
    }
    void operator++(int) { ++x; }
    bool operator==(std::unreachable_sentinel_t) const { return false; }
    int x = 0;
    std::shared_ptr<std::atomic<int>> read;
  };
  Iterator begin() const { return {0, read}; }
  std::unreachable_sentinel_t end() const { return {}; }
  std::shared_ptr<std::atomic<int>> read;
};

TEST_P(PoolTest, ImapReadsABoundedPartOfItsInput) {
  Pool pool(options(2));
  auto read = std::make_shared<std::atomic<int>>(0);
  const Endless endless{read};
  auto results = pool.imap(square, endless);
  for (int x = 0; x < 100; ++x) EXPECT_EQ(results.next(), x * x);
  EXPECT_LE(read->load(), 100 + 8 + 1);
}

TEST_P(PoolTest, CloseRefusesTasksAndJoinWaitsForAllResults) {
  Pool pool(options(2));
  EXPECT_THROW(pool.join(), ValueError);
  auto result = pool.map_async(nap, std::vector{50, 50, 50});
  auto later = pool.imap(square, numbers(100));
  pool.close();
  pool.close();
  EXPECT_THROW(pool.apply(add, 1, 2), ValueError);
  EXPECT_THROW(pool.map(square, numbers(3)), ValueError);
  EXPECT_THROW(static_cast<void>(pool.imap(square, numbers(3))), ValueError);
  pool.join();
  EXPECT_TRUE(result.ready());
  EXPECT_EQ(result.get(), (std::vector{50, 50, 50}));
  for (int x = 0; x < 100; ++x) EXPECT_EQ(later.next(), x * x);
  EXPECT_TRUE(active_children().empty());
}

TEST_P(PoolTest, TerminateEndsWorkersAndTellsThoseWhoWait) {
  Pool pool(options(2));
  auto results = pool.map_async(nap, std::vector{60'000, 60'000, 60'000}, {.chunksize = 1});
  EXPECT_THROW(results.get(50ms), TimeoutError);
  EXPECT_THROW(static_cast<void>(results.successful()), ValueError);
  pool.terminate();
  pool.join();
  EXPECT_THROW(results.get(), ProcessError);
  EXPECT_TRUE(active_children().empty());
}

TEST_P(PoolTest, ADeadWorkerFailsItsTaskAndIsReplaced) {
  Pool pool(options(2));
  try {
    pool.apply(die, 9);
    FAIL();
  } catch (const WorkerDied& died) {
    EXPECT_EQ(died.exitcode(), 9);
    EXPECT_NE(died.pid(), 0);
  }
  try {
    pool.apply(leave, 7);
    FAIL();
  } catch (const WorkerDied& died) {
    EXPECT_EQ(died.exitcode(), 7);
  }
  EXPECT_EQ(pool.map(square, numbers(100), 1).back(), 99 * 99);
}

TEST_P(PoolTest, AnIdleWorkerThatIsKilledIsReplaced) {
  Pool pool(options(1));
  for (int i = 0; i < 5; ++i) {
    const auto worker = pool.apply(pid);
    for (Process& child : active_children()) {
      if (child.pid() == worker) child.kill();
    }
    EXPECT_NE(pool.apply_async(pid).get(20s), 0);
  }
}

TEST_P(PoolTest, MaxtasksReplacesWorkersAndLosesNothing) {
  PoolOptions few = options(2);
  few.maxtasksperchild = 3;
  Pool pool(few);
  const auto pids = pool.map(pid_for, numbers(30), 1);
  EXPECT_EQ(pids.size(), 30u);
  for (const auto each : pids) EXPECT_LE(std::count(pids.begin(), pids.end(), each), 3);
}

TEST_P(PoolTest, TheInitializerRunsInEachWorkerAlsoInLaterOnes) {
  PoolOptions prepared = options(2);
  prepared.initializer = PoolInitializer(mark, 42);
  prepared.maxtasksperchild = 1;
  Pool pool(prepared);
  EXPECT_EQ(pool.map(marked, numbers(6), 1), std::vector<int>(6, 42));
}

TEST_P(PoolTest, AnInitializerThatFailsBreaksThePoolInsteadOfHangingIt) {
  PoolOptions broken = options(2);
  broken.initializer = PoolInitializer([] { throw ValueError("no"); });
  Pool pool(broken);
  EXPECT_THROW(pool.apply(add, 1, 2), WorkerDied);
  EXPECT_THROW(pool.map(square, numbers(3)), WorkerDied);
}

TEST_P(PoolTest, CallbacksRunInOneThreadOfTheParent) {
  Pool pool(options(2));
  std::vector<int> seen;
  std::set<std::thread::id> threads;
  std::vector<AsyncResult<int>> results;
  for (int i = 0; i < 10; ++i) {
    const auto callback = [&](int value) {
      seen.push_back(value);
      threads.insert(std::this_thread::get_id());
      if (value == 9) throw ValueError("a callback that fails");
    };
    results.push_back(pool.apply_async({.callback = callback}, square, i));
  }
  std::string text;
  const auto failed = pool.apply_async({.callback = [](int) { FAIL(); }, .error_callback = [&](const std::exception& error) { text = error.what(); }},
                                       fail_at_three, 3);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(results[i].get(), i * i);
  EXPECT_THROW(failed.get(), KeyError);
  EXPECT_EQ(text, "three");
  EXPECT_EQ(seen.size(), 10u);
  EXPECT_EQ(threads.size(), 1u);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
  int sum = 0;
  pool.map_async(square, numbers(4), {.callback = [&](const std::vector<int>& all) { sum = std::accumulate(all.begin(), all.end(), 0); }}).wait();
  EXPECT_EQ(sum, 14);
}

TEST_P(PoolTest, AProxyInAResultIsGoodForAllWhoAskForIt) {
  const SyncManager manager = Manager({.start_method = start_method(GetParam())});
  {
    const ListProxy list = manager.list(mp::list(7));
    std::vector<ListProxy> given;
    {
      Pool pool(options(1));
      std::atomic<int> calls = 0;
      const auto one = pool.apply_async({.callback = [&](const ListProxy& each) { calls += each.get<int>(0); }}, same, list);
      const auto several = pool.map_async(same, std::vector{list, list}, {.callback = [&](const std::vector<ListProxy>& all) { calls += all[1].get<int>(0); }});
      for (int i = 0; i < 3; ++i) {
        given.push_back(one.get());
        for (const ListProxy& each : several.get()) given.push_back(each);
      }
      EXPECT_EQ(calls, 14);
      pool.close();
      pool.join();
    }
    while (!given.empty()) {
      EXPECT_EQ(given.back().get<int>(0), 7);
      given.pop_back();
    }
    EXPECT_EQ(list.get<int>(0), 7);
    EXPECT_EQ(manager.number_of_objects(), 1u);
  }
  EXPECT_EQ(manager.number_of_objects(), 0u);
}

TEST_P(PoolTest, ACallbackMayTerminateThePool) {
  Pool pool(options(2));
  const auto result = pool.apply_async({.callback = [&](int) { pool.terminate(); }}, square, 2);
  EXPECT_EQ(result.get(), 4);
  pool.join();
  EXPECT_THROW(pool.apply(add, 1, 1), ValueError);
}

// A thread that is slow to end shows who does not wait for it.
TEST_P(PoolTest, JoinReturnsWhenThePoolsThreadsHaveEnded) {
  static std::atomic<bool> has_ended;
  struct LastBreath {
    ~LastBreath() {
      std::this_thread::sleep_for(50ms);
      has_ended = true;
    }
  };
  for (const auto end : {&Pool::close, &Pool::terminate}) {
    has_ended = false;
    Pool pool(options(1));
    pool.apply_async({.callback = [](int) { static thread_local const LastBreath kLast; }}, square, 2).wait();
    (pool.*end)();
    pool.join();
    EXPECT_TRUE(has_ended);
  }
}

TEST_P(PoolTest, ALargeTaskAndALargeResultTravel) {
  Pool pool(options(2));
  const std::string text(3'000'000, 'x');
  EXPECT_EQ(pool.apply(greet, text).size(), text.size() + 6);
  EXPECT_EQ(pool.map(greet, std::vector<std::string>(4, text), 1).size(), 4u);
}

TEST_P(PoolTest, ManyThreadsMayUseIt) {
  Pool pool(options(2));
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        if (pool.apply(add, i, t) != i + t) ++wrong;
        if (pool.map(square, numbers(20), 3).back() != 361) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(All, PoolTest, testing::ValuesIn(get_all_start_methods()), [](const auto& info) { return info.param; });

// Nothing stops a thread between two steps of the pool. So many threads submit while it is closed, most of which wait for its lock then. It is
// a pool without workers, as its initializer ends them: that one is over as soon as it is closed.
TEST(PoolEnd, EveryCallbackOfWhatWasAcceptedRunsBeforeIt) {
  for (int round = 0; round < 30; ++round) {
    Pool pool({.processes = 1, .initializer = PoolInitializer([] { std::_Exit(1); })});
    EXPECT_THROW(pool.apply(add, 1, 2), WorkerDied);
    std::atomic<int> accepted = 0;
    std::atomic<int> told = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        try {
          for (;; ++accepted) pool.apply_async({.callback = {}, .error_callback = [&](const std::exception&) { ++told; }}, add, 1, 2);
        } catch (const ValueError&) {  // closed
        }
      });
    }
    while (accepted < 100) std::this_thread::yield();
    pool.close();
    pool.join();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(told, accepted);
  }
}

// Who waits for one result takes in those of others, too, and may be stopped in the middle of that.
TEST(PoolEnd, EveryResultIsReadyAfterIt) {
  for (int round = 0; round < 100; ++round) {
    Pool pool(1);
    std::vector<AsyncResult<int>> results;
    for (int i = 0; i < 64; ++i) results.push_back(pool.apply_async(add, i, 1));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < results.size(); i += 8) {
      threads.emplace_back([&results, i] {
        for (std::size_t j = i; j < i + 8; ++j) results[j].wait();
      });
    }
    pool.close();
    pool.join();
    EXPECT_TRUE(std::ranges::all_of(results, [](const auto& result) { return result.ready(); }));
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(PoolArguments, AreChecked) {
  EXPECT_THROW(Pool(0), ValueError);
  EXPECT_THROW(Pool({.processes = 1, .maxtasksperchild = 0}), ValueError);
  Pool pool(1);
  EXPECT_THROW(pool.map(square, numbers(3), 0), ValueError);
  EXPECT_THROW(static_cast<void>(pool.imap(square, numbers(3), 0)), ValueError);
}

}  // namespace
}  // namespace mp
