#include "conformance/suites/process_moments.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>

namespace mp::conformance {
namespace {

constexpr std::chrono::milliseconds kWatched(60);

}  // namespace

Kwargs runs(const std::string& function, Values args) {
  return {{"target", Function{function}}, {"args", Tuple::of(std::move(args))}};
}

Ref make(Caller& caller, const Kwargs& options) { return caller.make("Process", options); }

Ref run(Caller& caller, const Kwargs& options) {
  const Ref process = make(caller, options);
  caller.call(process, "start");
  caller.call(process, "join");
  return process;
}

void end(Actor& actor, Exit exit) {
  actor.bye(std::move(exit));
  const auto limit = Clock::now() + Testee::in_clock(Testee::limits().answer);
  while (!actor.has_ended()) {
    if (Clock::now() >= limit) throw Unresolved("not reached", "process '" + actor.name() + "' does not end after its bye");
    actor.testee().pass(std::chrono::milliseconds(1));
  }
}

Ref current(Caller& caller) { return caller.call("current_process"); }

Ref parent_of(Caller& caller) {
  const Reply parent = caller.call("parent_process");
  const Value found = see(parent);
  if (const auto* handle = found.as<Handle>()) return Ref(handle->number);
  throw Broken("wrong answer", parent.exchange().place + ": parent_process() should give an object, not " + parent.text());
}

Values active_pids(Caller& caller) {
  Values pids;
  const Value children = see(caller.call("active_children"));
  for (const Value& child : children.items()) {
    if (const auto* handle = child.as<Handle>()) pids.push_back(see(caller.get(Ref(handle->number), "pid")));
  }
  std::ranges::sort(pids, [](const Value& a, const Value& b) { return a < b; });
  return pids;
}

std::int64_t number_after(const std::string& beginning, const std::string& name) {
  if (!name.starts_with(beginning)) return -1;
  const std::string digits = name.substr(beginning.size());
  const bool is_number = !digits.empty() && digits.size() < 10 &&
                         std::ranges::all_of(digits, [](unsigned char c) { return std::isdigit(c) != 0; });
  return is_number ? std::stoll(digits) : -1;
}

testing::AssertionResult goes_on(const char* text, Actor& actor) {
  Testee& testee = actor.testee();
  const auto limit = Clock::now() + kWatched;
  while (!actor.has_ended()) {
    if (Clock::now() >= limit) return testing::AssertionSuccess();
    testee.pass(std::chrono::milliseconds(5));
  }
  testee.note_cause("gone");
  return testing::AssertionFailure() << text << "\n  expected: process '" << actor.name() << "' goes on\n  seen:     it has ended";
}

testing::AssertionResult forgotten(const char* text, Actor& actor) {
  if (actor.testee().is_forgotten(actor.pid())) return testing::AssertionSuccess();
  actor.testee().note_cause("zombie");
  return testing::AssertionFailure() << text << "\n  expected: the system has forgotten process '" << actor.name()
                                     << "'\n  seen:     it knows its id";
}

}  // namespace mp::conformance
