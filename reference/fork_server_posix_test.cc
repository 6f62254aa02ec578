#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "platform/child.h"
#include "reference/error.h"
#include "reference/fork_server.h"
#include "reference/process.h"
#include "reference/process_line.h"
#include "reference/start_method.h"

namespace mp {
namespace {

std::int64_t system_parent() {
  auto [near, far] = Line::pair();
  Process process([](Line line) { line.say(std::to_string(::getppid())); }, far);
  process.start();
  const std::int64_t parent = std::stoll(near.hear());
  process.join();
  return parent;
}

class ForkServerTest : public testing::Test {
 protected:
  void SetUp() override { set_start_method("forkserver", true); }
};

TEST_F(ForkServerTest, OneServesAllStarts) {
  const std::int64_t server = system_parent();
  EXPECT_NE(server, platform::this_pid());
  EXPECT_EQ(system_parent(), server);
}

TEST_F(ForkServerTest, ANewOneIsBegunWhenItWasKilled) {
  auto [near, far] = Line::pair();
  Process process([](Line line) { line.say("began"), line.hear(), exit(4); }, far);
  process.start();
  EXPECT_EQ(near.hear(), "began");
  const std::int64_t server = system_parent();
  ::kill(static_cast<pid_t>(server), SIGKILL);
  EXPECT_NE(system_parent(), server);  // without waiting for its death
  EXPECT_TRUE(process.is_alive());
  near.say("end");
  process.join();
  EXPECT_EQ(process.exitcode(), 255);  // the true one died with the server
}

int preloaded = 0;

TEST_F(ForkServerTest, PreloadsWhatItsChildrenFind) {
  set_forkserver_preload({[] { preloaded = 5; }, [] { throw ValueError("ignored"); }, [] { ++preloaded; }});
  fork_server::stop();
  Process process([] { exit(preloaded); });
  EXPECT_EQ(finish(process), 6);
  EXPECT_EQ(preloaded, 0);
  set_forkserver_preload({});
  fork_server::stop();
}

}  // namespace
}  // namespace mp
