// Waiting for the end of a process, and what is known of it then: join, is_alive, exitcode, sentinel.
#include <cstdint>
#include <string>

#include "conformance/suites/process_moments.h"
#include "spec/clauses/process.h"

namespace mp::conformance {

CLAUSE_TEST(process_join_waits, UntilTheChildEnds) {
  Actor& child = start_process();
  const Pending join = main().begin(child.process(), "join");
  EXPECT_BLOCKED(join);
  child.bye();
  EXPECT_RETURNED(join);
}

CLAUSE_TEST(process_join_timeout_none, WaitsUntilTheChildEnds) {
  Actor& child = start_process();
  const Pending join = main().begin(child.process(), "join", None);
  EXPECT_BLOCKED(join);
  child.bye();
  EXPECT_RETURNED(join);
}

CLAUSE_TEST(process_join_timeout_not_before, GivesUpNoEarlier) {
  Actor& child = start_process();
  EXPECT_TOOK_AT_LEAST(main().call(child.process(), "join", 0.15), 0.15);
}

CLAUSE_TEST(process_join_timeout_within, GivesUpInTime) {
  Actor& child = start_process();
  const Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(child.process(), "join", 0.1), control);
}

CLAUSE_TEST(process_join_timeout_ended_in_time, ReturnsAtTheEnd) {
  Actor& child = start_process();
  const Pending join = main().begin(child.process(), "join", 1000.0);
  await_blocked(join);
  child.bye();
  EXPECT_RETURNED(join);
}

CLAUSE_TEST(process_join_timeout_zero_or_negative, ReturnsWhileTheChildRuns) {
  Actor& child = start_process();
  EXPECT_RETURNED(main().call(child.process(), "join", 0));
  EXPECT_RETURNED(main().call(child.process(), "join", -1));
}

CLAUSE_TEST(process_join_gives_none_ended, ForAnEndedChild) {
  Actor& child = start_process();
  child.bye();
  EXPECT_EQ(main().call(child.process(), "join"), None);
}

CLAUSE_TEST(process_join_gives_none_late, ForARunningChild) {
  Actor& child = start_process();
  EXPECT_EQ(main().call(child.process(), "join", 0.01), None);
}

CLAUSE_TEST(process_join_child_runs_on, AfterTheTimeIsOver) {
  Actor& child = start_process();
  main().call(child.process(), "join", 0.01);
  EXPECT_GOES_ON(child);
  EXPECT_EQ(main().get(child.process(), "exitcode"), None);
  EXPECT_RETURNED(child.call("current_process"));
}

CLAUSE_TEST(process_join_many_times, ReturnsEachTime) {
  const Ref process = run(main(), runs("nothing"));
  EXPECT_RETURNED(main().call(process, "join"));
  EXPECT_RETURNED(main().call(process, "join"));
}

CLAUSE_TEST(process_join_before_start, IsRefused) {
  const Ref process = main().make("Process");
  EXPECT_RAISES(main().call(process, "join"), "Exception");
}

CLAUSE_TEST(process_join_self, TheMainProcessIsRefused) {
  EXPECT_RAISES(main().call(current(main()), "join"), "Exception");
}

CLAUSE_TEST(process_join_self, AChildIsRefused) {
  Actor& child = start_process();
  EXPECT_RAISES(child.call(current(child), "join"), "Exception");
}

CLAUSE_TEST(process_robust_concurrent_joins, EachFindsAnExitCode) {
  std::vector<Actor*> children;
  std::vector<Pending> joins;
  for (std::size_t i = 0; i < 4; ++i) {
    children.push_back(&start_process());
    const Ref process = children[i]->process();
    joins.push_back(main().thread("t" + std::to_string(i)).begin_batch({Step::call(process, "join"), Step::get(process, "exitcode")}));
  }
  await_blocked(joins.back());
  for (Actor* child : children) child->bye();
  for (const Pending& join : joins) EXPECT_NE(replies_of(join)[1], None);
}

CLAUSE_TEST(process_robust_joins_of_one, BothReturn) {
  Actor& child = start_process();
  const Pending one = main().thread("one").begin(child.process(), "join");
  const Pending two = main().thread("two").begin(child.process(), "join");
  await_blocked(two);
  child.bye({"exit", 3, ""});
  EXPECT_RETURNED(one);
  EXPECT_RETURNED(two);
  EXPECT_EQ(main().thread("one").get(child.process(), "exitcode"), 3);
  EXPECT_EQ(main().thread("two").get(child.process(), "exitcode"), 3);
}

CLAUSE_TEST(process_is_alive_before_start, IsFalse) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().call(process, "is_alive"), false);
}

CLAUSE_TEST(process_is_alive_running, FromTheReturnOfStart) {
  Actor& child = make_process();
  const auto replies = main().batch({Step::call(child.process(), "start"), Step::call(child.process(), "is_alive")});
  ASSERT_RETURNED(replies[0]);
  EXPECT_EQ(replies[1], true);
  ASSERT_STARTED(child);
  EXPECT_EQ(main().call(child.process(), "is_alive"), true);
}

CLAUSE_TEST(process_is_alive_ended, BecomesFalseWithoutJoin) {
  Actor& child = start_process();
  child.bye();
  EXPECT_BECOMES(main(), Step::call(child.process(), "is_alive"), false);
}

CLAUSE_TEST(process_is_alive_joins, ForgetsTheProcessId) {
  Actor& child = start_process();
  end(child);
  main().call(child.process(), "is_alive");
  EXPECT_FORGOTTEN(child);
}

CLAUSE_TEST(process_exitcode_before_start, IsNone) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().get(process, "exitcode"), None);
}

CLAUSE_TEST(process_exitcode_running, IsNone) {
  Actor& child = start_process();
  EXPECT_EQ(main().get(child.process(), "exitcode"), None);
}

CLAUSE_TEST(process_exitcode_returned, IsZero) { EXPECT_EQ(main().get(run(main(), runs("nothing")), "exitcode"), 0); }

CLAUSE_TEST(process_exitcode_return_value, DoesNotMatter) {
  EXPECT_EQ(main().get(run(main(), runs("echo", {5})), "exitcode"), 0);
}

CLAUSE_TEST(process_exitcode_exit_integer, IsThatInteger) {
  for (const int code : {0, 3, 255}) EXPECT_EQ(main().get(run(main(), runs("exit", {code})), "exitcode"), code);
}

CLAUSE_TEST(process_exitcode_exit_none, IsZero) { EXPECT_EQ(main().get(run(main(), runs("exit", {None})), "exitcode"), 0); }

CLAUSE_TEST(process_exitcode_exit_text, IsOne) { EXPECT_EQ(main().get(run(main(), runs("exit", {"over"})), "exitcode"), 1); }

CLAUSE_TEST(process_exitcode_error, IsOne) {
  EXPECT_EQ(main().get(run(main(), runs("fail", {"ValueError", "uncaught"})), "exitcode"), 1);
}

CLAUSE_TEST(process_exitcode_signal, IsItsNegativeNumber) {
  for (const int signal : {9, 15}) EXPECT_EQ(main().get(run(main(), runs("die", {signal})), "exitcode"), -signal);
}

CLAUSE_TEST(process_exitcode_one_byte, IsTheWholeNumberOrItsLowestByte) {
  const Ref process = run(main(), runs("exit", {259}));
  const Value code = see(main().get(process, "exitcode"));
  EXPECT_TRUE(code == Value(259) || code == Value(3)) << "the exit code of exit(259) is " << code;
}

CLAUSE_TEST(process_exitcode_unjoined, CanBeRead) {
  Actor& child = start_process();
  child.bye({"exit", 3, ""});
  EXPECT_BECOMES(main(), Step::get(child.process(), "exitcode"), 3);
}

CLAUSE_TEST(process_exitcode_after_join, IsThere) {
  Actor& child = start_process();
  child.bye();
  const auto replies = main().batch({Step::call(child.process(), "join"), Step::get(child.process(), "exitcode")});
  EXPECT_NE(replies[1], None);
}

CLAUSE_TEST(process_sentinel_running, IsNotReady) {
  Actor& child = start_process();
  const Value sentinel = main().get(child.process(), "sentinel");
  EXPECT_EQ(main().call("wait", List{sentinel}, 0), List{});
}

CLAUSE_TEST(process_sentinel_ended, WakesWhoWaits) {
  Actor& child = start_process();
  const Value sentinel = main().get(child.process(), "sentinel");
  const Pending waiting = main().begin("wait", List{sentinel});
  await_blocked(waiting);
  child.bye();
  EXPECT_RETURNED(waiting, List{sentinel});
}

CLAUSE_TEST(process_sentinel_killed, WakesWhoWaits) {
  Actor& child = start_process();
  const Value sentinel = main().get(child.process(), "sentinel");
  const Pending waiting = main().begin("wait", List{sentinel});
  await_blocked(waiting);
  child.kill();
  EXPECT_RETURNED(waiting, List{sentinel});
}

CLAUSE_TEST(process_sentinel_stays_ready, BeforeAndAfterJoin) {
  Actor& child = start_process();
  const Value sentinel = main().get(child.process(), "sentinel");
  end(child);
  EXPECT_EQ(main().call("wait", List{sentinel}, 10), List{sentinel});
  EXPECT_EQ(main().call("wait", List{sentinel}, 10), List{sentinel});
  main().call(child.process(), "join");
  EXPECT_EQ(main().call("wait", List{sentinel}, 0), List{sentinel});
}

CLAUSE_TEST(process_sentinel_grandchild_runs_on, IsReadyAllTheSame) {
  Actor& child = start_process();
  start_process({}, {.parent = &child});
  const Value sentinel = main().get(child.process(), "sentinel");
  child.kill();
  EXPECT_EQ(main().call("wait", List{sentinel}), List{sentinel});
}

}  // namespace mp::conformance
