#include <algorithm>
#include <optional>
#include <string>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

constexpr const char* kRecvInto = "Connection.recv_bytes_into";

std::vector<std::byte>& buffer_of(Call& call) { return call.args.object<ByteBuffer>("buf")->bytes; }

bool is_outside(Call& call) {
  const std::int64_t offset = call.args.integer("offset");
  return offset < 0 || offset > static_cast<std::int64_t>(buffer_of(call).size());
}

// Something else happens where the message is longer than the buffer: `act` gets the error with the message.
void when_too_short(Adapter& adapter, std::function<Value(Call& call, Error error)> act) {
  adapter.override_entry(kRecvInto, [&adapter, act = std::move(act)](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception& exception) {
      Error error = adapter.implementer().error(exception);
      if (error.is("BufferTooShort")) return act(call, std::move(error));
      throw;
    }
  });
}

void write(Call& call, const std::string& message) {
  std::vector<std::byte>& bytes = buffer_of(call);
  const auto offset = static_cast<std::size_t>(call.args.integer("offset"));
  const std::size_t count = std::min(message.size(), bytes.size() - offset);
  for (std::size_t i = 0; i < count; ++i) bytes[offset + i] = static_cast<std::byte>(message[i]);
}

}  // namespace

MUTANT(connection_recv_bytes_into_count, IsThatOfTheBuffer, "recv_bytes_into gives the length of the buffer") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    call.original();
    return buffer_of(call).size();
  });
}

MUTANT(connection_recv_bytes_into_start, ClearsTheRest, "what is behind the message in the buffer becomes zero") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    const Value count = call.original();
    std::vector<std::byte>& bytes = buffer_of(call);
    std::fill(bytes.begin() + call.args.integer("offset") + count.integer(), bytes.end(), std::byte{0});
    return count;
  });
}

MUTANT(connection_recv_bytes_into_start, Shrinks, "the buffer becomes as long as the message") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    const Value count = call.original();
    buffer_of(call).resize(static_cast<std::size_t>(call.args.integer("offset") + count.integer()));
    return count;
  });
}

MUTANT(connection_recv_bytes_into_offset, IsIgnored, "recv_bytes_into ignores the offset") {
  call_otherwise(adapter, kRecvInto, [](Args& args) { args["offset"] = 0; });
}

MUTANT(connection_recv_bytes_into_offset, ClearsTheBeginning, "what is before the message in the buffer becomes zero") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    const Value count = call.original();
    std::fill_n(buffer_of(call).begin(), call.args.integer("offset"), std::byte{0});
    return count;
  });
}

MUTANT(connection_recv_bytes_into_fits, NeedsOneMore, "a message must leave a byte of the buffer free") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    const Value count = call.original();
    if (call.args.integer("offset") + count.integer() == static_cast<std::int64_t>(buffer_of(call).size())) {
      raise_error("BufferTooShort");
    }
    return count;
  });
}

MUTANT(connection_recv_bytes_into_empty, IsTheEnd, "a message of no bytes is taken for the end") {
  return_otherwise(adapter, kRecvInto, [](const Value& count) {
    if (count == Value(0)) raise_error("EOFError");
    return count;
  });
}

MUTANT(connection_recv_bytes_into_offset_outside, IsMovedInside,
       "an offset outside of the buffer is taken for the nearest inside") {
  call_otherwise(adapter, kRecvInto, [](Args& args) {
    const auto size = static_cast<std::int64_t>(args.object<ByteBuffer>("buf")->bytes.size());
    args["offset"] = std::clamp<std::int64_t>(args.integer("offset"), 0, size - 3);
  });
}

MUTANT(connection_recv_bytes_into_offset_outside, TakesTheMessage,
       "an offset outside of the buffer is noticed when the message has been taken") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    if (is_outside(call)) ask(call, "recv_bytes");
    return call.original();
  });
}

MUTANT(connection_recv_bytes_into_offset_at_end, IsTooShort, "behind the offset is room for no byte, and the message is taken") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    if (call.args.integer("offset") != static_cast<std::int64_t>(buffer_of(call).size())) return call.original();
    ask(call, "recv_bytes");
    raise_error("BufferTooShort");
  });
}

MUTANT(connection_recv_bytes_into_waits, TakesItForTheEnd,
       "recv_bytes_into raises EOFError when there is nothing yet") {
  take_idle_for_ended(adapter, kRecvInto);
}

MUTANT(connection_recv_bytes_into_eof, GivesZero, "recv_bytes_into returns zero at the end, as the system does") {
  adapter.override_entry(kRecvInto, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return 0;
    }
  });
}

// ---- BufferTooShort

MUTANT(connection_recv_bytes_into_too_short, Cuts, "of a message that does not fit the beginning is received") {
  when_too_short(adapter, [](Call& call, const Error& error) -> Value {
    write(call, error.message.at(0).data);
    return static_cast<std::int64_t>(buffer_of(call).size()) - call.args.integer("offset");
  });
}

MUTANT(connection_recv_bytes_into_too_short_after_offset, Grows, "a buffer that would do without the offset grows") {
  when_too_short(adapter, [](Call& call, const Error& error) -> Value {
    const std::string& message = error.message.at(0).data;
    if (message.size() > buffer_of(call).size()) throw Raised(error);
    buffer_of(call).resize(static_cast<std::size_t>(call.args.integer("offset")) + message.size());
    write(call, message);
    return message.size();
  });
}

MUTANT(connection_recv_bytes_into_too_short_message, IsCut, "BufferTooShort carries what would have fitted") {
  when_too_short(adapter, [](Call& call, Error error) -> Value {
    error.message.at(0).data.resize(buffer_of(call).size());
    throw Raised(std::move(error));
  });
}

MUTANT(connection_recv_bytes_into_too_short_message, IsMissing, "BufferTooShort carries nothing") {
  when_too_short(adapter, [](Call&, Error error) -> Value {
    error.message.clear();
    throw Raised(std::move(error));
  });
}

MUTANT(connection_recv_bytes_into_too_short_buffer, IsFilled,
       "BufferTooShort leaves the beginning of the message in the buffer") {
  when_too_short(adapter, [](Call& call, Error error) -> Value {
    write(call, error.message.at(0).data);
    throw Raised(std::move(error));
  });
}

MUTANT(connection_recv_bytes_into_too_short_goes_on, KeepsTheMessage,
       "a message that did not fit is received once more") {
  static std::optional<Value> kept;
  when_too_short(adapter, [](Call&, Error error) -> Value {
    kept = error.message.at(0);
    throw Raised(std::move(error));
  });
  adapter.override_entry("Connection.recv_bytes", [](Call& call) -> Value {
    return kept ? *std::exchange(kept, std::nullopt) : call.original();
  });
}

MUTANT(connection_recv_bytes_into_too_short_goes_on, ClosesTheEnd, "BufferTooShort closes the connection") {
  when_too_short(adapter, [](Call& call, Error error) -> Value {
    ask(call, "close");
    throw Raised(std::move(error));
  });
}

}  // namespace mp::conformance
