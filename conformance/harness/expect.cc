#include "conformance/harness/expect.h"

#include <algorithm>
#include <thread>

#include "conformance/harness/testee.h"

namespace mp::conformance {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

// A little lateness is every machine's right: so much, or as much again as the bound.
constexpr double kLeastSlack = 0.1;
// Each of half the slack. A bound is at most as long as its slack, so the third is still to end when the act should be over.
constexpr int kControlSleeps = 3;
constexpr std::chrono::milliseconds kWatched(60);

Testee& testee_of(const Reply& reply) { return *reply.exchange().testee; }

AssertionResult failure(const char* text, const std::string& expected, const Reply& reply) {
  testee_of(reply).note_failure(reply.exchange());
  return AssertionFailure() << text << ": expected " << expected << ", seen " << reply.text();
}

// What sleeps take here and now: the control of a judgement of time, which is its only question.
double measured_sleeps(double seconds) {
  const auto before = Clock::now();
  for (int i = 0; i < kControlSleeps; ++i) std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  return std::chrono::duration<double>(Clock::now() - before).count();
}

}  // namespace

double Control::late() const {
  const double took = in_testee ? in_testee->reply().seconds() : in_runner.get();
  return took - kControlSleeps * slack / 2;
}

Control begin_control(Actor& actor, double bound, Name place) {
  Control control{bound, std::max(bound, kLeastSlack), std::nullopt, {}};
  const double each = control.slack / 2;
  if (actor.testee().has_feature(Testee::kThreads)) {
    control.in_testee = actor.thread("control").begin_batch({Step::sleep(each, place)}, kControlSleeps, place);
  } else {
    control.in_runner = std::async(std::launch::async, measured_sleeps, each);
  }
  return control;
}

AssertionResult returned(const char* text, const Reply& reply) {
  return reply.returned() ? AssertionSuccess() : failure(text, "to return", reply);
}

AssertionResult returned(const char* text, const Pending& pending) { return returned(text, pending.reply()); }

AssertionResult returned_value(const char* text, const char*, const Reply& reply, const Value& expected) {
  return reply == expected ? AssertionSuccess() : failure(text, testee_of(reply).named(expected), reply);
}

AssertionResult returned_value(const char* text, const char* expected_text, const Pending& pending, const Value& expected) {
  return returned_value(text, expected_text, pending.reply(), expected);
}

AssertionResult raised(const char* text, const char*, const Reply& reply, const std::string& type) {
  const Error* error = reply.error();
  return error != nullptr && error->is(type) ? AssertionSuccess() : failure(text, "to raise " + type, reply);
}

AssertionResult raised(const char* text, const char* type_text, const Pending& pending, const std::string& type) {
  return raised(text, type_text, pending.reply(), type);
}

AssertionResult blocked(const char* text, const Pending& pending) {
  const Exchange& exchange = pending.exchange();
  Testee& testee = *exchange.testee;
  const auto is_closed = [&] { return exchange.is_closed(); };
  bool came_back = testee.wait(is_closed, Clock::now() + kWatched);
  const auto limit = Clock::now() + std::chrono::seconds(2);
  while (!came_back && !testee.is_asleep(*exchange.actor) && Clock::now() < limit) {
    came_back = testee.wait(is_closed, Clock::now() + std::chrono::milliseconds(5));
  }
  if (!came_back) return AssertionSuccess();
  const Reply reply = pending.reply();
  if (reply.returned()) testee.note_cause("early");
  return failure(text, "to wait", reply);
}

AssertionResult took_at_least(const char* text, const char*, const Reply& reply, double seconds) {
  if (!reply.returned() && reply.error() == nullptr) return failure(text, "to come back", reply);
  if (reply.seconds() >= seconds) return AssertionSuccess();
  testee_of(reply).note_cause("early");
  return AssertionFailure() << text << ": expected to take at least " << seconds << " s, took " << reply.seconds()
                            << " s: " << reply.text();
}

AssertionResult bounded(const char* text, const char*, const Reply& reply, const Control& control) {
  if (!reply.returned() && reply.error() == nullptr) return failure(text, "to come back", reply);
  const double control_late = control.late();
  const double late = reply.seconds() - control.bound;
  if (late <= control.slack) return AssertionSuccess();
  if (control_late > control.slack / 2) {
    throw Unresolved("slow machine", reply.exchange().place + ": plain waits came back " + std::to_string(control_late) +
                                         " s late at the same time");
  }
  testee_of(reply).note_cause("late");
  return AssertionFailure() << text << ": expected to take no longer than " << control.bound << " s, took "
                            << reply.seconds() << " s, while plain waits beside it were " << control_late << " s late";
}

AssertionResult started(const char* text, Actor& actor) {
  if (actor.testee().await_hello(actor)) return AssertionSuccess();
  actor.testee().note_cause("mute");
  return AssertionFailure() << text << ": expected process '" << actor.name() << "' to begin its work, seen nothing of it\n"
                            << actor.testee().forensics();
}

// From outside nothing tells the runner at once that a process is gone, so it looks again and again.
AssertionResult ended(const char* text, Actor& actor) {
  Testee& testee = actor.testee();
  const auto limit = Clock::now() + Testee::in_clock(Testee::limits().answer);
  while (!actor.has_ended()) {
    if (Clock::now() >= limit) {
      testee.note_cause("alive");
      return AssertionFailure() << text << ": expected process '" << actor.name() << "' to end, but it lives\n"
                                << testee.forensics();
    }
    testee.pass(std::chrono::milliseconds(2));
  }
  return AssertionSuccess();
}

}  // namespace mp::conformance
