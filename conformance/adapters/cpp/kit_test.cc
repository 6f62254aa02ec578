#include "conformance/adapters/cpp/kit.h"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "conformance/adapters/cpp/toy.h"
#include "conformance/protocol/message.h"

namespace mp::conformance {
namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

// Plays the runner; the adapter's main() runs in another thread of this process.
class KitTest : public testing::Test {
 protected:
  void start() {
    tcp::acceptor acceptor(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    setenv("CONFORM_ADDRESS", ("127.0.0.1:" + std::to_string(acceptor.local_endpoint().port())).c_str(), 1);
    setenv("CONFORM_TOKEN", "secret", 1);
    unsetenv("CONFORM_START_METHOD");
    testee_ = std::thread([this] { status_ = adapter_.main(); });
    acceptor.accept(stream_.socket());
    hello_ = parse_hello(read());
  }

  void TearDown() override {
    if (!testee_.joinable()) return;
    write(R"({"id": 999, "do": "bye"})");
    testee_.join();
    EXPECT_EQ(status_, 0);
  }

  std::string read() {
    std::string line;
    std::getline(stream_, line);
    return line;
  }
  void write(const std::string& line) { stream_ << line << '\n' << std::flush; }
  Answer ask(const std::string& line) {
    write(line);
    return parse_answer(read());
  }
  Value value(const std::string& line) { return std::get<Value>(ask(line).result); }
  Error error(const std::string& line) { return std::get<Error>(ask(line).result); }

  boost::asio::io_context context_;
  tcp::iostream stream_;
  Adapter adapter_{toy_implementer()};
  Hello hello_;
  std::thread testee_;
  int status_ = -1;
};

class Toy : public KitTest {
 protected:
  void SetUp() override { fill_toy(adapter_); }
  void start_with_queue() {
    start();
    ASSERT_EQ(value(R"({"id": 1, "do": "make", "class": "Queue"})"), Value(Handle{1}));
  }
};

TEST_F(Toy, SaysHello) {
  start();
  EXPECT_EQ(hello_.role, "main");
  EXPECT_EQ(hello_.token, "secret");
  EXPECT_EQ(hello_.implementation.name, "toy");
}

TEST_F(Toy, MakesCallsReadsAndWrites) {
  start_with_queue();
  EXPECT_EQ(value(R"({"id": 2, "do": "call", "on": {"$handle": 1}, "method": "put", "args": [{"$tuple": [1]}]})"), Value(None));
  EXPECT_EQ(value(R"({"id": 3, "do": "call", "on": {"$handle": 1}, "method": "get", "kwargs": {"timeout": 10}})"), Value(Tuple{1}));
  EXPECT_EQ(value(R"({"id": 4, "do": "set", "on": {"$handle": 1}, "name": "closed", "value": true})"), Value(None));
  EXPECT_EQ(value(R"({"id": 5, "do": "get", "on": {"$handle": 1}, "name": "closed"})"), Value(true));
  EXPECT_EQ(error(R"({"id": 6, "do": "call", "on": {"$handle": 1}, "method": "put", "args": [1]})").types[0], "ValueError");
  EXPECT_EQ(value(R"({"id": 7, "do": "call", "method": "cpu_count"})"), Value(2));
}

TEST_F(Toy, TellsWhatItDoesNotHaveFromWhatItRefuses) {
  start_with_queue();
  for (const char* line : {R"({"id": 2, "do": "make", "class": "Lock"})", R"({"id": 2, "do": "call", "method": "wait"})",
                           R"({"id": 2, "do": "call", "on": {"$handle": 1}, "method": "join"})",
                           R"({"id": 2, "do": "get", "on": {"$handle": 1}, "name": "size"})",
                           R"({"id": 2, "do": "set", "on": {"$handle": 1}, "name": "size", "value": 1})"}) {
    EXPECT_TRUE(std::holds_alternative<Unsupported>(ask(line).result)) << line;
  }
  for (const char* line : {R"({"id": 3, "do": "dance"})", R"({"id": 3, "do": "get", "name": "closed"})", R"({"id": 3})",
                           R"({"id": 3, "do": "make"})", R"({"id": 3, "do": "call", "on": {"$handle": 1}})",
                           R"({"id": 3, "do": "call", "on": {"$handle": 9}, "method": "get"})"}) {
    const Answer answer = ask(line);
    EXPECT_EQ(answer.id, 3) << line;
    EXPECT_EQ(std::get<Error>(answer.result).types[0], "ProtocolError") << line;
  }
  write("{]");
  EXPECT_TRUE(read().starts_with(R"({"id":null,)"));
  EXPECT_EQ(error(R"({"id": 4, "do": "call", "on": {"$handle": 1}, "method": "put"})").types[0], "TypeError");
}

TEST_F(Toy, MeasuresTheCall) {
  start_with_queue();
  const Answer late = ask(R"({"id": 2, "do": "call", "on": {"$handle": 1}, "method": "get", "args": [true, 0.05]})");
  EXPECT_EQ(std::get<Error>(late.result).types[0], "Empty");
  EXPECT_GE(late.seconds, 0.05);
  EXPECT_GE(ask(R"({"id": 3, "do": "sleep", "seconds": 0.05})").seconds, 0.05);
}

TEST_F(Toy, NamedThreadsRunAtTheSameTime) {
  start_with_queue();
  write(R"({"id": 2, "do": "call", "on": {"$handle": 1}, "method": "get", "thread": "a"})");
  EXPECT_EQ(value(R"({"id": 3, "do": "call", "method": "cpu_count"})"), Value(2)) << "while a waits";
  write(R"({"id": 4, "do": "call", "on": {"$handle": 1}, "method": "put", "args": ["x"], "thread": "b"})");
  std::map<std::int64_t, Value> answers;
  for (int i = 0; i < 2; ++i) {
    const Answer answer = parse_answer(read());
    answers[answer.id] = std::get<Value>(answer.result);
  }
  EXPECT_EQ(answers[2], Value("x"));
  EXPECT_EQ(answers[4], Value(None));
}

TEST_F(Toy, ABatchGoesOnAfterAnError) {
  start_with_queue();
  const Answer answer = ask(R"({"id": 2, "do": "batch", "repeat": 2, "calls": [{"do": "call", "on": {"$handle": 1}, "method": "get", )"
                            R"("args": [false]}, {"do": "call", "method": "cpu_count"}]})");
  const auto& answers = std::get<Batch>(answer.result).answers;
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_TRUE(std::holds_alternative<Error>(answers[2].result));
  EXPECT_EQ(std::get<Value>(answers[3].result), Value(2));
}

struct Mortal {
  std::function<void()> at_end;
  ~Mortal() { at_end(); }
};

TEST_F(Toy, AtByeTheLineIsClosedBeforeTheObjectsEnd) {
  std::promise<void> seen_closed;
  bool was_closed = false;
  adapter_.type<Mortal>("Mortal").make("Mortal()", [&](Args&) {
    return std::make_shared<Mortal>([&] { was_closed = seen_closed.get_future().wait_for(5s) == std::future_status::ready; });
  });
  start();
  value(R"({"id": 1, "do": "make", "class": "Mortal"})");
  value(R"({"id": 2, "do": "bye"})");
  EXPECT_EQ(read(), "");
  EXPECT_TRUE(stream_.eof());
  seen_closed.set_value();
  testee_.join();
  EXPECT_TRUE(was_closed);
}

TEST_F(Toy, AProcessThatQuitsLetsGoOfNothing) {
  const auto quit = [&] {
    adapter_.type<Mortal>("Mortal").make("Mortal()", [](Args&) { return std::make_shared<Mortal>([] { std::_Exit(9); }); });
    start();
    value(R"({"id": 1, "do": "make", "class": "Mortal"})");
    write(R"({"id": 2, "do": "bye", "exit": {"quit": 3}})");
    testee_.join();
  };
  EXPECT_EXIT(quit(), testing::ExitedWithCode(3), "");
}

TEST_F(Toy, ADroppedObjectIsGone) {
  start_with_queue();
  EXPECT_EQ(value(R"({"id": 2, "do": "drop", "on": {"$handle": 1}})"), Value(None));
  EXPECT_EQ(error(R"({"id": 3, "do": "drop", "on": {"$handle": 1}})").types[0], "ProtocolError");
}

TEST(Handles, AMemberThatBeginsAnObjectIsOneOfItsOwn) {
  struct Whole {
    int part = 0;
  };
  const auto whole = std::make_shared<Whole>();
  const std::shared_ptr<int> part(whole, &whole->part);
  Handles handles;
  const Value first = handles.keep(whole);
  const Value second = handles.keep(part);
  EXPECT_NE(first, second);
  EXPECT_EQ(handles.keep(whole), first);
  EXPECT_EQ(handles.find(*second.as<Handle>()).as<int>(), part);
}

TEST_F(Toy, WhateverIsThrownIsAnswered) {
  adapter_.function("throw_five()", [](Args&) -> Value { throw 5; });
  start();
  EXPECT_EQ(error(R"({"id": 1, "do": "call", "method": "throw_five"})").types[0], "Exception");
}

TEST_F(Toy, AnOverrideStandsBeforeTheOriginal) {
  adapter_.override_entry("Queue.put", [](Call& call) {
    call.args["obj"] = Tuple{call.args["obj"], "touched"};
    return call.original();
  });
  adapter_.override_entry("Queue.put", [](Call& call) {
    call.original();
    return call.original();
  });
  adapter_.override_entry("Queue.closed", [](Call&) { return "never"; });
  adapter_.override_entry("Queue.closed=", [](Call&) { return None; });
  adapter_.override_entry("cpu_count", [](Call& call) { return call.original().integer() + 1; });
  int made = 0;
  adapter_.override_entry("Queue()", [&made](Call& call) {
    ++made;
    return call.original();
  });
  start_with_queue();
  EXPECT_EQ(made, 1);
  value(R"({"id": 2, "do": "call", "on": {"$handle": 1}, "method": "put", "args": [1]})");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(value(R"({"id": 3, "do": "call", "on": {"$handle": 1}, "method": "get"})").items()[1], Value("touched"));
  }
  value(R"({"id": 4, "do": "set", "on": {"$handle": 1}, "name": "closed", "value": true})");
  EXPECT_EQ(value(R"({"id": 5, "do": "get", "on": {"$handle": 1}, "name": "closed"})"), Value("never"));
  EXPECT_EQ(value(R"({"id": 6, "do": "call", "method": "cpu_count"})"), Value(3));
}

TEST_F(Toy, AnOverrideOfNothingIsRefused) {
  for (const char* entry : {"Queue.sing", "Sofa()", "Sofa.put", "Queue.put=", "sing", ""}) {
    EXPECT_THROW(adapter_.override_entry(entry, [](Call&) { return None; }), std::logic_error) << entry;
  }
}

TEST_F(Toy, WithoutARunnerItSaysSo) {
  unsetenv("CONFORM_ADDRESS");
  testing::internal::CaptureStderr();
  EXPECT_EQ(adapter_.main(), 2);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("CONFORM_ADDRESS is not set"), std::string::npos);
}

TEST_F(Toy, AStartMethodThatItDoesNotHaveEndsIt) {
  setenv("CONFORM_START_METHOD", "teleport", 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(adapter_.main(), 2);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("no start method teleport"), std::string::npos);
  unsetenv("CONFORM_START_METHOD");
}

}  // namespace
}  // namespace mp::conformance
