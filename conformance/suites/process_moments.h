// What the suites of processes have in common.
#ifndef CONFORMANCE_SUITES_PROCESS_MOMENTS_H_
#define CONFORMANCE_SUITES_PROCESS_MOMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// What the constructor is told, so that the process runs this function of the adapter.
Kwargs runs(const std::string& function, Values args = {});

// Arrangement: a process of that kind that the caller has made; and that has also been started and joined.
Ref make(Caller& caller, const Kwargs& options);
Ref run(Caller& caller, const Kwargs& options);

// Arrangement: the process says good-bye and is gone, though nobody may have taken note.
void end(Actor& actor, Exit exit = {});

// The object that stands for the calling process itself.
Ref current(Caller& caller);
// The object that stands for its parent; that there is one, is looked at.
Ref parent_of(Caller& caller);

// The process ids of its active children, in the order of their numbers. It is looked at.
Values active_pids(Caller& caller);

// The number at the end of a name that begins so; -1: that is not how the name is built.
std::int64_t number_after(const std::string& beginning, const std::string& name);

testing::AssertionResult goes_on(const char* text, Actor& actor);
testing::AssertionResult forgotten(const char* text, Actor& actor);

}  // namespace mp::conformance

// The process has not ended: watched for a short while, which a slow machine can only make pass.
#define EXPECT_GOES_ON(actor) EXPECT_PRED_FORMAT1(::mp::conformance::goes_on, actor)
// The system does not know its process id any more.
#define EXPECT_FORGOTTEN(actor) EXPECT_PRED_FORMAT1(::mp::conformance::forgotten, actor)

#endif  // CONFORMANCE_SUITES_PROCESS_MOMENTS_H_
