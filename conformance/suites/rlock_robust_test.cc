// Owners and waiters that are killed.
#include "conformance/suites/moments.h"
#include "spec/clauses/rlock.h"

namespace mp::conformance {
namespace {

// It got the lock, or it is told why not.
void expect_not_in_vain(const Reply& acquired) {
  ASSERT_CAME_BACK(acquired);
  if (acquired.error() != nullptr) {
    EXPECT_RAISES(acquired, "OwnerDied");
  }
}

}  // namespace

CLAUSE_TEST(rlock_robust_dead_owner, IsNotWaitedForForEver) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  child.call(lock, "acquire");
  kill_and_await(child);
  expect_not_in_vain(main().call(lock, "acquire"));
}

// A waiter that is there before the owner dies has to find out, too.
CLAUSE_TEST(rlock_robust_dead_owner, IsNoticedByThoseWhoWait) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Pending waiter = main().begin(lock, "acquire");
  await_blocked(waiter);
  kill_and_await(child);
  expect_not_in_vain(waiter.reply());
}

// The first one may be told that the owner died instead of getting it; then the second acquire gets it.
CLAUSE_TEST(rlock_robust_dead_owner_level, IsNotInherited) {
  Ref lock = main().make("RLock");
  Actor& dead = start_process({lock});
  Actor& other = start_process({lock});
  for (int i = 0; i < 3; ++i) dead.call(lock, "acquire");
  kill_and_await(dead);
  const Reply first = main().call(lock, "acquire");
  expect_not_in_vain(first);
  if (!first.returned()) {
    ASSERT_RETURNED(main().call(lock, "acquire"), true);
  }
  ASSERT_EQ(other.call(lock, "acquire", false), false);
  ASSERT_RETURNED(main().call(lock, "release"));
  EXPECT_EQ(other.call(lock, "acquire", false), true);
}

CLAUSE_TEST(rlock_robust_dead_waiter, LetsTheNextOneIn) {
  Ref lock = main().make("RLock");
  Actor& dead = start_process({lock});
  Actor& live = start_process({lock});
  main().call(lock, "acquire");
  await_blocked(dead.begin(lock, "acquire"));  // the first in any line
  Pending waiter = live.begin(lock, "acquire");
  await_blocked(waiter);
  kill_and_await(dead);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

}  // namespace mp::conformance
