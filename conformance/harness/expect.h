// The checks of suites beside EXPECT_EQ, EXPECT_NE, EXPECT_LT ...: each looks at a Reply or a Pending, so the call that
// gave it is the act.
#ifndef CONFORMANCE_HARNESS_EXPECT_H_
#define CONFORMANCE_HARNESS_EXPECT_H_

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <string>

#include "conformance/harness/actor.h"

namespace mp::conformance {

// Plain waits beside the act: what the machine makes of them just now. Begin them right before the act, in the same process:
//   Control control = begin_control(main(), 0.2);
//   Reply reply = main().call(queue, "get", true, 0.2);
//   EXPECT_RAISES(reply, "Empty");
//   EXPECT_TOOK_AT_LEAST(reply, 0.2);
//   EXPECT_BOUNDED(reply, control);
// They run on a thread of that process, or, where the testee has no threads, in the runner: three in a row, each of half the slack, until
// after the act should be over. A standstill that makes the act later than its slack is longer than two of them, so one of them ends in
// its first half and is late by more than half the slack, wherever in the act the standstill falls.
struct Control {
  double bound;  // what the act should take
  double slack;  // what it may be late by
  std::optional<Pending> in_testee;
  std::shared_future<double> in_runner;

  double late() const;  // by how much the waits took longer than they should; waits for their end
};
Control begin_control(Actor& actor, double bound, Name place = "");

testing::AssertionResult returned(const char* text, const Reply& reply);
testing::AssertionResult returned(const char* text, const Pending& pending);
testing::AssertionResult returned_value(const char* text, const char* expected_text, const Reply& reply, const Value& expected);
testing::AssertionResult returned_value(const char* text, const char* expected_text, const Pending& pending,
                                        const Value& expected);
testing::AssertionResult raised(const char* text, const char* type_text, const Reply& reply, const std::string& type);
testing::AssertionResult raised(const char* text, const char* type_text, const Pending& pending, const std::string& type);
testing::AssertionResult blocked(const char* text, const Pending& pending);
testing::AssertionResult took_at_least(const char* text, const char* seconds_text, const Reply& reply, double seconds);
testing::AssertionResult bounded(const char* text, const char* control_text, const Reply& reply, const Control& control);
testing::AssertionResult started(const char* text, Actor& actor);
testing::AssertionResult ended(const char* text, Actor& actor);

}  // namespace mp::conformance

// It came back without an error, and, where a value is given, with that value. Waits for a Pending.
#define EXPECT_RETURNED(...) MP_ONE_OR_TWO(__VA_ARGS__, MP_EXPECT_RETURNED_VALUE, MP_EXPECT_RETURNED)(__VA_ARGS__)
#define ASSERT_RETURNED(...) MP_ONE_OR_TWO(__VA_ARGS__, MP_ASSERT_RETURNED_VALUE, MP_ASSERT_RETURNED)(__VA_ARGS__)
// It raised the error of that canonical name, or one derived from it.
#define EXPECT_RAISES(reply, type) EXPECT_PRED_FORMAT2(::mp::conformance::raised, reply, type)
#define ASSERT_RAISES(reply, type) ASSERT_PRED_FORMAT2(::mp::conformance::raised, reply, type)
// It has not come back: watched for a short while, which a slow machine can only make pass. The process is then asleep in the
// call, as far as the system shows it, so that what comes next meets it there.
#define EXPECT_BLOCKED(pending) EXPECT_PRED_FORMAT1(::mp::conformance::blocked, pending)
#define ASSERT_BLOCKED(pending) ASSERT_PRED_FORMAT1(::mp::conformance::blocked, pending)
// By the testee's own clock, exactly.
#define EXPECT_TOOK_AT_LEAST(reply, seconds) EXPECT_PRED_FORMAT2(::mp::conformance::took_at_least, reply, seconds)
// It took no longer than its bound allows on this machine at this time; `unresolved` when the control was late, too.
#define EXPECT_BOUNDED(reply, control) EXPECT_PRED_FORMAT2(::mp::conformance::bounded, reply, control)
// The process begins to work, or is gone from the system, within the runner's limit.
#define EXPECT_STARTED(actor) EXPECT_PRED_FORMAT1(::mp::conformance::started, actor)
#define ASSERT_STARTED(actor) ASSERT_PRED_FORMAT1(::mp::conformance::started, actor)
#define EXPECT_ENDED(actor) EXPECT_PRED_FORMAT1(::mp::conformance::ended, actor)
#define ASSERT_ENDED(actor) ASSERT_PRED_FORMAT1(::mp::conformance::ended, actor)

#define MP_ONE_OR_TWO(first, second, chosen, ...) chosen
#define MP_EXPECT_RETURNED(reply) EXPECT_PRED_FORMAT1(::mp::conformance::returned, reply)
#define MP_EXPECT_RETURNED_VALUE(reply, value) EXPECT_PRED_FORMAT2(::mp::conformance::returned_value, reply, value)
#define MP_ASSERT_RETURNED(reply) ASSERT_PRED_FORMAT1(::mp::conformance::returned, reply)
#define MP_ASSERT_RETURNED_VALUE(reply, value) ASSERT_PRED_FORMAT2(::mp::conformance::returned_value, reply, value)

#endif  // CONFORMANCE_HARNESS_EXPECT_H_
