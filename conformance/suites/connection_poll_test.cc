#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

CLAUSE_TEST(connection_poll_empty, IsFalse) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_EQ(main().call(reader, "poll"), false);
}

CLAUSE_TEST(connection_poll_empty, IsFalseOnATwoWayPipe) {
  auto [end, other] = main().make("Pipe").pair();
  EXPECT_EQ(main().call(end, "poll"), false);
}

CLAUSE_TEST(connection_poll_empty, IsFalseAfterTheLastMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", 1);
  main().call(reader, "recv");
  EXPECT_EQ(main().call(reader, "poll"), false);
}

CLAUSE_TEST(connection_poll_data, IsTrue) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call(reader, "poll"), true);
}

CLAUSE_TEST(connection_poll_data, IsTrueForAMessageOfNoBytes) {
  auto [reader, writer] = main().make("Pipe").pair();
  main().call(writer, "send_bytes", Bytes());
  EXPECT_EQ(main().call(reader, "poll"), true);
}

CLAUSE_TEST(connection_poll_takes_nothing, TheMessageIsStillThere) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", "message");
  main().call(reader, "poll");
  ASSERT_EQ(main().call(reader, "poll", 0.0), true);
  ASSERT_EQ(main().call(reader, "poll", None), true);
  EXPECT_EQ(main().call(reader, "recv"), "message");
}

CLAUSE_TEST(connection_poll_eof, IsTrueOrAnError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "close");
  const Reply polled = main().call(end, "poll", 1000.0);
  if (polled.error() != nullptr) return;
  EXPECT_RETURNED(polled, true);
}

CLAUSE_TEST(connection_poll_eof, IsTrueOrAnErrorOnASimplexPipe) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "close");
  const Reply polled = main().call(reader, "poll", 1000.0);
  if (polled.error() != nullptr) return;
  EXPECT_RETURNED(polled, true);
}

CLAUSE_TEST(connection_poll_timeout_gives_false, WhenNothingComes) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_EQ(main().call(reader, "poll", 0.05), false);
}

CLAUSE_TEST(connection_poll_timeout_not_before, GivesUpNoEarlier) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_TOOK_AT_LEAST(main().call(reader, "poll", 0.15), 0.15);
}

CLAUSE_TEST(connection_poll_timeout_not_before, HeedsFractionsOfAMillisecond) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_TOOK_AT_LEAST(main().call(reader, "poll", Kwargs{{"timeout", 0.0105}}), 0.0105);
}

CLAUSE_TEST(connection_poll_timeout_within, GivesUpInTime) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(reader, "poll", 0.1), control);
}

CLAUSE_TEST(connection_poll_timeout_data_in_time, ReturnsAtTheMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending polling = child.begin(reader, "poll", 1000.0);
  await_blocked(polling);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(polling, true);
}

CLAUSE_TEST(connection_poll_timeout_none, WaitsForAMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending polling = child.begin(reader, "poll", None);
  EXPECT_BLOCKED(polling);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(polling, true);
}

CLAUSE_TEST(connection_poll_timeout_zero_or_negative, DoesNotWait) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_EQ(main().call(reader, "poll", 0), false);
  EXPECT_EQ(main().call(reader, "poll", 0.0), false);
  EXPECT_EQ(main().call(reader, "poll", -1), false);
  EXPECT_EQ(main().call(reader, "poll", -1.5), false);
}

CLAUSE_TEST(connection_poll_timeout_zero_or_negative, SeesWhatIsThere) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call(reader, "poll", 0), true);
  EXPECT_EQ(main().call(reader, "poll", -1), true);
}

}  // namespace mp::conformance
