// The runner is killed, as nothing can survive, at any moment of a test: no process of a testee stays, no guard, no file.
#include "conformance/harness/guard.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string_view>

#include "conformance/harness/clause_test.h"
#include "conformance/harness/marked.h"

namespace mp::conformance {
namespace {

// A runner of tests without end: each starts a child and lets it hang.
class EndlessScene : public Scene {
  void body() override {
    Ref object = main().make("Object");
    Actor& child = start_process({object});
    Pending pending = child.begin(object, "act");
    main().call(object, "echo", 1);
  }
};

[[noreturn]] void run_tests_for_ever() {
  Settings settings;
  settings.command = {"conformance/fakes/fake", "hang"};
  set_settings(settings);
  spec::Clause clause{};
  const ClauseTest test{&clause,  "endless", "Runs",
                        __FILE__, __LINE__,  [] { return std::make_unique<EndlessScene>(); }};
  for (;;) run_clause_test(test, "fork");
}

class Killed : public testing::TestWithParam<const char*> {};

constexpr std::chrono::seconds kPromised(5);

TEST_P(Killed, ARunnerLeavesNothing) {
  const Marked marked;
  ::setenv(kIsolationVariable, GetParam(), 1);
  static const std::string parent = testing::TempDir();  // before TMPDIR changes
  std::string directory = parent + "/guard_test_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  ::setenv("TMPDIR", directory.c_str(), 1);
  std::mt19937 random(17);
  std::uniform_int_distribution<std::size_t> there(1, 6);  // of runner, post, guard outside, guard inside, main, child
  std::uniform_int_distribution<useconds_t> moment(0, 20'000);
  for (int i = 0; i < 50; ++i) {
    const pid_t runner = ::fork();
    if (runner == 0) ::execl(this_program().c_str(), "guard_test", "--run-tests", nullptr);
    for (const std::size_t count = there(random); marked.now().size() < count;) ::usleep(100);
    ::usleep(moment(random));  // where in the test it is killed: chance, and nothing rests on it
    ::kill(runner, SIGKILL);
    ::waitpid(runner, nullptr, 0);
    ASSERT_EQ(marked.left(kPromised), std::vector<std::string>()) << "kill " << i;
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory));
  std::filesystem::remove_all(directory);
}

INSTANTIATE_TEST_SUITE_P(In, Killed, testing::Values("namespaces", "none"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace mp::conformance

int main(int argc, char** argv) {
  if (const auto status = mp::conformance::run_as_guard(argc, argv)) return *status;
  if (argc > 1 && std::string_view(argv[1]) == "--run-tests") mp::conformance::run_tests_for_ever();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
