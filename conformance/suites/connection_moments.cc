#include "conformance/suites/connection_moments.h"

#include <cstdint>
#include <string>

namespace mp::conformance {

// A simple generator of numbers that look random; its highest bits are the best ones.
Value pattern(std::size_t size) {
  Bytes bytes(size, 'x');
  std::uint32_t state = 1;
  for (char& byte : bytes.data) byte = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  return bytes;
}

Ref buffer(Caller& caller, const char* content) { return caller.make("bytearray", Bytes(content)); }

std::vector<Step> sends(Ref end, int first, int count) {
  std::vector<Step> steps;
  for (int message = first; message < first + count; ++message) steps.push_back(Step::call(end, "send", message));
  return steps;
}

Reply send_until_refused(Caller& caller, Ref end) {
  const auto limit = Clock::now() + Testee::in_clock(Testee::limits().answer);
  for (;;) {
    Reply reply = caller.call(end, "send", 1);
    if (!reply.returned() || Clock::now() >= limit) return reply;
  }
}

void expect_carries(Caller& from, Ref sender, Caller& to, Ref receiver) {
  ASSERT_RETURNED(from.call(sender, "send", "message"));
  EXPECT_EQ(to.call(receiver, "recv"), "message");
}

void expect_carries_both_ways(Caller& one, Ref end, Caller& other, Ref other_end) {
  expect_carries(one, end, other, other_end);
  expect_carries(other, other_end, one, end);
}

void kill_while_sending(Actor& sender, Ref end) {
  await_blocked(sender.begin(end, "send", large_item()));
  kill_and_await(sender);
}

}  // namespace mp::conformance
