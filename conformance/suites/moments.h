// Words that many suites need: bringing a test to the moment at which its question can be asked. All of them are
// arrangement: when they cannot get there, the test is `unresolved`.
#ifndef CONFORMANCE_SUITES_MOMENTS_H_
#define CONFORMANCE_SUITES_MOMENTS_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "conformance/harness/clause_test.h"

namespace mp::conformance {

// The call waits, and its process is asleep in it: the proven point for a kill, or for a wake-up that must not be
// missed.
void await_blocked(const Pending& pending);
// All of them at the same time, begun in this order.
void await_blocked(const std::vector<Pending>& pendings);

// No thread of the process runs any more.
void await_asleep(Actor& actor);

// Which of the calls came back first.
std::size_t await_any(const std::vector<Pending>& pendings);

// Ends the process without a chance to clean up; it is gone when this returns.
void kill_and_await(Actor& actor);

// Asks again and again until this is the answer.
void await_becomes(Caller& caller, const Step& question, const Value& answer);

// Asks again and again until it is refused.
void await_refused(Caller& caller, const Step& question);

// The call was refused, as the test needs it to be.
void expect_refused(const Reply& reply);

// An item that fits in no pipe or socket buffer of a system, unless it was made larger on purpose.
Value large_item();

}  // namespace mp::conformance

// It came back at all, with a value or with an error: for what must not hang.
#define EXPECT_CAME_BACK(reply) EXPECT_PRED_FORMAT1(::mp::conformance::came_back, reply)
#define ASSERT_CAME_BACK(reply) ASSERT_PRED_FORMAT1(::mp::conformance::came_back, reply)

// Asked again and again, it gives this answer in the end.
#define EXPECT_BECOMES(caller, question, answer) \
  EXPECT_PRED_FORMAT3(::mp::conformance::becomes, caller, question, answer)

namespace mp::conformance {

testing::AssertionResult came_back(const char* text, const Reply& reply);
testing::AssertionResult becomes(const char* caller_text, const char* question_text, const char* answer_text,
                                 Caller& caller, const Step& question, const Value& answer);

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_MOMENTS_H_
