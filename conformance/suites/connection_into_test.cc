// recv_bytes_into: a message that is put into a buffer of the caller's.
#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

CLAUSE_TEST(connection_recv_bytes_into_count, IsThatOfTheMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abc"));
  main().call(writer, "send_bytes", Bytes("next"));
  EXPECT_EQ(main().call(reader, "recv_bytes_into", buffer(main(), "..........")), 3);
}

CLAUSE_TEST(connection_recv_bytes_into_start, TheRestIsAsBefore) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "..........");
  main().call(writer, "send_bytes", Bytes("abc"));
  ASSERT_RETURNED(main().call(reader, "recv_bytes_into", target));
  EXPECT_HOLDS(main(), target, "abc.......");
}

CLAUSE_TEST(connection_recv_bytes_into_offset, WhatIsBeforeItIsAsBefore) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "..........");
  main().call(writer, "send_bytes", Bytes("abc"));
  ASSERT_RETURNED(main().call(reader, "recv_bytes_into", target, 4), 3);
  EXPECT_HOLDS(main(), target, "....abc...");
}

CLAUSE_TEST(connection_recv_bytes_into_offset, ByName) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "..........");
  main().call(writer, "send_bytes", Bytes("abc"));
  ASSERT_RETURNED(main().call(reader, "recv_bytes_into", target, Kwargs{{"offset", 1}}));
  EXPECT_HOLDS(main(), target, ".abc......");
}

CLAUSE_TEST(connection_recv_bytes_into_fits, TheWholeBuffer) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "...");
  main().call(writer, "send_bytes", Bytes("abc"));
  ASSERT_RETURNED(main().call(reader, "recv_bytes_into", target), 3);
  EXPECT_HOLDS(main(), target, "abc");
}

CLAUSE_TEST(connection_recv_bytes_into_fits, TheRestBehindTheOffset) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "........");
  main().call(writer, "send_bytes", Bytes("abc"));
  ASSERT_RETURNED(main().call(reader, "recv_bytes_into", target, 5), 3);
  EXPECT_HOLDS(main(), target, ".....abc");
}

CLAUSE_TEST(connection_recv_bytes_into_empty, GivesZero) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "...");
  main().call(writer, "send_bytes", Bytes());
  EXPECT_EQ(main().call(reader, "recv_bytes_into", target), 0);
  EXPECT_HOLDS(main(), target, "...");
}

CLAUSE_TEST(connection_recv_bytes_into_offset_outside, BelowZeroRaisesValueErrorAndTheMessageStays) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abc"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), ".........."), -1), "ValueError");
  ASSERT_EQ(main().call(reader, "poll"), true);
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("abc"));
}

CLAUSE_TEST(connection_recv_bytes_into_offset_outside, BehindTheEndRaisesValueErrorAndTheMessageStays) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abc"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), ".........."), 11), "ValueError");
  ASSERT_EQ(main().call(reader, "poll"), true);
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("abc"));
}

CLAUSE_TEST(connection_recv_bytes_into_offset_at_end, RaisesValueErrorAndTheMessageStays) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abc"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), ".........."), 10), "ValueError");
  ASSERT_EQ(main().call(reader, "poll"), true);
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("abc"));
}

CLAUSE_TEST(connection_recv_bytes_into_read_only, IsRefused) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abc"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", Bytes("..........")), "Exception");
}

CLAUSE_TEST(connection_recv_bytes_into_waits, UntilTheOtherEndSends) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Ref target = buffer(child, "...");
  const Pending receiving = child.begin(reader, "recv_bytes_into", target);
  EXPECT_BLOCKED(receiving);
  main().call(writer, "send_bytes", Bytes("ab"));
  EXPECT_RETURNED(receiving, 2);
}

CLAUSE_TEST(connection_recv_bytes_into_eof, RaisesEOFError) {
  auto [end, other] = main().make("Pipe").pair();
  const Ref target = buffer(main(), "....");
  main().call(other, "send_bytes", Bytes("last"));
  main().call(other, "close");
  EXPECT_EQ(main().call(end, "recv_bytes_into", target), 4);
  EXPECT_RAISES(main().call(end, "recv_bytes_into", target), "EOFError");
}

// ---- BufferTooShort

CLAUSE_TEST(connection_recv_bytes_into_too_short, RaisesBufferTooShort) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abcd"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), "...")), "BufferTooShort");
}

CLAUSE_TEST(connection_recv_bytes_into_too_short, RaisesBufferTooShortForALargeMessage) {
  auto [reader, writer] = main().make("Pipe").pair();
  Actor& child = start_process({writer});
  const Pending sending = child.begin(writer, "send_bytes", pattern(std::size_t{1} << 20));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), "...")), "BufferTooShort");
  EXPECT_RETURNED(sending);
}

CLAUSE_TEST(connection_recv_bytes_into_too_short_after_offset, RaisesBufferTooShort) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abc"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), "........"), 6), "BufferTooShort");
}

CLAUSE_TEST(connection_recv_bytes_into_too_short_message, IsWhole) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", pattern(1000));
  const Reply reply = main().call(reader, "recv_bytes_into", buffer(main(), "..."));
  ASSERT_RAISES(reply, "BufferTooShort");
  ASSERT_EQ(reply.error()->message.size(), 1u);
  EXPECT_EQ(Value(reply.error()->message[0]), pattern(1000));
}

CLAUSE_TEST(connection_recv_bytes_into_too_short_buffer, IsAsBefore) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Ref target = buffer(main(), "........");
  main().call(writer, "send_bytes", Bytes("abcdefghi"));
  expect_refused(main().call(reader, "recv_bytes_into", target));
  EXPECT_HOLDS(main(), target, "........");
}

CLAUSE_TEST(connection_recv_bytes_into_too_short_goes_on, TheNextMessageComes) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abcd"));
  main().call(writer, "send_bytes", Bytes("next"));
  expect_refused(main().call(reader, "recv_bytes_into", buffer(main(), "...")));
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("next"));
}

CLAUSE_TEST(connection_recv_bytes_into_too_short_class, IsAProcessError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("abcd"));
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), "...")), "ProcessError");
}

}  // namespace mp::conformance
