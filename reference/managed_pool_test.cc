// A pool in the process of a manager, under every start method.
#include "reference/managed_pool.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "reference/error.h"
#include "reference/listener.h"
#include "reference/manager.h"
#include "reference/pool_proxy.h"

namespace mp {
namespace {

int square(int x) { return x * x; }
int sum(int x, int y) { return x + y; }
std::int64_t pid() { return *current_process().pid(); }
std::int64_t parent() { return parent_process()->pid(); }
void fail() { throw ValueError("told so"); }
void die() { std::_Exit(3); }
void wait_for(Proxy event) { event.call("wait"); }
int seven_after(Proxy event) {
  event.call("wait");
  return 7;
}

int prepared = 0;
void prepare(int number) { prepared = number; }
int what_was_prepared() { return prepared; }

class ManagedPoolTest : public testing::TestWithParam<std::string> {
 protected:
  const SyncManager manager_ = Manager({.start_method = start_method(GetParam())});
  const PoolProxy pool_ = manager_.Pool(2);
};

TEST_P(ManagedPoolTest, CallsFunctionsInChildrenOfTheManager) {
  EXPECT_EQ(pool_.apply<square>(7), 49);
  EXPECT_EQ((pool_.apply<[](std::string text) { return text + "!"; }>("hello")), "hello!");
  EXPECT_NE(pool_.apply<pid>(), pid());
  EXPECT_NE(pool_.apply<parent>(), pid());
  EXPECT_EQ(pool_.map<square>(list(1, 2, 3)), (std::vector{1, 4, 9}));
  EXPECT_EQ(pool_.map<square>(list(), 5), std::vector<int>());
  EXPECT_EQ(pool_.starmap<sum>(list(tuple(1, 2), list(3, 4)), 1), (std::vector{3, 7}));
}

TEST_P(ManagedPoolTest, KeepsResultsForLater) {
  const EventProxy event = manager_.Event();
  const auto late = pool_.apply_async<wait_for>(event);
  EXPECT_FALSE(late.ready());
  EXPECT_THROW(late.successful(), ValueError);
  EXPECT_THROW(late.get(std::chrono::milliseconds(1)), TimeoutError);
  late.wait(std::chrono::milliseconds(1));
  event.set();
  late.get();
  EXPECT_TRUE(late.successful());
  EXPECT_EQ(pool_.map_async<square>(list(2, 3)).get(), (std::vector{4, 9}));
  EXPECT_EQ(pool_.starmap_async<sum>(list(tuple(1, 1))).get(), std::vector{2});
}

TEST_P(ManagedPoolTest, GivesResultsOneByOne) {
  const IteratorProxy results = pool_.imap<square>(list(1, 2, 3));
  for (const int expected : {1, 4, 9}) EXPECT_EQ(results.next<int>(), expected);
  EXPECT_THROW(results.next(), StopIteration);
  const IteratorProxy unordered = pool_.imap_unordered<square>(list(1, 2, 3), 2);
  std::set<int> seen;
  for (int i = 0; i < 3; ++i) seen.insert(unordered.next<int>());
  EXPECT_EQ(seen, (std::set{1, 4, 9}));
}

TEST_P(ManagedPoolTest, TellsWhatWentWrong) {
  EXPECT_THROW(pool_.apply<fail>(), ValueError);
  EXPECT_FALSE([&] {
    const auto result = pool_.apply_async<fail>();
    result.wait();
    return result.successful();
  }());
  EXPECT_THROW(pool_.apply<square>("no number"), TypeError);
  EXPECT_THROW(pool_.apply<square>(), TypeError);
  EXPECT_THROW(pool_.apply<die>(), Error);
  EXPECT_EQ(pool_.apply<square>(2), 4);
}

// The name of a function that nobody gave to a pool is the name of no function for a pool, whoever sends it.
TEST_P(ManagedPoolTest, CallsNothingElse) {
  pool_internal::Served other = [](const List&) { return Object(1); };
  EXPECT_THROW(pool_.call("apply", pool_internal::name_of(other)), TypeError);
  EXPECT_THROW(pool_.call("apply", bytes("junk")), TypeError);
  EXPECT_THROW(pool_.call("apply_async", Global{"os", "getpid"}), TypeError);
}

TEST_P(ManagedPoolTest, PreparesItsWorkers) {
  const PoolProxy pool =
      manager_.Pool({.processes = 1, .initializer = PoolProxyInitializer::of<prepare>(5), .maxtasksperchild = 2});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(pool.apply<what_was_prepared>(), 5);
}

TEST_P(ManagedPoolTest, IsNotMadeWithWhatIsWrong) {
  EXPECT_THROW(manager_.Pool(0), RemoteError);
  EXPECT_THROW(manager_.Pool({.maxtasksperchild = 0}), RemoteError);
  const auto make_with = [&](const Object& initializer) { manager_.create("Pool", 1, initializer, tuple()); };
  EXPECT_THROW(make_with(bytes("junk")), RemoteError);
  EXPECT_THROW(make_with(Global{"os", "getpid"}), RemoteError);
}

TEST_P(ManagedPoolTest, BreaksByAnInitializerThatFails) {
  const PoolProxy pool = manager_.Pool({.processes = 1, .initializer = PoolProxyInitializer::of<fail>()});
  EXPECT_THROW(pool.apply<square>(1), Error);
}

TEST_P(ManagedPoolTest, ReplacesWorkersThatHaveDoneTheirShare) {
  const PoolProxy pool = manager_.Pool({.processes = 1, .maxtasksperchild = 2});
  std::vector<std::int64_t> pids;
  for (int i = 0; i < 4; ++i) pids.push_back(pool.apply<pid>());
  EXPECT_EQ(pids[0], pids[1]);
  EXPECT_NE(pids[1], pids[2]);
  EXPECT_EQ(pids[2], pids[3]);
}

TEST_P(ManagedPoolTest, EndsWhenItIsToldTo) {
  EXPECT_THROW(pool_.join(), ValueError);
  pool_.close();
  EXPECT_THROW(pool_.apply<square>(1), ValueError);
  pool_.join();
}

TEST_P(ManagedPoolTest, IsUsedByAChild) {
  Process child(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](PoolProxy pool) {
        if (pool.apply<square>(3) != 9) exit(1);
      },
      pool_);
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
}

// They send what a client would, and are gone.
TEST_P(ManagedPoolTest, GivesAnotherWhatDeadClientsWaitedFor) {
  const EventProxy event = manager_.Event();
  const IteratorProxy results = pool_.imap<seven_after>(list(event.object()));
  for (int i = 0; i < 3; ++i) {
    const Connection client = Client(manager_.address(), {.authkey = current_process().authkey()});
    client.send(tuple(nullptr, "accept_connection", tuple("a client"), Dict()));
    client.recv();
    client.send(tuple(results.token().id, "__next__", tuple(), Dict()));
    client.close();
  }
  // Mostly they wait by then, and one would take it; if not, there is nothing to see.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  event.set();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(results.next<int>(), 7);
}

// A timeout of its own is no sign that a result is late.
TEST_P(ManagedPoolTest, TellsATimeoutOfTheFunctionOnce) {
  const IteratorProxy results = pool_.imap<[](int late) {
    if (late) throw TimeoutError("of the function");
    return 1;
  }>(list(1, 0));
  EXPECT_THROW(results.next(), TimeoutError);
  EXPECT_EQ(results.next<int>(), 1);
}

INSTANTIATE_TEST_SUITE_P(Methods, ManagedPoolTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mp
