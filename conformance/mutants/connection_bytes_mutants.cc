#include <algorithm>
#include <string>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/mutants/connection_mistakes.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {
namespace {

constexpr const char* kSendBytes = "Connection.send_bytes";
constexpr const char* kRecvBytes = "Connection.recv_bytes";

std::int64_t length_of_buffer(Args& args) {
  if (const auto* bytes = args["buf"].as<Bytes>()) return static_cast<std::int64_t>(bytes->data.size());
  return static_cast<std::int64_t>(args.object<ByteBuffer>("buf")->bytes.size());
}

}  // namespace

// ---- send_bytes

MUTANT(connection_send_bytes_whole, LosesTheLast, "the last byte of a buffer is not sent") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (args["size"].is_none() && length_of_buffer(args) > 0) args["size"] = length_of_buffer(args) - 1;
  });
}

MUTANT(connection_send_bytes_whole, RefusesWritable, "a writable buffer is no buffer") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (args["buf"].is<Handle>()) raise_error("TypeError");
  });
}

MUTANT(connection_send_bytes_offset, IsIgnored, "send_bytes ignores the offset") {
  call_otherwise(adapter, kSendBytes, [](Args& args) { args["offset"] = 0; });
}

MUTANT(connection_send_bytes_size, IsIgnored, "send_bytes ignores the size") {
  call_otherwise(adapter, kSendBytes, [](Args& args) { args["size"] = None; });
}

MUTANT(connection_send_bytes_size, IsTheEnd, "the size is taken for the place where to stop") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (!args["size"].is_none())
      args["size"] = std::max<std::int64_t>(0, args.integer("size") - args.integer("offset"));
  });
}

MUTANT(connection_send_bytes_empty, IsNotSent, "of no bytes nothing is sent") {
  adapter.override_entry(kSendBytes, [](Call& call) -> Value {
    return length_of_buffer(call.args) == call.args.integer("offset") ? Value() : call.original();
  });
}

MUTANT(connection_send_bytes_offset_outside, BelowZeroCountsFromTheEnd, "an offset below zero counts from the end") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (args.integer("offset") < 0) args["offset"] = length_of_buffer(args) + args.integer("offset");
  });
}

MUTANT(connection_send_bytes_offset_outside, BehindTheEndIsNothing,
       "behind the end of a buffer are no bytes, which are sent") {
  call_otherwise(adapter, kSendBytes,
                 [](Args& args) { args["offset"] = std::min(args.integer("offset"), length_of_buffer(args)); });
}

MUTANT(connection_send_bytes_size_outside, BelowZeroIsAll, "a size below zero is taken for all that is there") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (!args["size"].is_none() && args.integer("size") < 0) args["size"] = None;
  });
}

MUTANT(connection_send_bytes_size_outside, IsCut, "of a size that is too large what is there is sent") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (args["size"].is_none()) return;
    args["size"] = std::min(args.integer("size"), length_of_buffer(args) - args.integer("offset"));
  });
}

MUTANT(connection_send_bytes_size_outside, ForgetsTheOffset, "a size is compared with the whole buffer") {
  call_otherwise(adapter, kSendBytes, [](Args& args) {
    if (args["size"].is_none() || args.integer("size") > length_of_buffer(args)) return;
    args["size"] = std::min(args.integer("size"), length_of_buffer(args) - args.integer("offset"));
  });
}

MUTANT(connection_send_bytes_huge, HasTwentyFiveBits, "the length of a message has 25 bits") {
  call_otherwise(adapter, kSendBytes, [](Args& args) { args["size"] = length_of_buffer(args) % (1 << 25); });
}

// ---- recv_bytes

MUTANT(connection_recv_bytes_whole, IsText, "recv_bytes gives text") {
  return_otherwise(adapter, kRecvBytes, [](const Value&) { return Value("text"); });
}

MUTANT(connection_recv_bytes_whole, StopsAtAZero, "a message ends at its first byte that is zero") {
  return_otherwise(adapter, kRecvBytes, [](const Value& message) { return Bytes(message.bytes().c_str()); });
}

MUTANT(connection_recv_bytes_whole, TakesTwo, "a message comes with all that wait behind it") {
  adapter.override_entry(kRecvBytes, [](Call& call) -> Value {
    std::string message = call.original().bytes();
    while (!is_idle(call)) message += call.original().bytes();
    return Bytes(message);
  });
}

MUTANT(connection_recv_bytes_waits, TakesItForTheEnd, "recv_bytes raises EOFError when there is nothing yet") {
  take_idle_for_ended(adapter, kRecvBytes);
}

MUTANT(connection_recv_bytes_eof, GivesNothing, "recv_bytes returns no bytes at the end, as the system does") {
  adapter.override_entry(kRecvBytes, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return Bytes();
    }
  });
}

MUTANT(connection_recv_bytes_maxlength_fits, IsTooLong, "a message of maxlength bytes is too long") {
  call_otherwise(adapter, kRecvBytes, [](Args& args) {
    if (args["maxlength"].is_none()) return;
    if (args.integer("maxlength") == 0) raise_error("OSError");
    args["maxlength"] = args.integer("maxlength") - 1;
  });
}

MUTANT(connection_recv_bytes_maxlength_exceeded, IsCut,
       "of a message longer than maxlength the beginning is received") {
  adapter.override_entry(kRecvBytes, [](Call& call) -> Value {
    const Value maxlength = std::exchange(call.args["maxlength"], None);
    const std::string message = call.original().bytes();
    return Bytes(
        message.substr(0, maxlength.is_none() ? message.size() : static_cast<std::size_t>(maxlength.integer())));
  });
}

MUTANT(connection_recv_bytes_maxlength_unreadable, SkipsIt,
       "a message longer than maxlength is skipped, and the next can be read") {
  adapter.override_entry(kRecvBytes, [](Call& call) -> Value {
    const Value maxlength = std::exchange(call.args["maxlength"], None);
    const Value message = call.original();
    if (!maxlength.is_none() && message.bytes().size() > static_cast<std::size_t>(maxlength.integer()))
      raise_error("OSError");
    return message;
  });
}

MUTANT(connection_recv_bytes_maxlength_writable, ClosesTheEnd,
       "a message longer than maxlength closes the connection") {
  adapter.override_entry(kRecvBytes, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      ask(call, "close");
      throw;
    }
  });
}

MUTANT(connection_recv_bytes_maxlength_negative, IsNoLimit, "a negative maxlength is taken for None") {
  call_otherwise(adapter, kRecvBytes, [](Args& args) {
    if (!args["maxlength"].is_none() && args.integer("maxlength") < 0) args["maxlength"] = None;
  });
}

MUTANT(connection_recv_bytes_maxlength_negative, TakesTheMessage,
       "a negative maxlength is noticed when the message has been taken") {
  adapter.override_entry(kRecvBytes, [](Call& call) -> Value {
    const Value maxlength = call.args["maxlength"];
    if (maxlength.is_none() || maxlength.integer() >= 0) return call.original();
    call.args["maxlength"] = None;
    call.original();
    raise_error("ValueError");
  });
}

}  // namespace mp::conformance
