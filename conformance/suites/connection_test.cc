// Messages that are objects, and what is the same for all messages.
#include <string>
#include <vector>

#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

void expect_arrive_equal(Caller& caller, const Values& messages) {
  auto [reader, writer] = caller.make("Pipe", false).pair();
  for (const Value& message : messages) {
    caller.call(writer, "send", message);
    EXPECT_EQ(caller.call(reader, "recv"), message);
  }
}

}  // namespace

CLAUSE_TEST(connection_order, IsThatOfTheSends) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({writer});
  const Pending sending = child.begin_batch(sends(writer, 0, 300));
  int next = 0;
  for (const Reply& message : main().batch({Step::call(reader, "recv")}, 300)) ASSERT_RETURNED(message, next++);
  replies_of(sending);
}

CLAUSE_TEST(connection_order, IsThatOfTheSendsWhenAllWait) {
  auto [reader, writer] = main().make("Pipe").pair();
  main().batch(sends(writer, 0, 20));
  for (int message = 0; message < 20; ++message) EXPECT_EQ(main().call(reader, "recv"), message);
}

// Lengths around those at which an implementation may change its ways: none, powers of two, more than a pipe holds.
CLAUSE_TEST(connection_boundaries, EachSendIsOneReceive) {
  auto [reader, writer] = main().make("Pipe").pair();
  Actor& child = start_process({writer});
  std::vector<Value> messages;
  for (const int size :
       {1, 0, 3, 4, 5, 127, 128, 129, 4095, 4096, 4097, 16383, 16384, 16385, 65535, 65536, 65537, 300000, 0, 2}) {
    messages.push_back(pattern(static_cast<std::size_t>(size)));
  }
  std::vector<Step> steps;
  for (const Value& message : messages) steps.push_back(Step::call(writer, "send_bytes", message));
  const Pending sending = child.begin_batch(std::move(steps));
  for (const Value& message : messages) ASSERT_RETURNED(main().call(reader, "recv_bytes"), message);
  EXPECT_EQ(main().call(reader, "poll"), false);
  replies_of(sending);
}

CLAUSE_TEST(connection_boundaries, ObjectsAndBytesTakeTurns) {
  auto [reader, writer] = main().make("Pipe").pair();
  main().batch({Step::call(writer, "send", "one"), Step::call(writer, "send_bytes", Bytes("two")),
                Step::call(writer, "send", List{3})});
  EXPECT_EQ(main().call(reader, "recv"), "one");
  EXPECT_EQ(main().call(reader, "recv_bytes"), Bytes("two"));
  EXPECT_EQ(main().call(reader, "recv"), (List{3}));
}

CLAUSE_TEST(connection_send_kinds, NoneAndNumbersArriveEqual) {
  expect_arrive_equal(
      main(), {None, true, false, 0, -1, 255, 256, -129, 65536, std::int64_t{1} << 40,
               big("123456789012345678901234567890"), big("-9223372036854775809"), 1.5, -0.0, 1e308, kInfinity, kNaN});
}

CLAUSE_TEST(connection_send_kinds, TextAndBytesArriveEqual) {
  expect_arrive_equal(
      main(), {"", "plain", "gr\u00fc\u00df \u6f22 \U0001f600", std::string("nul\0inside", 10), std::string(300, 'x'),
               Bytes(), Bytes(std::string_view("\0\xff\n", 3)), Bytes(300, '\x80')});
}

CLAUSE_TEST(connection_send_kinds, ContainersArriveEqual) {
  expect_arrive_equal(main(), {List{}, List{1, "two", None}, Tuple{}, Tuple{1}, Tuple{1, List{2.5}}, Tuple{1, 2, 3, 4},
                               Dict{}, Dict{{"key", List{1}}, {2, None}, {Tuple{1, "a"}, true}}, Set{}, Set{1, "two"},
                               List{Dict{{"a", Tuple{Set{3}}}}}});
}

CLAUSE_TEST(connection_send_large, ArrivesWhole) {
  auto [reader, writer] = main().make("Pipe").pair();
  Actor& child = start_process({writer});
  const Pending sending = child.begin(writer, "send", List{large_item(), "the end"});
  EXPECT_RETURNED(main().call(reader, "recv"), (List{large_item(), "the end"}));
  EXPECT_RETURNED(sending);
}

CLAUSE_TEST(connection_send_large, ArrivesWholeByASimplexPipe) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending receiving = child.begin(reader, "recv");
  EXPECT_RETURNED(main().call(writer, "send", large_item()));
  EXPECT_RETURNED(receiving, large_item());
}

CLAUSE_TEST(connection_send_unserialisable, RaisesInTheCaller) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(writer, "send", Ref(main().make("recorder"))), "Exception");
}

CLAUSE_TEST(connection_send_unserialisable, RaisesAlsoForAPartOfTheObject) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(writer, "send", List{1, Ref(main().make("recorder"))}), "Exception");
}

CLAUSE_TEST(connection_send_unserialisable_goes_on, TheNextArrives) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  expect_refused(main().call(writer, "send", List{"before it", Ref(main().make("recorder"))}));
  ASSERT_RETURNED(main().call(writer, "send", "next"));
  EXPECT_EQ(main().call(reader, "recv"), "next");
}

CLAUSE_TEST(connection_send_peer_closed, RaisesOSError) {
  auto [end, other] = main().make("Pipe").pair();
  main().call(other, "close");
  EXPECT_RAISES(send_until_refused(main(), end), "OSError");
}

CLAUSE_TEST(connection_send_peer_closed, RaisesOSErrorOnASimplexPipe) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(reader, "close");
  EXPECT_RAISES(send_until_refused(main(), writer), "OSError");
}

CLAUSE_TEST(connection_send_peer_closed, RaisesOSErrorWhenTheOnlyHolderEnded) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  child.bye();
  EXPECT_RAISES(send_until_refused(main(), here), "OSError");
}

CLAUSE_TEST(connection_fileno, IsANumberThatDiffers) {
  auto [first, second] = main().make("Pipe").pair();
  const Reply number = main().call(first, "fileno"), other = main().call(second, "fileno");
  EXPECT_GE(number, 0);
  EXPECT_GE(other, 0);
  EXPECT_NE(number, see(other));
}

CLAUSE_TEST(connection_fileno, IsANumberThatDiffersForASimplexPipe) {
  auto [first, second] = main().make("Pipe", false).pair();
  const Reply number = main().call(first, "fileno"), other = main().call(second, "fileno");
  EXPECT_GE(number, 0);
  EXPECT_GE(other, 0);
  EXPECT_NE(number, see(other));
}

}  // namespace mp::conformance
