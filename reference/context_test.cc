#include "reference/context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "platform/child.h"
#include "reference/error.h"

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

TEST_F(ContextTest, MakesLocks) {
  const Context context = get_context("spawn");
  Lock lock = context.Lock();
  lock.acquire();
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_TRUE(context.RLock().acquire());
  EXPECT_EQ(context.Semaphore(3).get_value(), 3u);
  EXPECT_THROW(context.BoundedSemaphore().release(), ValueError);
  EXPECT_FALSE(context.Event().is_set());
  EXPECT_EQ(context.Barrier(1).wait(), 0);
  Condition condition = context.Condition(lock);
  EXPECT_TRUE(condition.locked());
  EXPECT_FALSE(condition.wait(Wait::none()));
  EXPECT_FALSE(context.Condition().locked());
}

TEST_F(ContextTest, MakesQueuesAndPipes) {
  const Context context = get_context("spawn");
  auto queue = context.Queue<int>(1);
  queue.put(1);
  EXPECT_TRUE(queue.full());
  EXPECT_TRUE(context.Queue<std::string>().empty());
  auto tasks = context.JoinableQueue<int>();
  tasks.put(1);
  EXPECT_EQ(tasks.unfinished_tasks(), 1u);
  EXPECT_TRUE(context.SimpleQueue<int>().empty());
  auto [first, second] = context.Pipe();
  second.send("there");
  first.send(1);
  EXPECT_EQ(first.recv<std::string>(), "there");
  EXPECT_EQ(second.recv<int>(), 1);
  EXPECT_FALSE(context.Pipe(false).first.writable());
}

TEST_F(ContextTest, MakesValuesAndArrays) {
  const Context context = get_context("spawn");
  Lock lock = context.Lock();
  EXPECT_EQ(context.Value<int>().value(), 0);
  EXPECT_EQ(context.Value<double>(2).value(), 2.0);
  EXPECT_EQ(context.Value(1.5).value(), 1.5);
  Value<int, Lock> guarded = context.Value<int>(3, lock);
  lock.acquire();
  EXPECT_FALSE(guarded.acquire(false));
  EXPECT_EQ(context.RawValue<int>().value(), 0);
  EXPECT_EQ(context.RawValue<char>('x').value(), 'x');
  const std::vector<int> numbers = {1, 2, 3};
  EXPECT_EQ(context.Array<int>(10).size(), 10u);
  EXPECT_EQ(context.Array<int>({4, 5})[1], 5);
  EXPECT_EQ(context.Array<int>(numbers)[-1], 3);
  EXPECT_FALSE(context.Array<int>(10, lock).acquire(false));
  EXPECT_FALSE(context.Array<int>({4, 5}, lock).acquire(false));
  EXPECT_FALSE(context.Array<int>(numbers, lock).acquire(false));
  EXPECT_EQ(context.RawArray<int>(10).size(), 10u);
  EXPECT_EQ(context.RawArray<int>({4, 5})[1], 5);
  EXPECT_EQ(context.RawArray<int>(numbers)[-1], 3);
}

TEST_F(ContextTest, OfAnyKindKnowsWhatIsTheSameForAll) {
  const Context context = get_context("spawn");
  EXPECT_EQ(context.cpu_count(), cpu_count());
  EXPECT_EQ(&context.current_process(), &current_process());
  EXPECT_EQ(context.parent_process(), nullptr);
  EXPECT_TRUE(context.active_children().empty());
  EXPECT_EQ(context.get_all_start_methods(), get_all_start_methods());
  EXPECT_EQ(context.get_logger().level(), get_logger().level());
  const int before = get_logger().level();
  context.log_to_stderr(log_level::kError);
  EXPECT_EQ(get_logger().level(), log_level::kError);
  get_logger().set_level(before);
  context.set_executable("/no/such/program");
  EXPECT_EQ(get_executable(), "/no/such/program");
  context.set_executable("");
}

// The method by which a child was started is the default there.
std::string own_method() { return get_start_method(); }

TEST_F(ContextTest, MakesPoolsOfItsMethod) {
  for (const std::string& method : get_all_start_methods()) {
    const Context context = get_context(method);
    EXPECT_EQ(context.Pool(1).apply(own_method), method);
    EXPECT_EQ(context.Pool({.processes = 1, .maxtasksperchild = 1}).apply(own_method), method);
    EXPECT_EQ(context.Pool().apply(own_method), method);
    EXPECT_EQ(get_start_method(true), std::nullopt);
  }
}

TEST_F(ContextTest, MakesManagersOfItsMethod) {
  for (const std::string& method : get_all_start_methods()) {
    const Context context = get_context(method);
    const SyncManager manager = context.Manager();
    EXPECT_EQ(manager.Pool(1).apply<own_method>(), method);
    EXPECT_EQ(context.Manager({.authkey = "key"}).list(list(1, 2)).size(), 2u);
    EXPECT_EQ(get_start_method(true), std::nullopt);
  }
}

TEST_F(ContextTest, HasItsMethodForGood) {
  const Context context = get_context("spawn");
  EXPECT_EQ(context.get_start_method(true), "spawn");
  EXPECT_THROW(context.set_start_method("spawn"), ValueError);
  EXPECT_THROW(context.set_start_method("spawn", true), ValueError);
  EXPECT_THROW(context.set_start_method(std::nullopt, true), ValueError);
  EXPECT_EQ(context.get_context().get_start_method(), "spawn");
  for (const std::string& method : get_all_start_methods())
    EXPECT_EQ(context.get_context(method).get_start_method(), method);
  EXPECT_THROW(context.get_context("clone"), ValueError);
  EXPECT_EQ(get_start_method(true), std::nullopt);
}

int preloaded = 0;

TEST_F(ContextForkTest, ServerHasWhatWasPreloaded) {
  // In a child, whose fork server is still to begin.
  Process process = get_context("spawn").Process([] {
    const Context context = get_context("forkserver");
    context.set_forkserver_preload({[] { preloaded = 7; }});
    Process child = context.Process([] { exit(preloaded); });
    child.start();
    child.join();
    exit(*child.exitcode());
  });
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 7);
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
