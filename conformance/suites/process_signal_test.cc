// Ending a process from outside, and letting go of its object: terminate, kill, close.
#include <optional>
#include <string>

#include "conformance/suites/comes_true.h"
#include "conformance/suites/process_moments.h"
#include "spec/clauses/process.h"

namespace mp::conformance {
namespace {

// The grandchild goes on when its parent was ended that way, which has no chance to clean up.
void expect_outlives(Actor& grandchild, Actor& child, const std::string& way) {
  Actor& main = child.testee().main();
  main.call(child.process(), way);
  main.call(child.process(), "join");
  EXPECT_GOES_ON(grandchild);
  EXPECT_RETURNED(grandchild.call("current_process"));
}

Ref run_and_close(Caller& caller) {
  const Ref process = run(caller, runs("nothing"));
  caller.call(process, "close");
  return process;
}

}  // namespace

CLAUSE_TEST(process_terminate_ends, ARunningProcess) {
  Actor& child = start_process();
  EXPECT_RETURNED(main().call(child.process(), "terminate"));
  EXPECT_ENDED(child);
}

CLAUSE_TEST(process_terminate_sigterm, IsItsExitCode) {
  Actor& child = start_process();
  main().call(child.process(), "terminate");
  main().call(child.process(), "join");
  EXPECT_EQ(main().get(child.process(), "exitcode"), -15);
}

CLAUSE_TEST(process_terminate_does_not_wait, ForAProcessThatStandsStill) {
  Actor& child = start_process();
  child.pause();
  EXPECT_RETURNED(main().call(child.process(), "terminate"));
  if (!child.has_ended()) child.resume();
  EXPECT_ENDED(child);
}

CLAUSE_TEST(process_terminate_no_clean_up, DaemonicChildrenGoOn) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.daemon = true, .parent = &child});
  allow_leftovers();
  expect_outlives(grandchild, child, "terminate");
}

CLAUSE_TEST(process_terminate_orphans, GoOn) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.parent = &child});
  allow_leftovers();
  expect_outlives(grandchild, child, "terminate");
}

CLAUSE_TEST(process_terminate_ended, DoesNothing) {
  const Ref process = run(main(), runs("nothing"));
  EXPECT_RETURNED(main().call(process, "terminate"));
}

CLAUSE_TEST(process_kill_ends, ARunningProcess) {
  Actor& child = start_process();
  EXPECT_RETURNED(main().call(child.process(), "kill"));
  EXPECT_ENDED(child);
}

CLAUSE_TEST(process_kill_sigkill, IsItsExitCode) {
  Actor& child = start_process();
  main().call(child.process(), "kill");
  main().call(child.process(), "join");
  EXPECT_EQ(main().get(child.process(), "exitcode"), -9);
}

CLAUSE_TEST(process_kill_orphans, GoOn) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.parent = &child});
  allow_leftovers();
  expect_outlives(grandchild, child, "kill");
}

CLAUSE_TEST(process_close_ended, IsAllowed) {
  const Ref process = run(main(), runs("nothing"));
  EXPECT_RETURNED(main().call(process, "close"));
}

CLAUSE_TEST(process_close_unjoined, IsAllowed) {
  Actor& child = start_process();
  end(child);
  // The system may have told nobody yet: then it is refused, and asked again.
  std::optional<Reply> closing;
  comes_true(child.testee(), [&] {
    closing = main().call(child.process(), "close");
    return closing->error() == nullptr;
  });
  EXPECT_RETURNED(*closing);
}

CLAUSE_TEST(process_close_running, RaisesValueError) {
  Actor& child = start_process();
  EXPECT_RAISES(main().call(child.process(), "close"), "ValueError");
}

CLAUSE_TEST(process_close_running_goes_on, AndCanBeJoined) {
  Actor& child = start_process();
  expect_refused(main().call(child.process(), "close"));
  EXPECT_GOES_ON(child);
  ASSERT_RETURNED(child.call("current_process"));
  child.bye();
  EXPECT_RETURNED(main().call(child.process(), "join"));
}

CLAUSE_TEST(process_close_methods, RaiseValueError) {
  const Ref process = run_and_close(main());
  for (const char* method : {"start", "join", "is_alive", "terminate", "kill"}) {
    EXPECT_RAISES(main().call(process, method), "ValueError");
  }
}

CLAUSE_TEST(process_close_attributes, RaiseValueError) {
  const Ref process = run_and_close(main());
  for (const char* attribute : {"exitcode", "pid", "sentinel"}) EXPECT_RAISES(main().get(process, attribute), "ValueError");
}

CLAUSE_TEST(process_close_unstarted, IsAllowed) {
  const Ref process = main().make("Process");
  EXPECT_RETURNED(main().call(process, "close"));
}

CLAUSE_TEST(process_close_twice, IsHarmless) {
  const Ref process = run_and_close(main());
  EXPECT_RETURNED(main().call(process, "close"));
}

}  // namespace mp::conformance
