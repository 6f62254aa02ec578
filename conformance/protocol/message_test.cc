#include "conformance/protocol/message.h"

#include <gtest/gtest.h>

namespace mp::conformance {
namespace {

Value round_trip(const Value& value) { return parse_value(encode(value)); }

TEST(Message, ValuesSurviveTheWire) {
  for (const Value& value : Values{None,
                                   true,
                                   false,
                                   0,
                                   -7,
                                   INT64_MAX,
                                   INT64_MIN,
                                   big("123456789012345678901234567890"),
                                   1.0,
                                   -0.0,
                                   kNaN,
                                   kInfinity,
                                   -kInfinity,
                                   5e-324,
                                   "",
                                   "grüße",
                                   "nul\0here",
                                   Bytes(std::string_view("\0\xff", 2)),
                                   Bytes(100'000, 'x'),
                                   List{1, List{2}},
                                   Tuple{},
                                   Tuple{1, "a"},
                                   Set{1, 2},
                                   FrozenSet{3},
                                   Dict({{Tuple{1}, None}, {2, 3}}),
                                   Slice{1, None, None},
                                   Handle{12},
                                   Function{"serve"},
                                   Error{{"Full", "Exception"}, "queue is full", {}}}) {
    EXPECT_EQ(round_trip(value), value);
  }
}

TEST(Message, FormsAreThoseOfTheProtocol) {
  EXPECT_EQ(encode(Value(1.0)), "1.0");
  EXPECT_EQ(encode(Value(9007199254740991)), "9007199254740991");
  EXPECT_EQ(encode(Value(9007199254740992)), R"({"$int":"9007199254740992"})");
  EXPECT_EQ(encode(Value(kNaN)), R"({"$float":"nan"})");
  EXPECT_EQ(encode(Value(Bytes("hi"))), R"({"$bytes":"aGk="})");
  EXPECT_EQ(encode(Value(Tuple{Handle{3}})), R"({"$tuple":[{"$handle":3}]})");
}

TEST(Message, LoneSurrogatesTravelAsCodePoints) {
  const Value text = parse_value(R"({"$str": [55296, 65, 128512, 233]})");
  EXPECT_EQ(encode(text), R"({"$str":[55296,65,128512,233]})");
  EXPECT_EQ(round_trip(text), text);
}

TEST(Message, RequestsSurviveTheWire) {
  const Request request = parse_request(
      R"({"id": 7, "do": "call", "on": {"$handle": 1}, "method": "put", "args": ["x"], "kwargs": {"timeout": 0.5}, "thread": "t"})");
  EXPECT_EQ(request.id, 7);
  EXPECT_EQ(request.name, "put");
  EXPECT_EQ(request.args, Values{"x"});
  EXPECT_EQ(request.kwargs.items.at(0).second, Value(0.5));
  EXPECT_EQ(encode(parse_request(encode(request))), encode(request));
}

TEST(Message, ABatchIsAListOfRequestsAndOfAnswers) {
  Request batch;
  batch.id = 1, batch.verb = "batch", batch.repeat = 3;
  batch.calls.push_back({});
  batch.calls[0].verb = "call", batch.calls[0].name = "cpu_count";
  EXPECT_EQ(parse_request(encode(batch)).calls.at(0).name, "cpu_count");
  const Answer answer = parse_answer(
      R"({"id":1,"value":[{"value":4,"at":1.0,"seconds":0.0},{"unsupported":"no","at":1,"seconds":0}],"at":1,"seconds":0})");
  const auto& answers = std::get<Batch>(answer.result).answers;
  EXPECT_EQ(std::get<Value>(answers.at(0).result), Value(4));
  EXPECT_EQ(std::get<Unsupported>(answers.at(1).result).what, "no");
}

TEST(Message, TheExamplesOfTheProtocolAreUnderstood) {
  const Answer full = parse_answer(
      R"({"id": 8, "error": {"types": ["Full", "Exception"], "text": "queue is full"}, "at": 81234.002, "seconds": 0.5001})");
  EXPECT_TRUE(std::get<Error>(full.result).is("Exception"));
  const Hello child = parse_hello(
      R"({"hello": {"protocol": 1, "token": "t", "pid": 4712, "role": "child", "actor": "a1", "args": [{"$handle": 1}, 5], "kwargs": {}}})");
  EXPECT_EQ(child.args, (Values{Handle{1}, 5}));
  EXPECT_EQ(parse_hello(encode(child)).actor, "a1");
  const Request bye = parse_request(R"({"id": 1, "do": "bye", "exit": {"raise": "ValueError", "text": "no"}})");
  EXPECT_EQ(bye.exit.how, "raise");
  EXPECT_EQ(bye.exit.text, "no");
}

TEST(Message, EvenALineThatIsNoRequestMayHaveAnId) {
  EXPECT_EQ(id_of(R"({"id": 7, "do": 5})"), 7);
  for (const char* line : {"", "{]", "[7]", "{}", R"({"id": "7"})", R"({"id": null})"})
    EXPECT_EQ(id_of(line), 0) << line;
}

TEST(Message, WhatIsNotTheProtocolIsMalformed) {
  for (const char* line :
       {"", "x", "[]", "{}", R"({"id":1})", R"({"id":1,"value":1,"error":{},"at":0,"seconds":0})",
        R"({"id":1,"value":{"$tuple":5},"at":0,"seconds":0})", R"({"id":1,"value":{"$who":5},"at":0,"seconds":0})",
        R"({"id":"one","value":1,"at":0,"seconds":0})", R"({"id":1,"value":{"$bytes":"?"},"at":0,"seconds":0})",
        R"({"id":1,"value":{"$handle":0},"at":0,"seconds":0})", R"({"id":1,"value":1})"}) {
    EXPECT_THROW(parse_answer(line), Malformed) << line;
  }
  EXPECT_THROW(parse_hello(R"({"hello": {"protocol": 1, "token": "t", "pid": 1, "role": "boss"}})"), Malformed);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += '[';
  EXPECT_THROW(parse_value(deep + std::string(100'000, ']')), Malformed);
}

TEST(Message, ARequestNeedsAnId) {
  EXPECT_THROW(parse_request(R"({"do":"call","method":"cpu_count"})"), Malformed);
}

TEST(Message, OneNameOfTwoErrorsIsThatOfTheSpecification) {
  EXPECT_TRUE((Error{{"TimeoutError", "ProcessError", "Exception"}, "", {}}.is("TimeoutError")));
  EXPECT_TRUE((Error{{"TimeoutError"}, "", {}}.is("TimeoutError")));
  const Error of_the_language{{"TimeoutError", "OSError", "Exception"}, "", {}};
  EXPECT_FALSE(of_the_language.is("TimeoutError"));
  EXPECT_TRUE(of_the_language.is("OSError"));
}

// So deep that whoever follows it by recursion runs out of stack, at each place that looks at what it did not expect.
TEST(Message, NestingThatWouldTakeTheStackIsRefused) {
  constexpr int kDeep = 2'000'000;
  std::string objects, brackets;
  for (int i = 0; i < kDeep; ++i) objects += "{\"a\":";
  objects += "1" + std::string(kDeep, '}');
  brackets = std::string(kDeep, '[') + std::string(kDeep, ']');
  EXPECT_THROW(parse_answer(R"({"id":1,"at":1,"seconds":0,"value":{"$tuple":)" + objects + "}}"), Malformed);
  EXPECT_THROW(parse_answer(R"({"id":1,"at":1,"seconds":0,"value":{"$dict":[)" + brackets + "]}}"), Malformed);
  EXPECT_THROW(parse_hello(R"({"hello":{"process":"child","args":)" + objects + "}}"), Malformed);
  EXPECT_THROW(parse_request(R"({"id":1,"do":"call","args":)" + objects + "}"), Malformed);
  // Brackets in a text are text.
  EXPECT_EQ(parse_value("\"" + std::string(kDeep, '[') + "\\\"[\""), Value(std::string(kDeep, '[') + "\"["));
}

TEST(Message, ABatchHasNoBatchInIt) {
  const std::string one = R"({"at":1,"seconds":0,"value":1})";
  EXPECT_NO_THROW(parse_answer(R"({"id":1,"at":1,"seconds":0,"value":[)" + one + "]}"));
  EXPECT_THROW(parse_answer(R"({"id":1,"at":1,"seconds":0,"value":[{"at":1,"seconds":0,"value":[)" + one + "]}]}"),
               Malformed);
}

TEST(Message, TextThatIsNoTextIsRefused) { EXPECT_THROW(encode(Value("\xff")), Malformed); }

}  // namespace
}  // namespace mp::conformance
