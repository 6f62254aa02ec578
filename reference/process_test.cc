#include "reference/process.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/wait.h"
#include "reference/error.h"
#include "reference/fork_server.h"
#include "reference/process_line.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using namespace std::chrono_literals;

using ProcessTest = ByEachMethod;

INSTANTIATE_TEST_SUITE_P(By, ProcessTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

// ---- What a process does. ----

void add(int a, int b, const std::string& text, Line line) {
  line.say(text + std::to_string(a + b) + " " + std::to_string(platform::this_pid()));
}

TEST_P(ProcessTest, RunsAFunctionWithItsArgumentsInAnotherProcess) {
  Process process(add, 2, 40, "sum ", far_end());
  EXPECT_EQ(process.pid(), std::nullopt);
  process.start();
  ASSERT_TRUE(process.pid());
  EXPECT_NE(*process.pid(), platform::this_pid());
  EXPECT_EQ(line().hear(), "sum 42 " + std::to_string(*process.pid()));
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

TEST_P(ProcessTest, RunsALambdaWithoutCaptures) {
  Process process([](Line line, std::vector<std::string> words) { line.say(words.at(1)); }, far_end(),
                  std::vector<std::string>{"a", "b"});
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(line().hear(), "b");
}

TEST_P(ProcessTest, RunsALambdaWithCapturesOnlyInACopy) {
  int number = 42;
  Process process([&number](Line line) { line.say(std::to_string(number)); }, far_end());
  if (forks()) {
    EXPECT_EQ(finish(process), 0);
    EXPECT_EQ(line().hear(), "42");
  } else {
    EXPECT_THROW(process.start(), PickleError);
    EXPECT_FALSE(process.is_alive());
    EXPECT_EQ(process.exitcode(), std::nullopt);
  }
}

TEST_P(ProcessTest, WithoutAFunctionEndsWell) {
  Process process;
  EXPECT_EQ(finish(process), 0);
}

int global = 1;

TEST_P(ProcessTest, SharesNoVariables) {
  global = 2;
  Process process([](Line line) { line.say(std::to_string(global++)); }, far_end());
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(line().hear(), forks() ? "2" : "1");
  EXPECT_EQ(global, 2);
}

TEST_P(ProcessTest, ManyRunAtOnce) {
  std::vector<Process> processes;
  std::vector<Line> lines;
  for (int i = 0; i < 5; ++i) {
    auto [near, far] = Line::pair();
    lines.push_back(std::move(near));
    processes.emplace_back([](Line line, int i) { line.say(line.hear() + std::to_string(i)); }, far, i);
  }
  for (Process& process : processes) process.start();
  for (Line& line : lines) line.say("number ");  // none ends before all have begun
  for (int i = 0; i < 5; ++i) EXPECT_EQ(lines[static_cast<std::size_t>(i)].hear(), "number " + std::to_string(i));
  for (Process& process : processes) process.join();
}

TEST_P(ProcessTest, RunCalledDirectlyRunsHere) {
  Process process(add, 1, 2, "", far_end());
  process.run();
  EXPECT_EQ(line().hear(), "3 " + std::to_string(platform::this_pid()));
  EXPECT_EQ(process.pid(), std::nullopt);
}

struct Producer : Subprocess<Producer> {
  Producer() : line(Undecoded{}) {}
  Producer(Line to, std::string what) : line(std::move(to)), text(std::move(what)) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(line, text);
  }
  void run() override { line.say(text + " by " + name()); }

  Line line;
  std::string text;
};

TEST_P(ProcessTest, OfAClassDoesWhatItsRunSays) {
  Producer producer(far_end(), "made");
  producer.set_name("producer");
  EXPECT_EQ(finish(producer), 0);
  EXPECT_EQ(line().hear(), "made by producer");
}

struct OnlyForked : Process {
  explicit OnlyForked(Line to) : line(std::move(to)) {}
  void run() override { line.say("ran"); }
  Line line;
};

TEST_P(ProcessTest, OfAClassThatDoesNotSayHowItTravelsIsRefused) {
  OnlyForked process(far_end());
  if (forks()) {
    EXPECT_EQ(finish(process), 0);
    EXPECT_EQ(line().hear(), "ran");
  } else {
    EXPECT_THROW(process.start(), PickleError);
  }
}

// ---- How it ends. ----

TEST_P(ProcessTest, ExitCodeIsWhatTheFunctionGave) {
  const std::pair<void (*)(), int> cases[] = {
      {[] { exit(7); }, 7},
      {[] { exit(0); }, 0},
      {[] { exit(); }, 0},
      {[] { exit(255); }, 255},
  };
  for (const auto& [function, code] : cases) {
    Process process(function);
    EXPECT_EQ(finish(process), code);
  }
}

TEST_P(ProcessTest, PrintsAnErrorThatNobodyCaught) {
  fork_server::stop();  // the next one writes to what is captured
  testing::internal::CaptureStderr();
  Process process({.name = "unlucky"}, [] { throw ValueError("no such value"); });
  const int code = finish(process);
  Process other([] { exit("a last word"); });
  const int other_code = finish(other);
  fork_server::stop();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code, 1);
  EXPECT_EQ(other_code, 1);
  EXPECT_NE(text.find("unlucky"), std::string::npos) << text;
  EXPECT_NE(text.find("ValueError: no such value"), std::string::npos) << text;
  EXPECT_NE(text.find("a last word"), std::string::npos) << text;
}

TEST_P(ProcessTest, EndsWhenTold) {
  for (void (Process::*const end)() : {&Process::terminate, &Process::kill}) {
    auto [near, far] = Line::pair();
    Process process(wait_for_ever, far);
    process.start();
    EXPECT_EQ(near.hear(), "waits");
    EXPECT_TRUE(process.is_alive());
    EXPECT_EQ(process.exitcode(), std::nullopt);
    (process.*end)();
    process.join();
    EXPECT_FALSE(process.is_alive());
    const std::optional<int> code = process.exitcode();
    EXPECT_LT(code, 0);
    EXPECT_TRUE(platform::Child::was_told_to_end(code.value()));
    process.terminate();
    process.kill();
    EXPECT_EQ(process.exitcode(), code);
  }
}

TEST_P(ProcessTest, EndsWhenToldAtOnce) {
  for (int round = 0; round < 20; ++round) {
    Process process(wait_for_ever, far_end());
    process.start();
    process.terminate();
    process.join();
    EXPECT_EQ(process.exitcode(), -SIGTERM);
  }
}

TEST_P(ProcessTest, RunsItsOwnExitHandlersTheLastFirst) {
  static Line* road = nullptr;
  static int inherited = 0;
  at_exit([] { ++inherited; });
  Process process(
      [](Line line) {
        road = new Line(line);
        at_exit([] { road->say("first " + std::to_string(inherited)); });
        at_exit([] { road->say("second"); });
      },
      far_end());
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(line().hear(), "second");
  EXPECT_EQ(line().hear(), "first 0");
}

// ---- Joining. ----

TEST_P(ProcessTest, JoinWaitsAtMostItsTimeout) {
  Process process(wait_for_ever, far_end());
  process.start();
  for (const auto timeout : {-1ms, 0ms, 20ms}) {
    const auto begin = std::chrono::steady_clock::now();
    process.join(timeout);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, timeout);
    EXPECT_EQ(process.exitcode(), std::nullopt);
  }
  process.terminate();
  process.join(1h);
  process.join();
  EXPECT_EQ(process.exitcode(), -SIGTERM);
}

TEST_P(ProcessTest, AllThreadsThatJoinSeeTheExitCode) {
  for (int round = 0; round < 10; ++round) {
    auto [near, far] = Line::pair();
    auto [other_near, other_far] = Line::pair();
    Process first([](Line line) { line.hear(), exit(3); }, far);
    Process second([](Line line) { line.hear(), exit(4); }, other_far);
    first.start();
    second.start();
    std::vector<std::thread> threads;
    std::array<int, 4> codes{};
    for (std::size_t i = 0; i < codes.size(); ++i) {
      threads.emplace_back([&, i] {
        Process& process = i % 2 == 0 ? first : second;
        process.join();
        codes[i] = process.exitcode().value_or(-1);
      });
    }
    near.say("go");
    other_near.say("go");
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(codes, (std::array{3, 4, 3, 4}));
  }
}

TEST_P(ProcessTest, SentinelIsReadyWhenItHasEnded) {
  Process process([](Line line) { line.hear(); }, far_end());
  EXPECT_THROW(process.sentinel(), ValueError);
  process.start();
  const platform::NativeHandle sentinel = process.sentinel();
  EXPECT_TRUE(platform::wait_any({&sentinel, 1}, platform::Deadline::passed()).empty());
  line().say("end");
  EXPECT_EQ(platform::wait_any({&sentinel, 1}, platform::Deadline::never()).size(), 1u);
  EXPECT_EQ(process.exitcode(), 0);
}

TEST_P(ProcessTest, StartsFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&sum] {
      for (int round = 1; round <= 5; ++round) {
        Process process([](int code) { exit(code); }, round);
        sum += finish(process);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 4 * (1 + 2 + 3 + 4 + 5));
  EXPECT_TRUE(active_children().empty());
}

// ---- What is wrong. ----

TEST_P(ProcessTest, StartsOnlyOnce) {
  Process process;
  EXPECT_EQ(finish(process), 0);
  EXPECT_THROW(process.start(), AssertionError);
  EXPECT_EQ(process.exitcode(), 0);
}

TEST_P(ProcessTest, CannotBeJoinedOrEndedBeforeItStarts) {
  Process process;
  EXPECT_THROW(process.join(), AssertionError);
  EXPECT_FALSE(process.is_alive());
  EXPECT_EQ(process.exitcode(), std::nullopt);
  EXPECT_THROW(process.terminate(), AttributeError);
}

TEST_P(ProcessTest, IsClosedOnlyWhenItHasEnded) {
  Process process({.name = "door"}, wait_for_ever, far_end());
  process.start();
  EXPECT_THROW(process.close(), ValueError);
  EXPECT_TRUE(process.is_alive());
  process.terminate();
  process.join();
  process.close();
  process.close();
  EXPECT_THROW(process.join(), ValueError);
  EXPECT_THROW(process.start(), ValueError);
  EXPECT_THROW(process.is_alive(), ValueError);
  EXPECT_THROW(process.exitcode(), ValueError);
  EXPECT_THROW(process.pid(), ValueError);
  EXPECT_THROW(process.sentinel(), ValueError);
  EXPECT_THROW(process.terminate(), ValueError);
  EXPECT_EQ(process.name(), "door");
  Process never_started;
  never_started.close();
  EXPECT_THROW(never_started.start(), ValueError);
}

// ---- Closed by one thread while others are at work. ----

bool has_begun_to_start(Process& process) {
  try {
    process.set_daemon(false);
    return false;
  } catch (const AssertionError&) {
    return true;
  }
}

TEST_P(ProcessTest, CannotBeClosedWhileItStarts) {
  Process process(wait_for_ever, far_end());
  std::thread closer([&process] {
    while (!has_begun_to_start(process)) std::this_thread::yield();
    EXPECT_THROW(process.close(), ValueError);
  });
  process.start();
  closer.join();
  EXPECT_TRUE(process.is_alive());
  process.terminate();
  process.join();
}

// Some children that run, and a thread that looks through them all the time.
class LookedAt {
 public:
  LookedAt(int count, Line& line) {
    for (int i = 0; i < count; ++i) children_.emplace_back(wait_for_ever, line);
    for (Process& child : children_) child.start();
    looker_ = std::thread([this] {
      while (!done_) active_children();
    });
  }
  ~LookedAt() {
    done_ = true;
    looker_.join();
    for (Process& child : children_) child.close();
    EXPECT_TRUE(active_children().empty());
  }
  std::vector<Process>& children() { return children_; }

 private:
  std::vector<Process> children_;
  std::atomic<bool> done_ = false;
  std::thread looker_;
};

void await_end(Process& process) {
  const platform::NativeHandle sentinel = process.sentinel();
  platform::wait_any({&sentinel, 1}, platform::Deadline::never());
}

// From the last to the first, as who looks goes the other way.
TEST_P(ProcessTest, IsClosedWhileAnotherThreadLooksThroughTheChildren) {
  LookedAt looked_at(40, far_end());
  for (std::size_t i = looked_at.children().size(); i-- > 0;) {
    Process& child = looked_at.children()[i];
    child.kill();
    await_end(child);
    child.close();
  }
}

// The thread that starts it is kept from adding it to the children, as others look through them.
TEST_P(ProcessTest, IsClosedBeforeStartHasComeBack) {
  LookedAt looked_at(10, far_end());
  for (int round = 0; round < 20; ++round) {
    Process process;
    std::thread closer([&process] {
      while (!process.exitcode()) std::this_thread::yield();
      process.close();
    });
    process.start();
    closer.join();
    EXPECT_EQ(active_children().size(), looked_at.children().size());
  }
  for (Process& child : looked_at.children()) {
    child.kill();
    child.join();
  }
}

TEST_P(ProcessTest, AwaitsAtItsEndChildrenThatItsThreadsClose) {
  Process parent([] {
    for (int i = 0; i < 5; ++i) {
      auto* const child = new Process([] { std::this_thread::sleep_for(20ms); });
      child->start();
      std::thread([child] {
        await_end(*child);
        child->close();
      }).detach();
    }
  });
  EXPECT_EQ(finish(parent), 0);
}

// ---- Names, parents, children. ----

TEST_P(ProcessTest, IsNamedByItsPlaceInTheFamily) {
  Process first;
  Process second(
      [](Line line) {
        Process child;
        line.say(current_process().name() + " " + child.name());
      },
      far_end());
  EXPECT_EQ(first.name().substr(0, 8), "Process-");
  EXPECT_EQ(second.name(), "Process-" + std::to_string(std::stoi(first.name().substr(8)) + 1));
  EXPECT_EQ(finish(second), 0);
  EXPECT_EQ(line().hear(), second.name() + " " + second.name() + ":1");
}

TEST_P(ProcessTest, KeepsTheNameItWasGiven) {
  Process process(
      {.name = "given"}, [](Line line) { line.say(current_process().name()); }, far_end());
  EXPECT_EQ(process.name(), "given");
  process.set_name("changed");
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(line().hear(), "changed");
}

TEST_P(ProcessTest, KnowsItselfAndItsParent) {
  Process process(
      [](Line line) {
        const ParentProcess* parent = parent_process();
        line.say(std::to_string(*current_process().pid()) + " " + std::to_string(parent->pid()) + " " + parent->name() +
                 (parent->is_alive() ? " lives" : " is dead"));
        try {
          current_process().join();
        } catch (const AssertionError&) {
          line.say("no join");
        }
      },
      far_end());
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(line().hear(),
            std::to_string(*process.pid()) + " " + std::to_string(platform::this_pid()) + " MainProcess lives");
  EXPECT_EQ(line().hear(), "no join");
}

TEST_P(ProcessTest, SeesTheEndOfItsParent) {
  Process parent(
      [](Line line) {
        Process child(
            [](Line line) {
              line.say("began");
              parent_process()->join();
              line.say(parent_process()->is_alive() ? "parent lives" : "parent is gone");
            },
            line);
        child.start();
        child.join();
      },
      far_end());
  parent.start();
  EXPECT_EQ(line().hear(), "began");
  parent.kill();
  EXPECT_EQ(line().hear(), "parent is gone");
  parent.join();
}

TEST_P(ProcessTest, GrandchildrenStartByTheSameMethod) {
  Process parent(
      [](Line line) {
        Process child([](Line line) { line.say(get_start_method()); }, line);
        exit(finish(child));
      },
      far_end());
  EXPECT_EQ(finish(parent), 0);
  EXPECT_EQ(line().hear(), GetParam());
}

TEST_P(ProcessTest, InheritsTheKeyOfItsCreator) {
  EXPECT_EQ(current_process().authkey().size(), 32u);
  const auto tell = [](Line line) { line.say(current_process().authkey()); };
  Process process(tell, far_end());
  EXPECT_EQ(finish(process), 0);
  EXPECT_EQ(line().hear(), current_process().authkey());
  Process other(tell, far_end());
  other.set_authkey(std::string("own\0key", 7));
  EXPECT_EQ(finish(other), 0);
  EXPECT_EQ(line().hear(), std::string("own\0key", 7));
}

TEST_P(ProcessTest, ActiveChildrenAreThoseThatRun) {
  EXPECT_TRUE(active_children().empty());
  Process idle;
  Process process(wait_for_ever, far_end());
  process.start();
  EXPECT_EQ(line().hear(), "waits");
  std::vector<Process> active = active_children();
  ASSERT_EQ(active.size(), 1u);
  EXPECT_EQ(active[0].pid(), process.pid());
  EXPECT_EQ(active[0].name(), process.name());
  Process sibling([] { exit(static_cast<int>(active_children().size())); });
  EXPECT_EQ(finish(sibling), 0);
  active[0].terminate();
  process.join();
  EXPECT_TRUE(active_children().empty());
}

TEST_P(ProcessTest, ADaemonicOneHasNoChildren) {
  EXPECT_FALSE(current_process().daemon());
  Process plain;
  EXPECT_FALSE(plain.daemon());
  Process process({.daemon = true}, [] {
    Process child;
    if (!current_process().daemon() || !child.daemon()) exit(9);
    try {
      child.start();
    } catch (const AssertionError&) {
      exit(5);
    }
  });
  EXPECT_TRUE(process.daemon());
  EXPECT_EQ(finish(process), 5);
  EXPECT_THROW(process.set_daemon(false), AssertionError);
  EXPECT_TRUE(process.daemon());
}

TEST_P(ProcessTest, PrintsItsState) {
  Process process({.name = "x", .daemon = true}, [] { exit(3); });
  EXPECT_EQ(process.repr(), "<Process name='x' parent=" + std::to_string(platform::this_pid()) + " initial daemon>");
  finish(process);
  EXPECT_NE(process.repr().find("stopped exitcode=3"), std::string::npos) << process.repr();
}

// ---- The rest. ----

TEST(Processors, AreCounted) {
  EXPECT_GE(cpu_count(), 1);
  EXPECT_LE(usable_cpu_count(), cpu_count());
}

TEST(MainProcess, IsNobodysChild) {
  EXPECT_EQ(parent_process(), nullptr);
  EXPECT_EQ(current_process().name(), "MainProcess");
  EXPECT_EQ(current_process().pid(), platform::this_pid());
  EXPECT_TRUE(current_process().is_alive());
  EXPECT_THROW(current_process().start(), AssertionError);
  EXPECT_THROW(current_process().join(), AssertionError);
}

}  // namespace
}  // namespace mp
