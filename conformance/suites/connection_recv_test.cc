// When recv waits, and when there is nothing more to wait for.
#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

CLAUSE_TEST(connection_recv_waits, UntilTheOtherEndSends) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending receiving = child.begin(reader, "recv");
  EXPECT_BLOCKED(receiving);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(receiving, 1);
}

CLAUSE_TEST(connection_recv_waits, OnATwoWayPipe) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  const Pending receiving = child.begin(there, "recv");
  EXPECT_BLOCKED(receiving);
  main().call(here, "send", 1);
  EXPECT_RETURNED(receiving, 1);
}

CLAUSE_TEST(connection_recv_eof, RaisesEOFError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "close");
  EXPECT_RAISES(main().call(end, "recv"), "EOFError");
}

CLAUSE_TEST(connection_recv_eof, RaisesEOFErrorOnASimplexPipe) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "close");
  EXPECT_RAISES(main().call(reader, "recv"), "EOFError");
}

CLAUSE_TEST(connection_recv_eof, RaisesEOFErrorThoughItsOwnMessageWasNeverRead) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(end, "send", "that nobody reads");
  main().call(other, "close");
  EXPECT_RAISES(main().call(end, "recv"), "EOFError");
}

// A forked child has a copy of what its parent keeps, so the parent waits and the child closes.
CLAUSE_TEST(connection_recv_eof_while_waiting, RaisesEOFError) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  const Pending receiving = main().begin(here, "recv");
  await_blocked(receiving);
  child.call(there, "close");
  EXPECT_RAISES(receiving, "EOFError");
}

CLAUSE_TEST(connection_recv_data_before_eof, ComesFirst) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().batch(sends(writer, 1, 3));
  main().call(writer, "close");
  for (int message = 1; message <= 3; ++message) EXPECT_EQ(main().call(reader, "recv"), message);
  EXPECT_RAISES(main().call(reader, "recv"), "EOFError");
}

CLAUSE_TEST(connection_recv_data_before_eof, ComesFirstFromAProcessThatEnded) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  child.batch(sends(there, 1, 3));
  child.bye();
  for (int message = 1; message <= 3; ++message) EXPECT_EQ(main().call(here, "recv"), message);
  EXPECT_RAISES(main().call(here, "recv"), "EOFError");
}

CLAUSE_TEST(connection_recv_eof_at_death, WhenItWasKilled) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  const Pending receiving = main().begin(here, "recv");
  await_blocked(receiving);
  child.kill();
  EXPECT_RAISES(receiving, "EOFError");
}

CLAUSE_TEST(connection_recv_eof_at_death, WhenItLeft) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  const Pending receiving = main().begin(here, "recv");
  await_blocked(receiving);
  child.bye();
  EXPECT_RAISES(receiving, "EOFError");
}

CLAUSE_TEST(connection_recv_eof_needs_every_copy, OneOfTwoIsNotEnough) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& one = start_process({there});
  Actor& other = start_process({there});
  main().call(there, "close");
  one.call(there, "close");
  const Pending receiving = main().begin(here, "recv");
  EXPECT_BLOCKED(receiving);
  other.call(there, "send", "still here");
  EXPECT_RETURNED(receiving, "still here");
}

CLAUSE_TEST(connection_recv_eof_needs_every_copy, TheLastOneCounts) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& one = start_process({there});
  Actor& other = start_process({there});
  main().call(there, "close");
  const Pending receiving = main().begin(here, "recv");
  one.call(there, "close");
  EXPECT_BLOCKED(receiving);
  other.call(there, "close");
  EXPECT_RAISES(receiving, "EOFError");
}

CLAUSE_TEST(connection_recv_eof_again, EveryTime) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "close");
  expect_refused(main().call(end, "recv"));
  for (int i = 0; i < 3; ++i) EXPECT_RAISES(main().call(end, "recv"), "EOFError");
}

// ---- Stopped and continued

CLAUSE_TEST(connection_recv_stopped, ItWaitsOn) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending receiving = child.begin(reader, "recv");
  await_blocked(receiving);
  child.pause();
  child.resume();
  EXPECT_BLOCKED(receiving);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(receiving, 1);
}

CLAUSE_TEST(connection_recv_stopped, AMessageThatComesMeanwhileIsReceived) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  const Pending receiving = child.begin(there, "recv");
  await_blocked(receiving);
  child.pause();
  main().call(here, "send", 1);
  child.resume();
  EXPECT_RETURNED(receiving, 1);
}

CLAUSE_TEST(connection_recv_stopped, InTheMiddleOfALargeMessage) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  const Pending receiving = child.begin(there, "recv");
  await_blocked(receiving);
  child.pause();
  const Pending sending = main().begin(here, "send", large_item());
  await_blocked(sending);
  child.resume();
  EXPECT_RETURNED(receiving, large_item());
  EXPECT_RETURNED(sending);
}

}  // namespace mp::conformance
