// The end of a connection, of a process's own accord.
#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

CLAUSE_TEST(connection_close_then_use, SendRaisesOSError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "close");
  EXPECT_RAISES(main().call(end, "send", 1), "OSError");
}

CLAUSE_TEST(connection_close_then_use, RecvRaisesOSError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "send", "that waits");
  main().call(end, "close");
  EXPECT_RAISES(main().call(end, "recv"), "OSError");
}

CLAUSE_TEST(connection_close_then_use, PollRaisesOSError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "close");
  EXPECT_RAISES(main().call(end, "poll"), "OSError");
}

CLAUSE_TEST(connection_close_then_use, FilenoRaisesOSError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "close");
  EXPECT_RAISES(main().call(end, "fileno"), "OSError");
}

CLAUSE_TEST(connection_close_twice, IsHarmless) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "close");
  EXPECT_RETURNED(main().call(end, "close"));
}

// The number of the first is free again, and may be that of another one.
CLAUSE_TEST(connection_close_twice, ClosesNothingElse) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "close");
  auto [later, later_other] = main().make("Pipe").pair();
  EXPECT_RETURNED(main().call(end, "close"));
  expect_carries_both_ways(main(), later, main(), later_other);
}

CLAUSE_TEST(connection_close_local, TheChildGoesOn) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  expect_carries_both_ways(main(), here, child, there);
}

CLAUSE_TEST(connection_close_local, TheParentGoesOn) {
  auto [end, other] = main().make("Pipe").pair();
  Actor& child = start_process({end, other});
  child.call(end, "close");
  child.call(other, "close");
  expect_carries_both_ways(main(), end, main(), other);
}

CLAUSE_TEST(connection_close_dropped, TheOtherEndSeesIt) {
  auto [end, other] = main().make("Pipe").pair();
  main().drop(other);
  EXPECT_RAISES(main().call(end, "recv"), "EOFError");
}

CLAUSE_TEST(connection_close_dropped, TheOtherEndSeesItWhenTheChildThatGotACopyEnds) {
  auto [end, other] = main().make("Pipe").pair();
  Actor& child = start_process({other});
  main().drop(other);
  child.bye();
  main().call(child.process(), "join");
  main().drop(child.process());  // it may refer to its arguments for as long as it is there
  EXPECT_RAISES(main().call(end, "recv"), "EOFError");
}

CLAUSE_TEST(connection_context_enter, IsTheConnectionItself) {
  auto [end, other] = main().make("Pipe").pair();
  EXPECT_EQ(main().call(end, "__enter__"), Value(end));
}

CLAUSE_TEST(connection_context_exit, ClosesIt) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "__enter__");
  ASSERT_RETURNED(main().call(end, "__exit__"));
  EXPECT_RAISES(main().call(end, "send", 1), "OSError");
}

CLAUSE_TEST(connection_context_exit, TheOtherEndSeesIt) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "__enter__");
  ASSERT_RETURNED(main().call(other, "__exit__"));
  ASSERT_EQ(main().call(end, "poll"), true);
  EXPECT_RAISES(main().call(end, "recv"), "EOFError");
}

}  // namespace mp::conformance
