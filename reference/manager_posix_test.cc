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

}  // namespace
}  // namespace mp
