// What happens at the end of a main process.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include "platform/child.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/process_line.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using namespace std::chrono_literals;

using ProgramTest = ByEachMethod;

INSTANTIATE_TEST_SUITE_P(By, ProgramTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

// Runs this program again as one of the programs below, and gives all that it and its descendants print on standard output: the
// end comes only when none of them is left.
std::string output_of(const std::string& program, const std::string& method) {
  const std::string command = '"' + platform::this_program() + "\" --program=" + program + " " + method + " 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c; (c = std::fgetc(pipe)) != EOF;) output.push_back(static_cast<char>(c));
  pclose(pipe);
  return output;
}

void print(const std::string& text) { std::cout << text << std::endl; }

void sleep_for_ever(Line line) {
  line.say("waits");
  while (true) std::this_thread::sleep_for(1h);
}

// The child that is not daemonic ends only after main has returned; the daemonic one never does.
void leaves_children() {
  static auto [near, far] = Line::pair();
  Process worker([](Line line) { print(line.hear() == "main has returned" ? "worker done" : "worker alone"); }, far);
  Process daemon({.daemon = true}, sleep_for_ever, Line::pair().second);
  worker.start();
  daemon.start();
  at_exit([] { near.say("main has returned"); });
}

TEST_P(ProgramTest, AtTheEndOfMainChildrenAreAwaitedAndDaemonicOnesEnded) {
  EXPECT_EQ(output_of("leaves_children", GetParam()), "worker done\n");
}

// Daemonic children that ignore the request are ended all the same.
void leaves_a_stubborn_daemon() {
  auto [near, far] = Line::pair();
  Process daemon(
      {.daemon = true},
      [](Line line) {
        std::signal(SIGTERM, SIG_IGN);
        sleep_for_ever(line);
      },
      far);
  daemon.start();
  print(near.hear());
}

TEST_P(ProgramTest, AStubbornDaemonicChildIsKilled) {
  EXPECT_EQ(output_of("leaves_a_stubborn_daemon", GetParam()), "waits\n");
}

// As if it were killed: nothing of its own runs any more.
[[noreturn]] void vanish() { std::_Exit(9); }

// The parent is killed after its child has ended: nothing of it may be left.
void is_killed() {
  Process child([] { print("child"); });
  child.start();
  child.join();
  vanish();
}

TEST_P(ProgramTest, NothingOutlivesAKilledParentThatHasNoChildren) {
  EXPECT_EQ(output_of("is_killed", GetParam()), "child\n");
}

// Its child never ends by itself.
void is_killed_with_a_bound_child() {
  auto [near, far] = Line::pair();
  Process child({.ends_with_parent = true}, sleep_for_ever, far);
  child.start();
  print(near.hear());
  vanish();
}

TEST_P(ProgramTest, AChildThatIsToldToEndsWithItsParent) {
  EXPECT_EQ(output_of("is_killed_with_a_bound_child", GetParam()), "waits\n");
}

// Text that waits in a buffer is written once.
void prints_before_it_starts() {
  std::printf("printf ");
  std::cout << "cout ";
  Process child([] { std::cout << "child "; });
  child.start();
  child.join();
}

TEST_P(ProgramTest, BufferedOutputIsWrittenOnce) {
  std::string output = output_of("prints_before_it_starts", GetParam());
  EXPECT_EQ(output.size(), std::string("printf cout child ").size()) << output;
}

// Does not call freeze_support().
void forgets_freeze_support() {
  Process child([] {});
  try {
    child.start();
    child.join();
    print("started");
  } catch (const RuntimeError& error) {
    print(error.what());
  }
}

TEST_P(ProgramTest, AProgramWithoutFreezeSupportIsToldSo) {
  const std::string output = output_of("forgets_freeze_support", GetParam());
  if (forks()) {
    EXPECT_EQ(output, "started\n");
  } else {
    EXPECT_NE(output.find("freeze_support(argc, argv)"), std::string::npos) << output;
  }
}

const std::map<std::string, void (*)()> kPrograms = {
    {"leaves_children", leaves_children},
    {"leaves_a_stubborn_daemon", leaves_a_stubborn_daemon},
    {"is_killed", is_killed},
    {"is_killed_with_a_bound_child", is_killed_with_a_bound_child},
    {"prints_before_it_starts", prints_before_it_starts},
    {"forgets_freeze_support", forgets_freeze_support},
};

}  // namespace
}  // namespace mp

int main(int argc, char** argv) {
  const std::string program = argc == 3 && std::string(argv[1]).starts_with("--program=") ? argv[1] + 10 : "";
  if (program != "forgets_freeze_support") mp::freeze_support(argc, argv);
  if (!program.empty()) {
    mp::set_start_method(argv[2]);
    mp::kPrograms.at(program)();
    return 0;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
