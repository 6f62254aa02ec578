// Which program a child is: set_executable.
#include "conformance/suites/moments.h"
#include "spec/clauses/start_method.h"

namespace mp::conformance {
namespace {

constexpr const char* kNowhere = "/no/such/program";

Ref idle_process(Caller& caller) { return caller.make("Process", Kwargs{{"target", Function{"nothing"}}}); }

// Arrangement: as if nothing had been set.
void set_own_program(Caller& caller) {
  const Value program = caller.call("program");
  caller.call("set_executable", program);
}

}  // namespace

CLAUSE_TEST(start_method_executable_used, NothingRunsWithoutIt) {
  Ref process = idle_process(main());
  EXPECT_RETURNED(main().call("set_executable", kNowhere));
  const Reply started = main().call(process, "start");
  if (started.error() != nullptr) return;
  ASSERT_RETURNED(started);
  ASSERT_RETURNED(main().call(process, "join"));
  EXPECT_NE(main().get(process, "exitcode"), 0);
}

CLAUSE_TEST(start_method_executable_default, IsThatOfItsCreator) {
  const Value program = main().call("program");
  EXPECT_EQ(start_process().call("program"), program);
}

CLAUSE_TEST(start_method_executable_own, ChildrenStart) {
  const Value program = main().call("program");
  EXPECT_RETURNED(main().call("set_executable", program));
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(start_method_executable_again, TheLastOneCounts) {
  main().call("set_executable", kNowhere);
  set_own_program(main());
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(start_method_executable_fork, IsNotLookedFor) {
  main().call("set_executable", kNowhere);
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(start_method_robust_missing_executable, IsRaisedByStart) {
  Ref process = idle_process(main());
  main().call("set_executable", kNowhere);
  EXPECT_RAISES(main().call(process, "start"), "Exception");
}

}  // namespace mp::conformance
