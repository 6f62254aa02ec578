#ifndef CONFORMANCE_HARNESS_PENDING_H_
#define CONFORMANCE_HARNESS_PENDING_H_

#include <chrono>
#include <compare>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/harness/objects.h"
#include "conformance/harness/unresolved.h"
#include "conformance/protocol/message.h"

namespace mp::conformance {

class Actor;
class Testee;

using Clock = std::chrono::steady_clock;

// One request and what became of it. Handles in it are those of Ref, the same in every process.
struct Exchange {
  Testee* testee = nullptr;
  Actor* actor = nullptr;
  std::string thread;
  std::string verb;
  std::size_t steps = 0;  // of a batch
  std::string call;       // "queue1.put(1)"
  std::string place;  // "queue_test.cc:12"
  Clock::time_point begun, ended;
  std::optional<Answer> answer;
  std::string lost;  // why there will be no answer: "crash", "cut reply", "killed", "hang"; empty while there may be one
  std::string details;  // of a hang: who waits where
  bool is_closed() const { return answer || !lost.empty(); }
};

// For people: "None", "raised Full('...')", "no answer to queue1.put(2): hang".
std::string text_of(const Exchange& exchange);
// How the testee failed to give what was expected: "hang", "crash" ..., "wrong error" or "wrong answer".
std::string cause_of(const Exchange& exchange);

// What a call gave. See the head of clause_test.h for the one rule of its use: a Reply that is compared is the act, a Reply that nobody looks
// at, or that is turned into a Ref or a Value, is arrangement.
//
// Owns:    its share of the exchange.
// Shares:  with its copies.
// Threads: the test's only.
// Blocks:  never; the call has come back, or was given up.
// Throws:  the conversions: Unresolved when the call did not return. Everything else says what it saw.
class Reply {
 public:
  explicit Reply(std::shared_ptr<const Exchange> exchange);

  // Arrangement.
  operator Ref() const;
  operator Value() const;
  std::pair<Ref, Ref> pair() const;  // of a Pipe

  // The act.
  bool returned() const;
  const Error* error() const;  // null: nothing was raised
  const Value* value() const;  // null: nothing was returned
  std::string text() const { return text_of(exchange()); }

  // Inside the testee, around the call alone, by the clock of the machine.
  double seconds() const;
  double at() const;
  const Exchange& exchange() const { return *seen_->exchange; }

 private:
  // A surprise that nobody has looked at when the last copy goes is reported to the testee: the next step of the test throws.
  struct Seen {
    explicit Seen(std::shared_ptr<const Exchange> exchange) : exchange(std::move(exchange)) {}
    Seen(const Seen&) = delete;
    std::shared_ptr<const Exchange> exchange;
    mutable bool looked = false;
    ~Seen();
  };
  const Value& arranged() const;

  std::shared_ptr<Seen> seen_;
};

bool operator==(const Reply& reply, const Value& value);
bool operator==(const Reply& a, const Reply& b);
bool operator!=(const Reply& reply, const Value& value);
std::partial_ordering operator<=>(const Reply& reply, const Value& value);
void PrintTo(const Reply& reply, std::ostream* out);

// A call that was begun and may not have come back.
//
// Owns:    its share of the exchange.
// Shares:  with its copies.
// Threads: the test's only.
// Blocks:  reply(), until the answer is there or the runner gives up.
// Throws:  NotOffered from reply(); Unresolved when the testee breaks the protocol.
class Pending {
 public:
  explicit Pending(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

  Reply reply() const;
  // Nothing while it has not come back.
  std::optional<Reply> reply_now() const;
  const Exchange& exchange() const { return *exchange_; }

 private:
  std::shared_ptr<Exchange> exchange_;
};

// The value of a call that is the act: a surprise is a fail. For values that a comparison alone cannot judge.
Value see(const Reply& reply);
Value see(const Pending& pending);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_PENDING_H_
