// Managers whose servers or clients are stopped or killed, and what is left over: with signals, and with children that are forked.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "reference/authentication.h"
#include "reference/error.h"
#include "reference/event.h"
#include "reference/listener.h"
#include "reference/manager.h"

namespace mp {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The process of the only manager that there is.
void send_to_server(int signal) { ASSERT_EQ(::kill(static_cast<pid_t>(*active_children().at(0).pid()), signal), 0); }

// The system gives out the lowest number that is free: it grows by what is left open.
platform::NativeHandle next_handle() { return Pipe().first.fileno(); }

// What the process of a server was told by its initializer.
std::optional<Event> begun, done, late;

struct Starter {
  static Class<Starter> describe() {
    return Class<Starter>("Starter")
        .method("start()",
                [](Starter&) {
                  Process child(ProcessOptions{.daemon = false, .start_method = StartMethod::kFork}, [] {
                    begun->set();
                    if (!done->wait(std::chrono::seconds(30))) late->set();
                  });
                  child.start();
                })
        .method("wait()", [](Starter&) { std::this_thread::sleep_for(std::chrono::hours(1)); });
  }
};

TEST(AKilledServer, IsAnErrorAndNoHangWhileAChildThatItForkedLives) {
  Event has_begun, is_done, is_late;
  BaseManager manager;
  manager.register_type<Starter>("Starter");
  manager.start(
      [](Event first, Event second, Event third) {
        begun = first;
        done = second;
        late = third;
      },
      has_begun, is_done, is_late);
  const Proxy starter = manager.create("Starter");
  std::thread waiting([&] { EXPECT_THROW(starter.call("wait"), Error); });
  starter.call("start");
  has_begun.wait();
  send_to_server(SIGKILL);
  manager.join();
  waiting.join();
  EXPECT_THROW(starter.call("wait"), Error);
  EXPECT_THROW(Client(manager.address(), {.authkey = current_process().authkey()}), ConnectionRefusedError);
  EXPECT_FALSE(is_late.is_set());
  is_done.set();
}

TEST(AStoppedServer, IsKilledByShutdownAfterTwiceItsTime) {
  SyncManager manager = Manager({.shutdown_timeout = milliseconds(200)});
  send_to_server(SIGSTOP);
  const auto begin = Clock::now();
  manager.shutdown();
  EXPECT_LT(Wait(Clock::now() - begin).duration(), kHandshakeTime.duration());
}

TEST(AStoppedServer, DoesNotKeepAChildFromBeingForked) {
  const SyncManager manager = Manager();
  const ListProxy list = manager.list();
  Event goes_on;
  Process child(
      ProcessOptions{.start_method = StartMethod::kFork},
      [](ListProxy shared, Event resumed) {
        resumed.wait();
        shared.append(1);
      },
      list, goes_on);
  send_to_server(SIGSTOP);
  const auto begin = Clock::now();
  child.start();
  EXPECT_LT(Wait(Clock::now() - begin).duration(), kHandshakeTime.duration());
  ::kill(static_cast<pid_t>(*active_children().at(0).pid()), SIGCONT);
  ::kill(static_cast<pid_t>(*active_children().at(1).pid()), SIGCONT);
  goes_on.set();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(Object(list.copy()), mp::list(1));
}

// Also that of a thread which does nothing any more.
TEST(Descriptors, AreGivenBackWithTheLastProxyOfAServer) {
  const auto use = [](auto&& meanwhile) {
    const SyncManager manager = Manager();
    const ListProxy list = manager.list();
    list.append(1);
    meanwhile(list);
  };
  use([](auto&) {});
  const platform::NativeHandle before = next_handle();
  for (int i = 0; i < 3; ++i) use([](auto&) {});
  EXPECT_EQ(next_handle(), before);

  std::thread idle;
  Event has_used, ends;
  const platform::NativeHandle between = next_handle();
  use([&](const ListProxy& list) {
    idle = std::thread([&list, has_used, ends]() mutable {
      list.append(2);
      has_used.set();
      ends.wait();
    });
    has_used.wait();
  });
  EXPECT_EQ(next_handle(), between);
  ends.set();
  idle.join();
}

TEST(AKilledClient, LeavesNothingOfWhatItWasMaking) {
  const SyncManager manager = Manager();
  for (int i = 0; i < 30; ++i) {
    Event making;
    Process client(
        ProcessOptions{.start_method = StartMethod::kFork},
        [](std::string path, Event is_making) {
          SyncManager server{Address(path)};
          server.connect();
          for (;;) {
            server.list();
            is_making.set();
          }
        },
        manager.address().path(), making);
    client.start();
    making.wait();
    std::this_thread::sleep_for(milliseconds(i % 5));
    client.kill();
    client.join();
  }
  // The server sees the end of the connections in its own time; what is not tied to one stays for ever.
  for (int i = 0; i < 200 && manager.number_of_objects() != 0; ++i) std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(manager.number_of_objects(), 0u);
}

}  // namespace
}  // namespace mp
