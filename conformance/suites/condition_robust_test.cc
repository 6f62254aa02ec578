// Waiters, holders and notifiers that are killed.
#include "conformance/suites/condition_moments.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {
namespace {

// It has the lock, or it is told why not.
void expect_not_in_vain(const Reply& reply) {
  ASSERT_CAME_BACK(reply);
  if (reply.error() != nullptr) {
    EXPECT_RAISES(reply, "OwnerDied");
  }
}

}  // namespace

CLAUSE_TEST(condition_robust_notify_after_dead_waiter, ReturnsAndWakesTheLiving) {
  Ref condition = main().make("Condition");
  Actor& dead = start_process({condition});
  Pending in_vain = begin_wait(dead, condition);
  Pending waiter = begin_wait(start_process({condition}), condition);
  await_blocked(in_vain);
  kill_and_await(dead);
  ASSERT_RETURNED(main().call(condition, "acquire"));
  ASSERT_RETURNED(main().call(condition, "notify_all"));
  ASSERT_RETURNED(main().call(condition, "release"));
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_robust_wait_after_dead_waiter, OthersAreNotified) {
  Ref condition = main().make("Condition");
  Actor& dead = start_process({condition});
  Actor& live = start_process({condition});
  Pending in_vain = begin_wait(dead, condition);
  await_blocked(in_vain);
  kill_and_await(dead);
  for (int i = 0; i < 3; ++i) {
    Pending waiter = begin_wait(live, condition);
    ASSERT_RETURNED(main().call(condition, "acquire"));
    ASSERT_RETURNED(main().call(condition, "notify"));
    ASSERT_RETURNED(main().call(condition, "release"));
    ASSERT_RETURNED(waited(waiter), true);
  }
}

CLAUSE_TEST(condition_robust_dead_holder, IsNotWaitedForForEver) {
  Ref condition = main().make("Condition");
  Actor& dead = start_process({condition});
  dead.call(condition, "acquire");
  kill_and_await(dead);
  expect_not_in_vain(main().call(condition, "acquire"));
}

CLAUSE_TEST(condition_robust_dead_notifier, ItsWaiterComesBack) {
  Ref condition = main().make("Condition");
  Actor& dead = start_process({condition});
  Actor& live = start_process({condition});
  live.call(condition, "acquire");
  Pending waiter = live.begin(condition, "wait");
  dead.call(condition, "acquire");
  dead.call(condition, "notify");
  kill_and_await(dead);
  expect_not_in_vain(waiter.reply());
}

}  // namespace mp::conformance
