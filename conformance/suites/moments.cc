#include "conformance/suites/moments.h"

#include "conformance/suites/comes_true.h"

namespace mp::conformance {
namespace {

Unresolved not_reached(const Exchange& exchange, const std::string& what) {
  return Unresolved("not reached", exchange.place + ": " + exchange.call + " " + what);
}

// The first answer that is enough, or no value; else the last before the time was over.
template <class Condition>
Reply ask_until(Caller& caller, const Step& question, Condition is_enough) {
  const auto limit = Clock::now() + Testee::in_clock(Testee::limits().answer);
  for (;;) {
    const Reply reply = caller.ask(question);
    if (reply.value() == nullptr || is_enough(*reply.value()) || Clock::now() >= limit) return reply;
  }
}

Reply ask_until(Caller& caller, const Step& question, const Value& answer) {
  return ask_until(caller, question, [&](const Value& value) { return value == answer; });
}

}  // namespace

void await_blocked(const Pending& pending) {
  if (!blocked("", pending))
    throw not_reached(pending.exchange(), "was to wait, but came back: " + pending.reply().text());
}

// What holds for the last after a while holds for those that had longer.
void await_blocked(const std::vector<Pending>& pendings) {
  await_blocked(pendings.back());
  for (const Pending& pending : pendings) {
    await_asleep(*pending.exchange().actor);
    if (pending.exchange().is_closed()) {
      throw not_reached(pending.exchange(), "was to wait, but came back: " + pending.reply().text());
    }
  }
}

void await_asleep(Actor& actor) {
  if (comes_true(actor.testee(), [&] { return actor.testee().is_asleep(actor); })) return;
  throw Unresolved("not reached", "process '" + actor.name() + "' was to fall asleep, but goes on working");
}

std::size_t await_any(const std::vector<Pending>& pendings) {
  std::size_t first = 0;
  const auto any = [&] {
    for (first = 0; first < pendings.size(); ++first) {
      if (pendings[first].exchange().is_closed()) return true;
    }
    return false;
  };
  const Exchange& exchange = pendings.front().exchange();
  if (exchange.testee->wait_for_limit(any)) return first;
  throw not_reached(exchange, "was to come back, or one of those that wait with it");
}

void kill_and_await(Actor& actor) {
  actor.kill();
  if (comes_true(actor.testee(), [&] { return actor.has_ended(); })) return;
  throw Unresolved("not reached", "process '" + actor.name() + "' does not end although it was killed");
}

void await_becomes(Caller& caller, const Step& question, const Value& answer) {
  const Reply reply = ask_until(caller, question, answer);
  if (reply.value() == nullptr || *reply.value() != answer)
    throw not_reached(reply.exchange(), "gives no other answer: " + reply.text());
}

void await_refused(Caller& caller, const Step& question) {
  const Reply reply = ask_until(caller, question, [](const Value&) { return false; });
  if (reply.error() == nullptr) throw not_reached(reply.exchange(), "is not refused: " + reply.text());
}

void expect_refused(const Reply& reply) {
  if (reply.error() == nullptr) throw not_reached(reply.exchange(), "was to be refused: " + reply.text());
}

Value large_item() { return std::string((std::size_t{1} << 20) + (std::size_t{1} << 16), 'x'); }

testing::AssertionResult came_back(const char* text, const Reply& reply) {
  if (reply.returned() || reply.error() != nullptr) return testing::AssertionSuccess();
  reply.exchange().testee->note_failure(reply.exchange());
  return testing::AssertionFailure() << text << "\n  expected: it comes back\n  seen:     " << reply.text();
}

testing::AssertionResult becomes(const char*, const char*, const char* answer_text, Caller& caller,
                                 const Step& question, const Value& answer) {
  const Reply reply = ask_until(caller, question, answer);
  if (reply == answer) return testing::AssertionSuccess();
  return testing::AssertionFailure() << reply.exchange().call << "\n  expected: it becomes " << answer_text
                                     << " in the end\n  seen:     " << reply.text();
}

}  // namespace mp::conformance
