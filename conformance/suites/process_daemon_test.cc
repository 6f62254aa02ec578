// Daemonic processes, and what happens at the end of a process to its children.
#include "conformance/suites/process_moments.h"
#include "spec/clauses/process.h"

namespace mp::conformance {

CLAUSE_TEST(process_daemon_main, IsNotDaemonic) { EXPECT_EQ(main().get(current(main()), "daemon"), false); }

CLAUSE_TEST(process_daemon_default_in_main, IsFalse) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().get(process, "daemon"), false);
}

CLAUSE_TEST(process_daemon_inherited, AProcessMadeByADaemonicOneIsDaemonic) {
  Actor& child = start_process({}, {.daemon = true});
  const Ref process = child.make("Process");
  EXPECT_EQ(child.get(process, "daemon"), true);
}

CLAUSE_TEST(process_daemon_true, IsDaemonicInMain) {
  const Ref process = main().make("Process", Kwargs{{"daemon", true}});
  EXPECT_EQ(main().get(process, "daemon"), true);
}

CLAUSE_TEST(process_daemon_true, IsDaemonicInAChild) {
  Actor& child = start_process();
  const Ref process = child.make("Process", Kwargs{{"daemon", true}});
  EXPECT_EQ(child.get(process, "daemon"), true);
}

CLAUSE_TEST(process_daemon_false, IsNotAlthoughItsMakerIs) {
  Actor& child = start_process({}, {.daemon = true});
  const Ref process = child.make("Process", Kwargs{{"daemon", false}});
  EXPECT_EQ(child.get(process, "daemon"), false);
}

CLAUSE_TEST(process_daemon_set_before_start, TheLastOneCounts) {
  Actor& child = make_process({}, {.daemon = true});
  EXPECT_RETURNED(main().set(child.process(), "daemon", false));
  EXPECT_EQ(main().get(child.process(), "daemon"), false);
  EXPECT_RETURNED(main().set(child.process(), "daemon", true));
  main().call(child.process(), "start");
  ASSERT_STARTED(child);
  EXPECT_EQ(child.get(current(child), "daemon"), true);
}

CLAUSE_TEST(process_daemon_set_after_start, IsRefused) {
  Actor& child = start_process();
  EXPECT_RAISES(main().set(child.process(), "daemon", true), "Exception");
}

CLAUSE_TEST(process_daemon_seen_in_child, TrueIsTrue) {
  Actor& child = start_process({}, {.daemon = true});
  EXPECT_EQ(child.get(current(child), "daemon"), true);
}

CLAUSE_TEST(process_daemon_seen_in_child, FalseIsFalse) {
  Actor& child = start_process({}, {.daemon = false});
  EXPECT_EQ(child.get(current(child), "daemon"), false);
}

CLAUSE_TEST(process_daemon_no_children, StartIsRefused) {
  Actor& child = start_process({}, {.daemon = true});
  Actor& grandchild = make_process({}, {.parent = &child});
  EXPECT_RAISES(child.call(grandchild.process(), "start"), "Exception");
  EXPECT_EQ(child.call("active_children"), List{});
}

CLAUSE_TEST(process_daemon_terminated_at_exit, ByTheMainProcess) {
  Actor& child = start_process({}, {.daemon = true});
  main().bye();
  EXPECT_ENDED(child);
}

CLAUSE_TEST(process_daemon_terminated_at_exit, ByAChild) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.daemon = true, .parent = &child});
  child.bye();
  EXPECT_ENDED(grandchild);
}

CLAUSE_TEST(process_daemon_terminated_at_error, ByAChild) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.daemon = true, .parent = &child});
  child.bye({"raise", "ValueError", "uncaught"});
  EXPECT_ENDED(grandchild);
}

// The daemonic child has no end of its own.
CLAUSE_TEST(process_daemon_not_joined_at_exit, TheMainProcessEnds) {
  start_process({}, {.daemon = true});
  main().bye();
  EXPECT_ENDED(main());
}

CLAUSE_TEST(process_daemon_stopped_at_exit, TheMainProcessEnds) {
  Actor& child = start_process({}, {.daemon = true});
  child.pause();
  allow_leftovers();
  main().bye();
  EXPECT_ENDED(main());
}

CLAUSE_TEST(process_exit_joins_children, TheMainProcessWaits) {
  Actor& child = start_process();
  main().bye();
  EXPECT_GOES_ON(main());
  EXPECT_RETURNED(child.call("current_process"));
  child.bye();
  EXPECT_ENDED(main());
}

CLAUSE_TEST(process_exit_joins_children, AChildWaits) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.parent = &child});
  child.bye();
  EXPECT_GOES_ON(child);
  EXPECT_RETURNED(grandchild.call("current_process"));
  grandchild.bye();
  EXPECT_ENDED(child);
}

CLAUSE_TEST(process_exit_joins_children_error, AChildWaits) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.parent = &child});
  child.bye({"raise", "ValueError", "uncaught"});
  EXPECT_GOES_ON(child);
  EXPECT_RETURNED(grandchild.call("current_process"));
  grandchild.bye();
  EXPECT_ENDED(child);
}

}  // namespace mp::conformance
