// Words of the suites of conditions.
#ifndef CONFORMANCE_SUITES_CONDITION_MOMENTS_H_
#define CONFORMANCE_SUITES_CONDITION_MOMENTS_H_

#include "conformance/suites/moments.h"

namespace mp::conformance {

// Holds the condition, waits, and releases it afterwards. Who gets the lock after this finds it waiting: no other
// proof is needed, as the caller has the lock from here until its wait gives it up.
Pending begin_wait(Caller caller, Ref condition, Value timeout = None);
// What the wait itself gave.
Reply waited(const Pending& begun);

// The same with wait_for, by a predicate of the caller's process.
Pending begin_wait_for(Caller caller, Ref condition, Ref predicate, Value timeout = None);

// Holds the condition for it.
void notify(Caller caller, Ref condition, Value n = 1);
void notify_all(Caller caller, Ref condition);

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_CONDITION_MOMENTS_H_
