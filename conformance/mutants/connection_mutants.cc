#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

// Objects are sent as something else.
void change_objects(Adapter& adapter, Value (*change)(const Value&)) {
  call_otherwise(adapter, "Connection.send", [change](Args& args) { args["obj"] = change(args["obj"]); });
}

Value cut(const Value& value) {
  return value.is<std::string>() ? Value(value.text().substr(0, std::size_t{64} << 10)) : value;
}

}  // namespace

// ---- All messages

MUTANT(connection_order, LastInFirstOut, "of two messages that wait the second comes out first") {
  static std::optional<Value> kept;
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    if (kept) return *std::exchange(kept, std::nullopt);
    const Value first = call.original();
    if (is_idle(call)) return first;
    kept = first;
    return call.original();
  });
}

MUTANT(connection_boundaries, Merge, "messages that wait come out as one") {
  adapter.override_entry("Connection.recv_bytes", [](Call& call) -> Value {
    std::string message = call.original().bytes();
    if (!is_idle(call)) message += call.original().bytes();
    return Bytes(message);
  });
}

MUTANT(connection_boundaries, Split, "a message of more than 64 KiB comes out in pieces") {
  static constexpr std::size_t kPiece = std::size_t{64} << 10;
  static std::string rest;
  adapter.override_entry("Connection.recv_bytes", [](Call& call) -> Value {
    if (rest.empty()) rest = call.original().bytes();
    const std::string piece = rest.substr(0, kPiece);
    rest.erase(0, kPiece);
    return Bytes(piece);
  });
}

// ---- send

MUTANT(connection_send_kinds, BigNumbersAsFloats, "integers of more than 64 bits arrive as floats") {
  change_objects(adapter, [](const Value& object) { return object.is<BigInt>() ? Value(1.0) : object; });
}

MUTANT(connection_send_kinds, TruthAsNumbers, "True and False arrive as numbers") {
  change_objects(adapter,
                 [](const Value& object) { return object.is<bool>() ? Value(*object.as<bool>() ? 1 : 0) : object; });
}

MUTANT(connection_send_kinds, BytesAsText, "bytes arrive as text") {
  change_objects(adapter, [](const Value& object) { return object.is<Bytes>() ? Value("text") : object; });
}

MUTANT(connection_send_kinds, TuplesAsLists, "tuples arrive as lists") {
  change_objects(adapter,
                 [](const Value& object) { return object.is<Tuple>() ? Value(List::of(object.items())) : object; });
}

MUTANT(connection_send_large, IsCut, "of a text the first 64 KiB arrive") {
  change_objects(adapter, [](const Value& object) {
    if (!object.is<List>()) return cut(object);
    Values items;
    for (const Value& item : object.items()) items.push_back(cut(item));
    return Value(List::of(std::move(items)));
  });
}

MUTANT(connection_send_unserialisable, Vanishes, "an object that cannot be serialised vanishes without an error") {
  swallow_errors(adapter, "Connection.send");
}

MUTANT(connection_send_unserialisable_goes_on, ClosesTheConnection,
       "an object that cannot be serialised closes the connection") {
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      ask(call, "close");
      throw;
    }
  });
}

MUTANT(connection_send_unserialisable_goes_on, LeavesTheBeginning,
       "what was serialised before the failure is sent, in front of the next object") {
  adapter.override_entry("Connection.send", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      ask(call, "send_bytes", {Bytes("half an object")});
      throw;
    }
  });
}

MUTANT(connection_send_peer_closed, RaisesEOFError, "to send to an end that is closed raises EOFError") {
  raise_otherwise(adapter, "Connection.send", "EOFError");
}

MUTANT(connection_send_peer_closed, IsSilent, "what is sent to an end that is closed vanishes") {
  swallow_errors(adapter, "Connection.send");
}

MUTANT(connection_fileno, IsAlwaysTheSame, "fileno gives one number for both ends") {
  only_answer(adapter, "Connection.fileno", 3);
}

MUTANT(connection_fileno, IsNegative, "fileno gives a handle as a negative number") {
  return_otherwise(adapter, "Connection.fileno", [](const Value& number) { return Value(-number.integer()); });
}

}  // namespace mp::conformance
