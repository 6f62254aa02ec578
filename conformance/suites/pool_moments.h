// Words of the suites of pools.
#ifndef CONFORMANCE_SUITES_POOL_MOMENTS_H_
#define CONFORMANCE_SUITES_POOL_MOMENTS_H_

#include <functional>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// A task that the test is in control of: whoever performs it serves under a name of its own until its bye, which says how the
// task ends and what its result is.
struct Work {
  Actor& actor;
  Ref result;
};
// Handed to the pool by its creator; it may have to wait for a worker.
Work submit_work(Actor& creator, Ref pool, Kwargs more = {});
// It is being performed.
Work start_work(Actor& creator, Ref pool, Kwargs more = {});
// Somebody performs what serves under that name.
void await_started(Actor& actor);

using Actors = std::vector<std::reference_wrapper<Actor>>;
// Several names for the inputs of a map of `serve`.
Actors expect_actors(Actor& creator, int count);
Value names_of(const Actors& actors);

// Both inputs of a chunk are in the hands of one worker of two: while it works on the first, the other is free for another task,
// which would have to wait if somebody had taken the second. This is the act.
void expect_one_after_the_other(Actor& creator, Ref pool, const Actors& tasks);

// The call has come back: waits for the result, whatever it is.
void await_completed(Caller& caller, Ref result);

// 0, 1, ... before `end`; their squares.
Value numbers(int end);
Value squares(int end);

// The end of a pool, in order: all tasks are done, or nearly. A test that is about something else ends with it.
void put_away(Caller& caller, Ref pool);
// The same where tasks are still under way.
void stop(Caller& caller, Ref pool);

// The task ends by that error.
Exit raising(const std::string& error, const std::string& text = "wrong");

inline const Function kServe{"serve"};
inline const Function kSquare{"square"};
inline const Function kEcho{"echo"};
inline const Function kNothing{"nothing"};
inline const Function kPid{"pid"};
inline const Function kAdd{"add"};
inline const Function kFail{"fail"};

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_POOL_MOMENTS_H_
