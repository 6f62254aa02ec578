#ifndef CONFORMANCE_PROTOCOL_MESSAGE_H_
#define CONFORMANCE_PROTOCOL_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conformance/protocol/implementation.h"
#include "conformance/protocol/value.h"

namespace mp::conformance {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kMaxNesting = 100;

// A line that is not what protocol.md says. what() tells what is wrong with it.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How a process ends after its bye (protocol.md, section 6).
struct Exit {
  std::string how = "return";  // "return", "exit", "raise", "signal", "quit"
  Value value{};               // what is returned, the status, the signal's number; for "raise" the error's name
  std::string text{};          // of the raised error
};

// What the runner asks for. Fields that a verb does not have keep their defaults.
struct Request {
  std::int64_t id = 0;
  std::string verb;          // "make", "call", "get", "set", "drop", "sleep", "batch", "bye"
  std::optional<Handle> on;  // without: a function of the module
  std::string name;          // of the class, the method or the attribute
  Values args;
  Kwargs kwargs;
  Value value;  // of set
  double seconds = 0;
  std::string thread;  // empty: the main thread
  std::vector<Request> calls;
  std::int64_t repeat = 1;
  Exit exit;
};

struct Unsupported {
  std::string what;
};

struct Answer;
struct Batch {
  std::vector<Answer> answers;
};

struct Answer {
  std::int64_t id = 0;  // of the request; zero: it could not be read as one, or this is an answer in a batch
  std::variant<Value, Error, Unsupported, Batch> result;
  double at = 0;
  double seconds = 0;
};

struct Hello {
  int protocol = kProtocolVersion;
  std::string token;
  std::int64_t pid = 0;
  std::int64_t host_pid = 0;      // zero: the same as pid
  std::string role;               // "main" or "child"
  Implementation implementation;  // of main
  std::string actor;              // of a child
  Values args;
  Kwargs kwargs;
};

// Each encode gives one line, without the newline at its end; each parse takes one. Text is UTF-8, with lone surrogates as
// UTF-8 would write them if it could. Throw Malformed.
std::string encode(const Request& request);
std::string encode(const Answer& answer);
std::string encode(const Hello& hello);
Request parse_request(std::string_view line);
// The id of a line that is no request otherwise; 0 when it has none. Never throws.
std::int64_t id_of(std::string_view line);
Answer parse_answer(std::string_view line);
Hello parse_hello(std::string_view line);

// A value alone, in its form on the wire.
std::string encode(const Value& value);
Value parse_value(std::string_view text);

}  // namespace mp::conformance

#endif  // CONFORMANCE_PROTOCOL_MESSAGE_H_
