// Managers, their servers and their proxies, under every start method.
#include "reference/manager.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "reference/error.h"
#include "reference/event.h"
#include "reference/link.h"
#include "reference/listener.h"
#include "reference/managed.h"
#include "reference/queue.h"

namespace mp {
namespace {

class Counter {
 public:
  static Class<Counter> describe() {
    return Class<Counter>("Counter")
        .constructor<std::optional<int>>("(start)")
        .method("add(n)", &Counter::add)
        .method("value()", &Counter::value)
        .method("fail(name, text)", [](Counter&, std::string name, std::string text) { raise(name, text); })
        .method("_secret()", [](Counter&) { return 1; });
  }
  explicit Counter(std::optional<int> start = {}) : value_(start.value_or(0)) {}
  int add(int n) {
    const std::lock_guard lock(mutex_);
    return value_ += n;
  }
  int value() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  int value_;
};

struct Maths {
  static Class<Maths> describe() {
    return Class<Maths>("Maths")
        .method("add(x, y)", [](Maths&, int x, int y) { return x + y; })
        .method("counter()", [](Maths&) { return std::make_shared<Counter>(); })
        .returns_proxy("counter", "Counter");
  }
};

class ManagerTest : public testing::TestWithParam<std::string> {
 protected:
  ManagerOptions options() const { return {.start_method = start_method(GetParam())}; }
  template <class... A>
  void run(A&&... arguments) const {
    Process child(ProcessOptions{.start_method = start_method(GetParam())}, std::forward<A>(arguments)...);
    child.start();
    child.join();
    EXPECT_EQ(child.exitcode(), 0);
  }
};

TEST_P(ManagerTest, ADictIsSharedWithAChild) {
  const SyncManager manager = Manager(options());
  const DictProxy dict = manager.dict(Dict{{"a", 1}});
  run([](DictProxy shared) { shared["b"] = list(1, 2); }, dict);
  EXPECT_EQ(dict.copy(), (Dict{{"a", 1}, {"b", list(1, 2)}}));
  EXPECT_EQ(dict.get<int>("a"), 1);
  EXPECT_THROW(dict.get("nothing"), KeyError);
  EXPECT_EQ(dict.get<int>("nothing", 7), 7);
  EXPECT_EQ(dict.str(), "{'a': 1, 'b': [1, 2]}");
}

TEST_P(ManagerTest, AListAndANamespaceAreSharedWithAChild) {
  const SyncManager manager = Manager(options());
  const ListProxy numbers = manager.list(list(3, 1, 2));
  const NamespaceProxy space = manager.Namespace({{"x", 10}});
  run(
      [](ListProxy shared, NamespaceProxy attributes) {
        shared.sort();
        shared.append("last");
        attributes.set("y", attributes.get<int>("x") + 1);
      },
      numbers, space);
  EXPECT_EQ(Object(numbers.copy()), list(1, 2, 3, "last"));
  EXPECT_EQ(Object(numbers.get(Slice{.start = 1, .stop = 3})), list(2, 3));
  EXPECT_EQ(space.get<int>("y"), 11);
  EXPECT_THROW(space.get("z"), AttributeError);
  EXPECT_EQ(space.str(), "Namespace(x=10, y=11)");
}

// Each process has its own; a copy of the proxy has the same.
TEST_P(ManagerTest, WhatBeginsWithAnUnderscoreStaysWithTheProxy) {
  const SyncManager manager = Manager(options());
  const NamespaceProxy space = manager.Namespace({{"x", 10}});
  const NamespaceProxy copy = space;
  run(
      [](NamespaceProxy attributes) {
        attributes.set("_z", 1);
        attributes.set("x", attributes.get<int>("_z"));
      },
      space);
  EXPECT_EQ(space.get<int>("x"), 1);
  EXPECT_THROW(space.get("_z"), AttributeError);
  space.set("_z", 2);
  EXPECT_EQ(copy.get<int>("_z"), 2);
  EXPECT_THROW(NamespaceProxy(Proxy(space)).get("_z"), AttributeError);
  copy.erase("_z");
  EXPECT_THROW(space.get("_z"), AttributeError);
  EXPECT_THROW(space.erase("_z"), AttributeError);
}

TEST_P(ManagerTest, AProxyInAListIsTheObjectItself) {
  const SyncManager manager = Manager(options());
  const ListProxy outer = manager.list();
  outer.append(manager.list(list(1)).object());
  outer.get<ListProxy>(0).append(2);
  EXPECT_EQ(Object(outer.get<ListProxy>(0).copy()), list(1, 2));
}

TEST_P(ManagerTest, AChildKnowsTheKeyOfTheServerForAProxyInAList) {
  ManagerOptions own_key = options();
  own_key.authkey = "not that of the processes";
  const SyncManager manager = Manager(own_key);
  const ListProxy outer = manager.list();
  outer.append(manager.list(list(1)).object());
  run([](ListProxy shared) { shared.get<ListProxy>(0).append(2); }, outer);
  EXPECT_EQ(Object(outer.get<ListProxy>(0).copy()), list(1, 2));
}

TEST_P(ManagerTest, AChangeOfAValueInADictDoesNotGoBack) {
  const SyncManager manager = Manager(options());
  const DictProxy dict = manager.dict(Dict{{"list", list(1)}});
  Object inner = dict.get("list");
  inner.edit<List>().push_back(2);
  EXPECT_EQ(dict.get("list"), list(1));
  dict["list"] = inner;
  EXPECT_EQ(dict.get("list"), list(1, 2));
}

TEST_P(ManagerTest, ItemsGoThroughAQueue) {
  const SyncManager manager = Manager(options());
  const QueueProxy queue = manager.Queue(1);
  run([](QueueProxy shared) { shared.put("from the child"); }, queue);
  EXPECT_TRUE(queue.full());
  EXPECT_THROW(queue.put_nowait(2), Full);
  EXPECT_EQ(queue.get<std::string>(), "from the child");
  EXPECT_THROW(queue.get(true, std::chrono::milliseconds(1)), Empty);
  queue.task_done();
  queue.join();
  EXPECT_THROW(queue.task_done(), ValueError);
  EXPECT_THROW(queue.call("get", true, -1), ValueError);
}

TEST_P(ManagerTest, LocksKeepTheRulesOfThreads) {
  const SyncManager manager = Manager(options());
  const AcquirerProxy lock = manager.Lock();
  EXPECT_THROW(lock.release(), RuntimeError);
  EXPECT_TRUE(lock.acquire());
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_FALSE(lock.acquire(true, std::chrono::milliseconds(1)));
  lock.release();
  const AcquirerProxy recursive = manager.RLock();
  EXPECT_TRUE(recursive.acquire());
  EXPECT_TRUE(recursive.acquire());
  std::thread([&] {
    EXPECT_FALSE(recursive.acquire(false));
    EXPECT_THROW(recursive.release(), RuntimeError);
  }).join();
  recursive.release();
  recursive.release();
  EXPECT_THROW(recursive.release(), RuntimeError);
  const AcquirerProxy bounded = manager.BoundedSemaphore(1);
  EXPECT_THROW(bounded.release(), ValueError);
  EXPECT_THROW(manager.Semaphore(-1), RemoteError);
}

TEST_P(ManagerTest, AConditionAnEventAndABarrierWakeAnother) {
  const SyncManager manager = Manager(options());
  const AcquirerProxy lock = manager.Lock();
  const ConditionProxy condition = manager.Condition(lock);
  const EventProxy event = manager.Event();
  const BarrierProxy barrier = manager.Barrier(2);
  EXPECT_THROW(condition.wait(), RuntimeError);
  EXPECT_FALSE(event.wait(std::chrono::milliseconds(1)));
  condition.acquire();
  Process child(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](ConditionProxy shared, EventProxy set, BarrierProxy meeting) {
        set.set();
        shared.acquire();
        shared.notify();
        shared.release();
        meeting.wait();
      },
      condition, event, barrier);
  child.start();
  EXPECT_TRUE(condition.wait());
  EXPECT_FALSE(lock.acquire(false));
  condition.release();
  EXPECT_TRUE(event.is_set());
  EXPECT_GE(barrier.wait(), 0);
  child.join();
  EXPECT_EQ(barrier.parties(), 2);
  EXPECT_THROW(barrier.wait(std::chrono::milliseconds(1)), BrokenBarrierError);
  EXPECT_TRUE(barrier.broken());
}

TEST_P(ManagerTest, ValueAndArrayAreTyped) {
  const SyncManager manager = Manager(options());
  const ValueProxy value = manager.Value("i", 1);
  value.set(2);
  EXPECT_EQ(value.get<int>(), 2);
  const ArrayProxy array = manager.Array("d", list(1, 2.5));
  array.set(0, 7);
  EXPECT_EQ(array.get<double>(0), 7.0);
  EXPECT_EQ(Object(array.get(Slice{})), list(7.0, 2.5));
  EXPECT_THROW(array.set(2, 0), IndexError);
  EXPECT_THROW(array.set(0, "text"), TypeError);
}

TEST_P(ManagerTest, OwnClassesAreServed) {
  BaseManager manager({}, options());
  manager.register_type<Maths>("Maths");
  manager.register_type<Counter>("Counter");
  manager.start();
  const Proxy maths = manager.create("Maths");
  EXPECT_EQ(maths.call<int>("add", 4, 3), 7);
  EXPECT_EQ(std::get<Object>(maths.callmethod("add", {4}, {{"y", 3}})), Object(7));
  EXPECT_THROW(maths.call("add", 4), TypeError);
  const auto counter = maths.call<Proxy>("counter");
  EXPECT_EQ(counter.call<int>("add", 2), 2);
  EXPECT_THROW(counter.call("_secret"), RemoteError);
  try {
    counter.call("fail", "ValueError", "told so");
    ADD_FAILURE();
  } catch (const ValueError& error) {
    EXPECT_STREQ(error.what(), "told so");
  }
  EXPECT_EQ(manager.create("Counter", 5).call<int>("value"), 5);
}

TEST_P(ManagerTest, AnObjectLivesAsLongAsItsProxies) {
  const SyncManager manager = Manager(options());
  EXPECT_EQ(manager.number_of_objects(), 0u);
  {
    const ListProxy first = manager.list();
    const ListProxy second = first;
    EXPECT_EQ(manager.number_of_objects(), 1u);
  }
  EXPECT_EQ(manager.number_of_objects(), 0u);
}

TEST_P(ManagerTest, TheReferencesOfAKilledClientEnd) {
  const SyncManager manager = Manager(options());
  const EventProxy taken = manager.Event();
  std::optional<ListProxy> list = manager.list();
  Process child(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](ListProxy shared, EventProxy event) {
        shared.append(1);
        event.set();
        std::this_thread::sleep_for(std::chrono::hours(1));
      },
      *list, taken);
  child.start();
  taken.wait();
  list.reset();
  EXPECT_EQ(manager.number_of_objects(), 2u);  // the child's
  child.kill();
  child.join();
  // The server sees the end of the connection in its own time.
  while (manager.number_of_objects() != 1) std::this_thread::yield();
}

// A queue that is full, and a process that cannot be started.
TEST_P(ManagerTest, WhatDidNotTravelKeepsNothing) {
  struct Stubborn {
    Stubborn() = default;
    explicit Stubborn(Undecoded) {}
    void save(Writer&) const { throw PickleError("not this one"); }
    void load(Reader&) {}
  };
  const SyncManager manager = Manager(options());
  {
    const ListProxy list = manager.list();
    Queue<ListProxy> queue(1);
    queue.put(list);
    for (int i = 0; i < 3; ++i) EXPECT_THROW(queue.put_nowait(list), Full);
    queue.get();
    Queue<std::pair<ListProxy, Stubborn>> refused;
    EXPECT_THROW(refused.put({list, Stubborn()}), PickleError);
    if (GetParam() != "fork") {
      Process child(
          ProcessOptions{.start_method = start_method(GetParam())}, [](ListProxy, Stubborn) {}, list, Stubborn());
      EXPECT_THROW(child.start(), PickleError);
    }
  }
  EXPECT_EQ(manager.number_of_objects(), 0u);
}

// Only data refers to the inner one, and a proxy of neither is left.
TEST_P(ManagerTest, TheKeyOfAServerIsKnownWhenNoProxyIsLeft) {
  ManagerOptions own_key = options();
  own_key.authkey = "not that of the processes";
  const SyncManager manager = Manager(own_key);
  const Object inner = [&] {
    const ListProxy outer = manager.list();
    outer.append(manager.list(list(1)).object());
    return outer.get(0);
  }();
  EXPECT_EQ(Object(ListProxy(Proxy::from(inner)).copy()), list(1));
}

TEST_P(ManagerTest, ALockIsThisThreadsWhileOtherProxiesComeAndGo) {
  const SyncManager manager = Manager(options());
  const AcquirerProxy lock = manager.RLock();
  EXPECT_TRUE(lock.acquire());
  for (int i = 0; i < 3; ++i) manager.list().append(i);
  lock.release();
}

// What the child has of its own stays; what its parent had is the parent's.
TEST_P(ManagerTest, TheReferencesOfAKilledClientEndWhileAChildOfItLives) {
  const SyncManager manager = Manager(options());
  Event made, done;
  Process client(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](std::string path, std::string method, Event is_made, Event is_done) {
        SyncManager server{Address(path)};
        server.connect();
        const ListProxy shared = server.list();
        Event lives;
        Process child(
            ProcessOptions{.start_method = start_method(method)},
            [](ListProxy, Event begun, Event end) {
              begun.set();
              end.wait(std::chrono::minutes(10));
            },
            shared, lives, is_done);
        child.start();
        lives.wait();
        const ListProxy own = server.list();
        is_made.set();
        is_done.wait(std::chrono::minutes(10));
      },
      manager.address().path(), GetParam(), made, done);
  client.start();
  made.wait();
  EXPECT_EQ(manager.number_of_objects(), 2u);
  client.kill();
  client.join();
  // The server sees the end of the connection in its own time.
  while (manager.number_of_objects() != 1) std::this_thread::yield();
  done.set();
  while (manager.number_of_objects() != 0) std::this_thread::yield();
}

TEST_P(ManagerTest, WhatCameForAKilledClientIsAnothersWhileAChildOfItLives) {
  const SyncManager manager = Manager(options());
  const ConditionProxy condition = manager.Condition();
  Event lives, done;
  Process client(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](ConditionProxy shared, std::string method, Event child_lives, Event is_done) {
        shared.acquire();
        Process child(
            ProcessOptions{.start_method = start_method(method)},
            [](Event begun, Event end) {
              begun.set();
              end.wait(std::chrono::minutes(10));
            },
            child_lives, is_done);
        child.start();
        shared.wait();
      },
      condition, GetParam(), lives, done);
  client.start();
  lives.wait();
  condition.acquire();  // the client waits, and is the first
  client.kill();
  client.join();
  std::thread notifier([&] {
    condition.acquire();
    condition.notify();
    condition.release();
  });
  EXPECT_TRUE(condition.wait());
  notifier.join();
  condition.release();
  done.set();
}

TEST_P(ManagerTest, AnInitializerRunsInTheServerAndMayFail) {
  Queue<std::int64_t> queue;
  SyncManager manager({}, options());
  manager.start([](Queue<std::int64_t> told) { told.put(*current_process().pid()); }, queue);
  EXPECT_NE(queue.get(), *current_process().pid());
  SyncManager failing({}, options());
  try {
    failing.start([] { throw ValueError("not today"); });
    ADD_FAILURE();
  } catch (const ValueError& error) {
    EXPECT_STREQ(error.what(), "not today");
  }
}

TEST_P(ManagerTest, ATakenAddressIsAnErrorOfStart) {
  BaseManager first({"127.0.0.1", 0}, options());
  first.start();
  BaseManager second(first.address(), options());
  EXPECT_THROW(second.start(), OSError);
}

TEST_P(ManagerTest, WhatIsDoneAtTheWrongTimeIsAnError) {
  SyncManager manager({}, options());
  EXPECT_THROW(manager.dict(), AssertionError);
  manager.start();
  EXPECT_THROW(manager.start(), ProcessError);
  EXPECT_THROW(manager.get_server(), ProcessError);
  const DictProxy dict = manager.dict();
  manager.shutdown();
  manager.shutdown();
  EXPECT_THROW(manager.start(), ProcessError);
  EXPECT_THROW(dict.set(1, 2), Error);
}

TEST_P(ManagerTest, AKilledServerIsAnErrorAndNoHang) {
  BaseManager manager({}, options());
  manager.register_type<Counter>("Counter");
  manager.start();
  const Proxy counter = manager.create("Counter");
  EXPECT_EQ(counter.call<int>("value"), 0);
  for (Process& child : active_children()) child.kill();
  manager.join();
  EXPECT_THROW(counter.call("value"), Error);
  EXPECT_THROW(manager.create("Counter"), Error);
}

TEST_P(ManagerTest, AServerEndsWithItsKilledCreatorAndLeavesNoSocket) {
  Queue<std::string> told;
  Process creator(
      ProcessOptions{.start_method = start_method(GetParam())},
      [](Queue<std::string> where, std::string method) {
        const SyncManager manager = Manager({.authkey = "key", .start_method = start_method(method)});
        where.put(manager.address().path());
        std::this_thread::sleep_for(std::chrono::hours(1));
      },
      told, GetParam());
  creator.start();
  const Address address(told.get());
  const Connection connection = Client(address, {.authkey = "key"});
  creator.kill();
  creator.join();
  EXPECT_THROW(connection.recv(), Error);
  EXPECT_THROW(Client(address, {.authkey = "key"}), Error);  // nobody listens, or hangs up, as it is about to end
  EXPECT_FALSE(std::filesystem::exists(address.path()));
}

TEST_P(ManagerTest, AProcessThatEndsWhileItServesLeavesNoSocket) {
  Queue<std::string> told;
  run(
      [](Queue<std::string> where) {
        const Server server = SyncManager().get_server();
        std::thread([server] { server.serve_forever(); }).detach();
        where.put(server.address().path());
      },
      told);
  const std::string path = told.get();
  EXPECT_FALSE(std::filesystem::exists(path)) << path;
}

INSTANTIATE_TEST_SUITE_P(Methods, ManagerTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& info) { return info.param; });

TEST(Remote, OneObjectForAllClients) {
  BaseManager serving({"127.0.0.1", 0}, {.authkey = "abc"});
  const auto queue = std::make_shared<managed::Queue>();
  serving.register_type("get_queue", [queue] { return queue; });
  const Server server = serving.get_server();
  std::thread thread([&] { server.serve_forever(); });
  BaseManager client(server.address(), {.authkey = "abc"});
  client.register_type("get_queue");
  client.connect();
  queue->put("hello");
  EXPECT_EQ(client.create<QueueProxy>("get_queue").get<std::string>(), "hello");
  // Who makes no sense is told so, and harms nobody else.
  const Connection odd = Client(server.address(), {.authkey = "abc"});
  odd.send_bytes("junk");
  EXPECT_EQ(odd.recv().get<Tuple>().items.at(0), Object("#TRACEBACK"));
  BaseManager stranger(server.address(), {.authkey = "a guess"});
  EXPECT_THROW(stranger.connect(), AuthenticationError);
  proxy_internal::dispatch(server.address(), "abc", "shutdown");
  thread.join();
  EXPECT_THROW(client.connect(), Error);
}

// A client says where the server is in his own words.
class ByTheNameOfTheHost : public testing::Test {
 protected:
  ByTheNameOfTheHost() {
    serving_.start();
    client_.emplace(Address("localhost", serving_.address().port()), ManagerOptions{.authkey = "abc"});
    client_->connect();
  }

  SyncManager serving_{{"127.0.0.1", 0}, {.authkey = "abc"}};
  std::optional<SyncManager> client_;
};

TEST_F(ByTheNameOfTheHost, WhatIsInAListLivesOn) {
  const ListProxy outer = client_->list();
  outer.append(client_->list(list(1)).object());
  EXPECT_EQ(Object(outer.get<ListProxy>(0).copy()), list(1));
}

TEST_F(ByTheNameOfTheHost, AConditionTakesALock) {
  const AcquirerProxy lock = client_->Lock();
  const ConditionProxy condition = client_->Condition(lock);
  EXPECT_TRUE(condition.acquire());
  EXPECT_FALSE(lock.acquire(false));
}

TEST(TwoServers, HaveNoIdInCommon) {
  const SyncManager one = Manager();
  const SyncManager other = Manager();
  EXPECT_NE(one.list().token().id, other.list().token().id);
}

}  // namespace
}  // namespace mp
