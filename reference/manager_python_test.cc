// Managers with a real Python at the other end, as client and as server.
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "reference/error.h"
#include "reference/event.h"
#include "reference/link.h"
#include "reference/managed.h"
#include "reference/manager.h"
#include "reference/python_peer.h"

namespace mp {
namespace {

const std::string kKey = "secret password";

// A run of manager_peer.py that serves, and a manager that is its client.
class PythonManager : public testing::Test {
 protected:
  void SetUp() override {
    const std::string line = peer_.line();
    const std::size_t blank = line.find(' ');
    ASSERT_NE(blank, std::string::npos) << "the script has not started";
    manager_.emplace(Address(line.substr(0, blank), std::stoi(line.substr(blank + 1))),
                     ManagerOptions{.authkey = kKey});
    manager_->register_type("Counter");
    manager_->connect();
  }
  void shut_down() {
    proxy_internal::dispatch(manager_->address(), kKey, "shutdown");
    EXPECT_EQ(peer_.end(), 0);
  }

  PythonPeer peer_{{"reference/manager_peer.py", "serve", kKey}};
  std::optional<SyncManager> manager_;
};

class Counter {
 public:
  static Class<Counter> describe() {
    return Class<Counter>("Counter")
        .constructor<std::optional<int>>("(start)")
        .method("add(n)", &Counter::add)
        .method("fail()", [](Counter&) { throw ValueError("told so"); });
  }
  explicit Counter(std::optional<int> start) : number_(start.value_or(0)) {}
  int add(int n) {
    const std::lock_guard lock(mutex_);
    return number_ += n;
  }

 private:
  std::mutex mutex_;
  int number_;
};

// By its number, and by its name: what is inside of data is the server's by either.
class ManagerToPython : public testing::TestWithParam<const char*> {};

TEST_P(ManagerToPython, PythonUsesOurs) {
  SyncManager manager({"127.0.0.1", 0}, {.authkey = kKey});
  manager.register_type<Counter>("Counter");
  manager.start();
  PythonPeer peer({"reference/manager_peer.py", "use", kKey, GetParam(), std::to_string(manager.address().port())});
  EXPECT_EQ(peer.line(), "done");
  EXPECT_EQ(peer.end(), 0);
}

INSTANTIATE_TEST_SUITE_P(Hosts, ManagerToPython, testing::Values("127.0.0.1", "localhost"));

TEST_F(PythonManager, ServesUs) {
  const SyncManager& manager = *manager_;
  {
    const DictProxy dict = manager.dict(Dict{{"a", 1}});
    dict.set("b", list(2));
    EXPECT_EQ(dict.copy(), (Dict{{"a", 1}, {"b", list(2)}}));
    EXPECT_EQ(Object(dict.keys()), list("a", "b"));
    EXPECT_THROW(dict.get("nothing"), KeyError);
    const ListProxy numbers = manager.list(list(3, 1));
    numbers.sort();
    EXPECT_EQ(Object(numbers.get(Slice{.start = 1})), list(3));
    numbers.append(manager.list(list("nested")).object());
    EXPECT_EQ(numbers.get<ListProxy>(2).get<std::string>(0), "nested");
    const QueueProxy queue = manager.Queue();
    queue.put("x");
    EXPECT_EQ(queue.get<std::string>(), "x");
    EXPECT_THROW(queue.get_nowait(), Empty);
    const AcquirerProxy lock = manager.Lock();
    EXPECT_TRUE(lock.acquire());
    lock.release();
    EXPECT_THROW(lock.release(), RuntimeError);
    const Proxy counter = manager.create("Counter", 5);
    EXPECT_EQ(counter.call<int>("add", 2), 7);
    EXPECT_THROW(counter.call("fail"), ValueError);
    EXPECT_THROW(counter.call("nothing"), RemoteError);
    const ArrayProxy array = manager.Array("i", list(1, 2));
    EXPECT_EQ(Object(array.get(Slice{})), list(1, 2));
  }
  // The list in the list is Python's to keep.
  EXPECT_LE(manager.number_of_objects(), 1u);
  shut_down();
}

TEST_F(PythonManager, HasAPoolForUs) {
  {
    const PoolProxy pool = manager_->Pool(1);
    EXPECT_EQ(pool.call<double>("apply", Global{"math", "sqrt"}, tuple(2.25)), 1.5);
    EXPECT_EQ(Object(pool.call<std::vector<double>>("map", Global{"math", "sqrt"}, list(1.0, 4.0))), list(1.0, 2.0));
    const auto result = pool.call<AsyncResultProxy<double>>("apply_async", Global{"math", "sqrt"}, tuple(9.0));
    EXPECT_EQ(result.get(), 3.0);
    EXPECT_TRUE(result.successful());
    EXPECT_EQ(pool.call<IteratorProxy>("imap", Global{"math", "sqrt"}, list(16.0)).next<double>(), 4.0);
    pool.terminate();
    pool.join();
  }
  shut_down();
}

// What its server counts for a process that is killed stays: nothing may be counted before it is used.
TEST_F(PythonManager, CountsNothingForAForkedChildThatIsKilledBeforeItUsesAProxy) {
  std::optional<Proxy> counter = manager_->create("Counter");
  Event started;
  Process child(
      [](Proxy inherited, Event begun) {
        begun.set();
        std::this_thread::sleep_for(std::chrono::hours(1));
        inherited.call("add", 1);
      },
      *counter, started);
  child.start();
  started.wait();
  child.kill();
  child.join();
  counter.reset();
  EXPECT_EQ(manager_->number_of_objects(), 0u);
  shut_down();
}

TEST_F(PythonManager, GetsBackWhatAForkedChildHasUsed) {
  std::optional<Proxy> counter = manager_->create("Counter");
  Process child([](Proxy inherited) { inherited.call("add", 1); }, *counter);
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(counter->call<int>("add", 1), 2);
  counter.reset();
  EXPECT_EQ(manager_->number_of_objects(), 0u);
  shut_down();
}

TEST_F(PythonManager, KeepsWhatAForkedChildUsesWhenItsParentHasDoneWithIt) {
  std::optional<Proxy> counter = manager_->create("Counter");
  Event used;
  Event dropped;
  Process child(
      [](Proxy inherited, Event has_used, Event has_dropped) {
        inherited.call("add", 1);
        has_used.set();
        has_dropped.wait();
        if (inherited.call<int>("add", 1) != 2) exit(2);
      },
      *counter, used, dropped);
  child.start();
  used.wait();
  counter.reset();
  EXPECT_EQ(manager_->number_of_objects(), 1u);
  dropped.set();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(manager_->number_of_objects(), 0u);
  shut_down();
}

}  // namespace
}  // namespace mp
