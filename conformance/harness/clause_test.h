// What a suite includes. A test drives the processes of a testee and says what it expects of them:
//
//   CLAUSE_TEST(queue_put_full, WaitsUntilAnotherProcessGets) {
//     Ref queue = main().make("Queue", 1);
//     Actor& child = start_process({queue});
//     main().call(queue, "put", 1);                    // arrangement: a surprise here is `unresolved`
//     Pending second = child.begin(queue, "put", 2);   // the act: a surprise here is `fail`
//     EXPECT_BLOCKED(second);
//     EXPECT_EQ(main().call(queue, "get"), 1);         // looked at: the act, too
//     EXPECT_RETURNED(second);
//   }
//
// One rule tells arrangement from act: **what the test looks at is the act**. A Reply that is compared or given to an EXPECT_ is
// looked at: an error, a hang or a crash in it fails the test. A Reply that nobody looks at, or that becomes a Ref or a Value, is
// arrangement: the next step then ends the test as `unresolved`. So a call without a result worth comparing, if it is the
// act, is written EXPECT_RETURNED(main().call(queue, "close")); and a value that must be examined in parts, see(main().call(...)).
// Keep a Reply, not a Value, to look at it later. (In doubt the mutant of the clause tells: it must make the test fail.)
#ifndef CONFORMANCE_HARNESS_CLAUSE_TEST_H_
#define CONFORMANCE_HARNESS_CLAUSE_TEST_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/expect.h"
#include "conformance/harness/implementation.h"
#include "conformance/harness/scene.h"
#include "conformance/harness/verdict.h"
#include "spec/clause.h"

namespace mp::conformance {

// One test of one clause, not yet bound to a start method.
struct ClauseTest {
  const spec::Clause* clause;
  std::string constant;  // "queue_put_full"
  std::string name;      // "WaitsUntilAnotherProcessGets"
  const char* file;
  int line;
  std::function<std::unique_ptr<Scene>()> scene;

  std::string full_name() const { return constant + "." + name; }
};

// All tests that are linked into this program, in the order of clause id and name.
const std::vector<ClauseTest>& all_clause_tests();
bool add_clause_test(ClauseTest test);

// Starts the testee once, for its hello, and ends it. Throws CannotRun: it does not start, or does not speak the protocol.
Implementation examine_testee();

// Why this clause does not concern that testee under that start method; empty if it does.
std::string unsupported_because(const spec::Clause& clause, const Implementation& testee, std::string_view start_method);

// Starts a testee, runs the body, ends everything. A test that was too slow to be judged is run again, three times in all.
Outcome run_clause_test(const ClauseTest& test, const std::string& start_method);

// Makes it a GoogleTest named "queue_put_full.WaitsUntilAnotherProcessGets/fork" whose outcome goes to the sink.
void register_clause_test(const ClauseTest& test, const std::string& start_method);
void set_outcome_sink(std::function<void(const Outcome&)> sink);

// The first line of every main that runs clause tests: this program also plays the guard that stands between the runner and
// a testee. Gives the exit status if that is what this process was started for.
std::optional<int> run_as_guard(int argc, char** argv);

}  // namespace mp::conformance

#define CLAUSE_TEST(constant, name)                                                                             \
  namespace {                                                                                                   \
  class constant##_##name : public ::mp::conformance::Scene {                                                   \
    void body() override;                                                                                       \
    static const bool added_;                                                                                   \
  };                                                                                                            \
  const bool constant##_##name::added_ = ::mp::conformance::add_clause_test(                                    \
      {&::mp::spec::constant, #constant, #name, __FILE__, __LINE__,                                             \
       [] { return std::unique_ptr<::mp::conformance::Scene>(std::make_unique<constant##_##name>()); }});       \
  }                                                                                                             \
  void constant##_##name::body()

#endif  // CONFORMANCE_HARNESS_CLAUSE_TEST_H_
