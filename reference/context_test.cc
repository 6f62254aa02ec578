#include "reference/context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "platform/child.h"
#include "reference/barrier.h"
#include "reference/condition.h"
#include "reference/error.h"
#include "reference/lock.h"
#include "reference/rlock.h"
#include "reference/semaphore.h"

namespace mp {
namespace {

class ContextTest : public testing::Test {
 protected:
  void SetUp() override { set_start_method(std::nullopt, true); }
};

TEST_F(ContextTest, OfANameStartsByThatMethodAndLeavesTheDefaultAlone) {
  for (const std::string& method : get_all_start_methods()) {
    const Context context = get_context(method);
    EXPECT_EQ(context.get_start_method(), method);
    Process process = context.Process([](int code) { exit(code + (parent_process() ? 1 : 0)); }, 3);
    process.start();
    process.join();
    EXPECT_EQ(process.exitcode(), 4);
    Process named = context.Process({.name = "named"}, [] { exit(current_process().name() == "named" ? 7 : 1); });
    named.start();
    named.join();
    EXPECT_EQ(named.exitcode(), 7);
    Process child = context.Process([](std::string method) { exit(get_start_method() == method ? 7 : 1); }, method);
    child.start();
    child.join();
    EXPECT_EQ(child.exitcode(), 7);
    EXPECT_EQ(get_start_method(true), std::nullopt);
  }
}

using ContextForkTest = ContextTest;

// What a forked process shows is not what a spawned one does.
TEST_F(ContextForkTest, TwoWorkSideBySide) {
  static int number = 0;
  number = 5;
  const auto tell = [] { exit(number); };
  Process forked = get_context("fork").Process(tell);
  Process spawned = get_context("spawn").Process(tell);
  forked.start();
  spawned.start();
  forked.join();
  spawned.join();
  EXPECT_EQ(forked.exitcode(), 5);
  EXPECT_EQ(spawned.exitcode(), 0);
}

TEST_F(ContextTest, MakesWhatTheNamespaceHas) {
  Lock lock = get_context("spawn").Lock();
  lock.acquire();
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_TRUE(get_context("spawn").RLock().acquire());
  EXPECT_EQ(get_context("spawn").Semaphore(3).get_value(), 3u);
  EXPECT_THROW(get_context("spawn").BoundedSemaphore().release(), ValueError);
  EXPECT_EQ(get_context("spawn").Barrier(1).wait(), 0);
  Condition condition = get_context("spawn").Condition(lock);
  EXPECT_TRUE(condition.locked());
  EXPECT_FALSE(condition.wait(Wait::none()));
  EXPECT_FALSE(get_context("spawn").Condition().locked());
  EXPECT_EQ(get_context("spawn").cpu_count(), cpu_count());
}

TEST_F(ContextTest, WithoutANameIsTheDefaultAndFixesIt) {
  EXPECT_EQ(get_context().get_start_method(), get_all_start_methods().front());
  EXPECT_EQ(get_start_method(true), get_all_start_methods().front());
}

TEST_F(ContextTest, OfAnUnknownNameIsRefused) {
  EXPECT_THROW(get_context("clone"), ValueError);
  EXPECT_THROW(get_context(""), ValueError);
  EXPECT_THROW(set_start_method("clone"), ValueError);
}

using StartMethodTest = ContextTest;

TEST_F(StartMethodTest, IsSetOnce) {
  set_start_method("spawn");
  EXPECT_EQ(get_start_method(), "spawn");
  EXPECT_THROW(set_start_method(get_all_start_methods().front()), RuntimeError);
  EXPECT_THROW(set_start_method("spawn"), RuntimeError);
  EXPECT_THROW(set_start_method(std::nullopt), RuntimeError);
  set_start_method(get_all_start_methods().back(), true);
  EXPECT_EQ(get_start_method(), get_all_start_methods().back());
  set_start_method(std::nullopt, true);
  EXPECT_EQ(get_start_method(true), std::nullopt);
}

TEST_F(StartMethodTest, IsFixedByBeingAskedFor) {
  EXPECT_EQ(get_start_method(true), std::nullopt);
  EXPECT_EQ(get_start_method(), get_all_start_methods().front());
  EXPECT_THROW(set_start_method("spawn"), RuntimeError);
}

TEST_F(StartMethodTest, WithoutANameIsTheSystemsDefault) {
  set_start_method(std::nullopt);
  EXPECT_EQ(get_start_method(true), get_all_start_methods().front());
}

TEST_F(StartMethodTest, AreThoseOfTheSpecification) {
  const auto methods = get_all_start_methods();
  for (const std::string& method : methods)
    EXPECT_TRUE(method == "fork" || method == "spawn" || method == "forkserver");
  EXPECT_EQ(std::count(methods.begin(), methods.end(), "spawn"), 1);
}

TEST_F(StartMethodTest, SpawnRunsTheExecutableThatWasSet) {
  EXPECT_EQ(get_executable(), platform::this_program());
  set_executable("/no/such/program");
  Process process = get_context("spawn").Process();
  EXPECT_THROW(process.start(), FileNotFoundError);
  const auto copy = std::filesystem::temp_directory_path() / ("copy-" + std::to_string(platform::this_pid()) + ".exe");
  std::filesystem::copy_file(platform::this_program(), copy);
  set_executable(copy.string());
  Process other = get_context("spawn").Process(
      [](std::string name) { exit(std::filesystem::path(platform::this_program()).filename() == name ? 7 : 1); },
      copy.filename().string());
  other.start();
  other.join();
  EXPECT_EQ(other.exitcode(), 7);
  set_executable("");
  std::error_code held;  // Windows keeps the file of a program for a moment longer than its process
  std::filesystem::remove(copy, held);
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

}  // namespace
}  // namespace mp
