// The runner is killed, as nothing can survive, at any moment of a test: no process of a testee stays, no guard, no file.
#include "conformance/harness/guard.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
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

// The directory is told once the program runs: what a sanitizer writes to TMPDIR before main() is not the runner's to remove.
[[noreturn]] void run_tests_for_ever(const char* directory) {
  ::setenv("TMPDIR", directory, 1);
  Settings settings;
  settings.command = {"conformance/fakes/fake", "hang"};
  set_settings(settings);
  spec::Clause clause{};
  const ClauseTest test{&clause,  "endless", "Runs",
                        __FILE__, __LINE__,  [] { return std::make_unique<EndlessScene>(); }};
  for (;;) run_clause_test(test, "fork");
}

constexpr std::chrono::seconds kPromised(5);

// The runner's orphans become children of this process, so none is left exactly when it has no child. (A look at the list of processes may
// miss one that is born and loses its parent meanwhile.)
class Killed : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0); }

  static bool all_end_soon() {
    const auto limit = std::chrono::steady_clock::now() + kPromised;
    for (;;) {
      const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
      if (ended < 0) return errno == ECHILD;
      if (ended > 0) continue;
      if (std::chrono::steady_clock::now() > limit) return false;
      ::usleep(1000);
    }
  }
};

TEST_P(Killed, ARunnerLeavesNothing) {
  const Marked marked;
  ::setenv(kIsolationVariable, GetParam(), 1);
  std::string directory = testing::TempDir() + "/guard_test_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  std::mt19937 random(17);
  std::uniform_int_distribution<std::size_t> there(1, 6);  // of runner, post, guard outside, guard inside, main, child
  std::uniform_int_distribution<useconds_t> moment(0, 20'000);
  for (int i = 0; i < 50; ++i) {
    const pid_t runner = ::fork();
    if (runner == 0) ::execl(this_program().c_str(), "guard_test", "--run-tests", directory.c_str(), nullptr);
    for (const std::size_t count = there(random); marked.now().size() < count;) ::usleep(100);
    ::usleep(moment(random));  // where in the test it is killed: chance, and nothing rests on it
    ::kill(runner, SIGKILL);
    ASSERT_TRUE(all_end_soon()) << "kill " << i << ": " << testing::PrintToString(marked.now());
    ASSERT_TRUE(std::filesystem::is_empty(directory)) << "kill " << i;
  }
  std::filesystem::remove_all(directory);
}

INSTANTIATE_TEST_SUITE_P(In, Killed, testing::Values("namespaces", "none"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace mp::conformance

int main(int argc, char** argv) {
  if (const auto status = mp::conformance::run_as_guard(argc, argv)) return *status;
  if (argc > 2 && std::string_view(argv[1]) == "--run-tests") mp::conformance::run_tests_for_ever(argv[2]);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
