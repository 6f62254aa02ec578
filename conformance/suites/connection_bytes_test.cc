// Messages that are bytes: send_bytes and recv_bytes.
#include <string>

#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

// Refused, and nothing is on the road.
void expect_refused_and_unsent(Caller& caller, const Reply& reply, Ref reader, const char* error) {
  EXPECT_RAISES(reply, error);
  EXPECT_EQ(caller.call(reader, "poll"), false);
}

}  // namespace

CLAUSE_TEST(connection_send_bytes_whole, OfAReadOnlyBuffer) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  ASSERT_RETURNED(main().call(writer, "send_bytes", Bytes(std::string_view("\0whole\xff", 7))));
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes(std::string_view("\0whole\xff", 7)));
}

CLAUSE_TEST(connection_send_bytes_whole, OfAWritableBuffer) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  ASSERT_RETURNED(main().call(writer, "send_bytes", buffer(main(), "writable")));
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("writable"));
}

CLAUSE_TEST(connection_send_bytes_whole, OfALargeBuffer) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({writer});
  const Pending sending = child.begin(writer, "send_bytes", pattern(std::size_t{1} << 20));
  EXPECT_RETURNED(main().call(reader, "recv_bytes"), pattern(std::size_t{1} << 20));
  EXPECT_RETURNED(sending);
}

CLAUSE_TEST(connection_send_bytes_offset, SendsFromThere) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("0123456"), 2);
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("23456"));
}

CLAUSE_TEST(connection_send_bytes_offset, SendsFromThereOfAWritableBufferByName) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", buffer(main(), "0123456"), Kwargs{{"offset", 6}});
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("6"));
}

CLAUSE_TEST(connection_send_bytes_size, SendsSoMany) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("0123456"), 2, 3);
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("234"));
}

CLAUSE_TEST(connection_send_bytes_size, SendsSoManyByName) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("0123456"), Kwargs{{"size", 2}});
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("01"));
}

CLAUSE_TEST(connection_send_bytes_size, MayReachTheEnd) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  ASSERT_RETURNED(main().call(writer, "send_bytes", Bytes("0123456"), 3, 4));
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("3456"));
}

CLAUSE_TEST(connection_send_bytes_empty, IsOneMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  ASSERT_RETURNED(main().call(writer, "send_bytes", Bytes()));
  main().call(writer, "send_bytes", Bytes("next"));
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes());
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("next"));
}

CLAUSE_TEST(connection_send_bytes_empty, WhenTheOffsetIsTheEnd) {
  auto [reader, writer] = main().make("Pipe").pair();
  ASSERT_RETURNED(main().call(writer, "send_bytes", Bytes("0123456"), 7));
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes());
}

CLAUSE_TEST(connection_send_bytes_offset_outside, BelowZeroRaisesValueError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", Bytes("0123456"), -1), reader, "ValueError");
}

CLAUSE_TEST(connection_send_bytes_offset_outside, BehindTheEndRaisesValueError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", Bytes("0123456"), 8), reader, "ValueError");
}

CLAUSE_TEST(connection_send_bytes_size_outside, BelowZeroRaisesValueError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", Bytes("0123456"), 0, -1), reader, "ValueError");
}

CLAUSE_TEST(connection_send_bytes_size_outside, BehindTheEndRaisesValueError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", Bytes("0123456"), 0, 8), reader, "ValueError");
}

CLAUSE_TEST(connection_send_bytes_size_outside, BehindTheEndFromTheOffsetRaisesValueError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", Bytes("0123456"), 4, 4), reader, "ValueError");
}

CLAUSE_TEST(connection_send_bytes_no_bytes, TextRaisesTypeError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", "text"), reader, "TypeError");
}

CLAUSE_TEST(connection_send_bytes_no_bytes, ANumberRaisesTypeError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused_and_unsent(main(), main().call(writer, "send_bytes", 7), reader, "TypeError");
}

// So large a buffer stays in the processes of the testee; a few marks in it tell that all of it has come.
CLAUSE_TEST(connection_send_bytes_huge, ArrivesWholeOrIsRefused) {
  constexpr int kSize = (32 << 20) + 3, kPlaces[] = {0, 5, 12345678, 1 << 24, (32 << 20) - 10, kSize - 5};
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({writer});
  const auto mark = [](int place) { return Bytes("<" + std::to_string(place % 1000) + ">"); };
  const Ref sent = child.make("bytearray", kSize), arrived = main().make("bytearray", kSize);
  auto [to_child, in_child] = child.make("Pipe").pair();
  for (const int place : kPlaces) {
    child.call(to_child, "send_bytes", mark(place));
    child.call(in_child, "recv_bytes_into", sent, place);
  }
  const Pending receiving = main().begin(reader, "recv_bytes_into", arrived);
  const Reply sending = child.call(writer, "send_bytes", sent);
  if (sending.error() != nullptr) {
    EXPECT_RAISES(sending, "ValueError");
    return;
  }
  ASSERT_RETURNED(sending);
  ASSERT_RETURNED(receiving, kSize);
  auto [to_main, in_main] = main().make("Pipe").pair();
  for (const int place : kPlaces) {
    main().call(to_main, "send_bytes", arrived, place, mark(place).data.size());
    EXPECT_EQ(main().call(in_main, "recv_bytes"), mark(place));
  }
}

// ---- recv_bytes

CLAUSE_TEST(connection_recv_bytes_whole, AnswersBytes) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", pattern(1000));
  main().call(writer, "send_bytes", Bytes("next"));
  EXPECT_EQ(main().call(reader, "recv_bytes"), pattern(1000));
}

CLAUSE_TEST(connection_recv_bytes_whole, FromAnotherProcess) {
  auto [reader, writer] = main().make("Pipe").pair();
  Actor& child = start_process({writer});
  const Pending sending = child.begin(writer, "send_bytes", pattern(500000));
  EXPECT_RETURNED(main().call(reader, "recv_bytes"), pattern(500000));
  sending.reply();
}

CLAUSE_TEST(connection_recv_bytes_waits, UntilTheOtherEndSends) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending receiving = child.begin(reader, "recv_bytes");
  EXPECT_BLOCKED(receiving);
  main().call(writer, "send_bytes", Bytes("message"));
  EXPECT_RETURNED(receiving, Bytes("message"));
}

CLAUSE_TEST(connection_recv_bytes_eof, RaisesEOFError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "send_bytes", Bytes("last"));
  main().call(other, "close");
  EXPECT_EQ(main().call(end, "recv_bytes"), Bytes("last"));
  EXPECT_RAISES(main().call(end, "recv_bytes"), "EOFError");
}

CLAUSE_TEST(connection_recv_bytes_maxlength_fits, IsReceived) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("12345"));
  EXPECT_EQ(main().call(reader, "recv_bytes", 5), Bytes("12345"));
}

CLAUSE_TEST(connection_recv_bytes_maxlength_fits, AlsoNothingInNothing) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes());
  EXPECT_EQ(main().call(reader, "recv_bytes", Kwargs{{"maxlength", 0}}), Bytes());
}

CLAUSE_TEST(connection_recv_bytes_maxlength_exceeded, RaisesOSError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("12345"));
  EXPECT_RAISES(main().call(reader, "recv_bytes", 4), "OSError");
}

CLAUSE_TEST(connection_recv_bytes_maxlength_exceeded, RaisesOSErrorOnATwoWayPipe) {
  auto [end, other] = main().make("Pipe").pair();
  Actor& child = start_process({other});
  child.begin(other, "send_bytes", pattern(100000));
  EXPECT_RAISES(main().call(end, "recv_bytes", 99999), "OSError");
}

CLAUSE_TEST(connection_recv_bytes_maxlength_unreadable, ThoughMessagesWait) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().batch({Step::call(writer, "send_bytes", Bytes("12345"))}, 4);
  expect_refused(main().call(reader, "recv_bytes", 4));
  EXPECT_RAISES(main().call(reader, "recv_bytes"), "Exception");
  EXPECT_RAISES(main().call(reader, "recv"), "Exception");
  EXPECT_RAISES(main().call(reader, "recv_bytes_into", buffer(main(), ".....")), "Exception");
}

CLAUSE_TEST(connection_recv_bytes_maxlength_unreadable, ThoughMessagesWaitOnATwoWayPipe) {
  auto [end, other] = main().make("Pipe").pair();
  main().batch({Step::call(other, "send_bytes", Bytes("12345"))}, 4);
  expect_refused(main().call(end, "recv_bytes", 4));
  EXPECT_RAISES(main().call(end, "recv_bytes"), "Exception");
  EXPECT_RAISES(main().call(end, "recv"), "Exception");
  EXPECT_RAISES(main().call(end, "recv_bytes_into", buffer(main(), ".....")), "Exception");
}

CLAUSE_TEST(connection_recv_bytes_maxlength_writable, CanStillSend) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "send_bytes", Bytes("12345"));
  expect_refused(main().call(end, "recv_bytes", 4));
  ASSERT_RETURNED(main().call(end, "send", "still there"));
  EXPECT_EQ(main().call(other, "recv"), "still there");
}

CLAUSE_TEST(connection_recv_bytes_maxlength_negative, RaisesValueErrorAndTheMessageStays) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send_bytes", Bytes("12345"));
  EXPECT_RAISES(main().call(reader, "recv_bytes", -1), "ValueError");
  ASSERT_EQ(main().call(reader, "poll"), true);
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("12345"));
}

}  // namespace mp::conformance
