#include "reference/log.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "reference/process.h"
#include "reference/start_method.h"

namespace mp {
namespace {

void warn() { get_logger().warning("doomed"); }

// The fork server was begun before standard error was captured.
std::vector<std::string> methods() {
  auto all = get_all_start_methods();
  std::erase(all, "forkserver");
  return all;
}

class LogTest : public testing::TestWithParam<std::string> {};

// Before anything else of this process has it write.
TEST(Log, WritesNowhereAtFirst) {
  testing::internal::CaptureStderr();
  get_logger().critical("unseen");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Log, WritesWarningsAndAboveUntilALevelIsSet) {
  const Logger logger = log_to_stderr();
  testing::internal::CaptureStderr();
  logger.info("light");
  logger.warning("doomed");
  logger.log(35, "odd");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "[WARNING/MainProcess] doomed\n[Level 35/MainProcess] odd\n");
  log_to_stderr(log_level::kDebug);
  EXPECT_EQ(get_logger().level(), log_level::kDebug);
  testing::internal::CaptureStderr();
  logger.debug("light");
  logger.set_level(log_level::kError);
  logger.warning("unseen");
  logger.error("heavy");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "[DEBUG/MainProcess] light\n[ERROR/MainProcess] heavy\n");
}

// Whoever changes the one leaves the other alone, wherever he is interrupted.
TEST(Log, LevelIsNotLostToWhoHasItWrite) {
  std::atomic<bool> done = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 2; ++i) {
    others.emplace_back([&] {
      while (!done) log_to_stderr();
    });
  }
  int lost = 0;
  for (int level = 1; level <= 100; ++level) {
    get_logger().set_level(level);
    std::this_thread::yield();
    bool is_lost = false;
    for (int look = 0; look < 100; ++look) is_lost |= get_logger().level() != level;
    lost += is_lost;
  }
  done = true;
  for (std::thread& other : others) other.join();
  EXPECT_EQ(lost, 0);
}

TEST_P(LogTest, AChildHasTheSettingsOfItsCreatorAndItsOwnName) {
  log_to_stderr(log_level::kInfo);
  testing::internal::CaptureStderr();
  Process child({.name = "worker", .start_method = start_method(GetParam())}, warn);
  child.start();
  child.join();
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[INFO/worker] child process calling self.run()\n[WARNING/worker] doomed\n[INFO/worker] process exiting "
            "with exitcode 0\n");
}

INSTANTIATE_TEST_SUITE_P(All, LogTest, testing::ValuesIn(methods()), [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mp
