// Words of the suites that ask what the testee printed: all its processes, on standard output and standard error, in the order in
// which it came.
#ifndef CONFORMANCE_SUITES_OUTPUT_MOMENTS_H_
#define CONFORMANCE_SUITES_OUTPUT_MOMENTS_H_

#include <string>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// Arrangement: somebody of the testee has printed that line. What the same process printed before is there, too.
void await_printed(Actor& anybody, const std::string& line);

testing::AssertionResult printed_line(const char* actor_text, const char* line_text, Actor& anybody,
                                      const std::string& line);
testing::AssertionResult never_printed(const char* actor_text, const char* text_text, Actor& anybody,
                                       const std::string& text);

}  // namespace mp::conformance

// Somebody of the testee prints that line, and nothing else in it, within the runner's limit.
#define EXPECT_PRINTED(anybody, line) EXPECT_PRED_FORMAT2(::mp::conformance::printed_line, anybody, line)
// Nobody has printed that text so far. A process that would have is known to be past it: await_printed() something later of it.
#define EXPECT_NOT_PRINTED(anybody, text) EXPECT_PRED_FORMAT2(::mp::conformance::never_printed, anybody, text)

#endif  // CONFORMANCE_SUITES_OUTPUT_MOMENTS_H_
