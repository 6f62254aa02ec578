#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

constexpr const char* kPoll = "Connection.poll";

}  // namespace

MUTANT(connection_poll_empty, LooksForRoom, "poll takes a connection on which one can send for one with a message") {
  answer_wrongly(adapter, kPoll, true);
}

MUTANT(connection_poll_empty, Waits, "poll without argument waits for a message") {
  take_zero_for_none(adapter, kPoll);
}

MUTANT(connection_poll_data, IsFalse, "poll does not see what has come") { answer_wrongly(adapter, kPoll, false); }

// A message of no bytes makes a pipe of messages readable without a byte to count.
MUTANT(connection_poll_data, CountsBytes, "poll does not see a message of no bytes") {
  static bool empty = false;
  adapter.override_entry("Connection.send_bytes", [](Call& call) -> Value {
    const auto* bytes = call.args["buf"].as<Bytes>();
    empty = bytes != nullptr && bytes->data.empty();
    return call.original();
  });
  adapter.override_entry(kPoll, [](Call& call) { return empty ? Value(false) : call.original(); });
}

MUTANT(connection_poll_takes_nothing, TakesIt, "poll receives the message, and drops it") {
  adapter.override_entry(kPoll, [](Call& call) -> Value {
    if (call.original() == Value(false)) return false;
    ask(call, "recv");
    return true;
  });
}

MUTANT(connection_poll_eof, IsFalse, "the end wakes poll, which finds no message and returns False") {
  answer_wrongly(adapter, kPoll, false);
}

MUTANT(connection_poll_timeout_gives_false, GivesNone, "poll returns None when its timeout is over") {
  return_otherwise(adapter, kPoll, [](const Value& answer) { return answer == Value(true) ? answer : Value(); });
}

MUTANT(connection_poll_timeout_not_before, GivesUpEarly, "poll gives up a tenth before its timeout") {
  stretch_timeout(adapter, kPoll, 0.9);
}

MUTANT(connection_poll_timeout_not_before, CutsFractions, "poll counts whole seconds, and cuts the rest") {
  call_otherwise(adapter, kPoll, [](Args& args) {
    if (!args["timeout"].is_none()) args["timeout"] = static_cast<double>(static_cast<int>(args.number("timeout")));
  });
}

MUTANT(connection_poll_timeout_within, WaitsThreeTimes, "poll waits three times its timeout") {
  stretch_timeout(adapter, kPoll, 3);
}

MUTANT(connection_poll_timeout_data_in_time, SleepsThrough,
       "poll looks for a message when its timeout is over, not before") {
  sleep_through_timeout(adapter, kPoll);
}

MUTANT(connection_poll_timeout_none, TakesItForZero,
       "a timeout of None is taken for zero, as that of poll without argument") {
  take_none_for_zero(adapter, kPoll);
}

MUTANT(connection_poll_timeout_zero_or_negative, TakesZeroForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, kPoll);
}

MUTANT(connection_poll_timeout_zero_or_negative, TakesNegativeForNone,
       "a negative timeout is taken for None, as the system's poll does") {
  take_negative_for_none(adapter, kPoll);
}

}  // namespace mp::conformance
