#include <vector>

#include "conformance/suites/condition_moments.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {

CLAUSE_TEST(condition_wait_blocks, UntilAnotherProcessNotifies) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(start_process({condition}), condition);
  EXPECT_BLOCKED(waiter);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter));
}

CLAUSE_TEST(condition_wait_releases_lock, OthersAcquireIt) {
  Ref condition = main().make("Condition");
  begin_wait(start_process({condition}), condition);
  EXPECT_RETURNED(main().call(condition, "acquire"), true);
}

CLAUSE_TEST(condition_wait_releases_all_levels, OthersAcquireIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  for (int i = 0; i < 3; ++i) child.call(condition, "acquire");
  child.begin(condition, "wait");
  EXPECT_RETURNED(main().call(condition, "acquire"), true);
}

CLAUSE_TEST(condition_wait_restores_levels, AsManyReleasesFreeIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  for (int i = 0; i < 3; ++i) child.call(condition, "acquire");
  Pending waiter = child.begin(condition, "wait");
  notify(main(), condition);
  ASSERT_RETURNED(waiter);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(main().call(condition, "acquire", false), false) << "after " << i << " releases";
    ASSERT_RETURNED(child.call(condition, "release"));
  }
  EXPECT_EQ(main().call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_wait_holds_lock_again, WhenItReturns) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  Pending waiter = child.begin(condition, "wait");
  notify(main(), condition);
  ASSERT_RETURNED(waiter);
  EXPECT_EQ(main().call(condition, "acquire", false), false);
}

// The notifier begins to compete for the lock while the waiter still holds it, so that it gets it as early as it can.
CLAUSE_TEST(condition_wait_atomic, NoNotifyIsLost) {
  constexpr std::int64_t kRounds = 200;
  Ref condition = main().make("Condition");
  Ref is_held = main().make("Semaphore", 0);
  Actor& child = start_process({condition, is_held});
  Pending waits = child.begin_batch({Step::call(condition, "acquire"), Step::call(is_held, "release"),
                                     Step::call(condition, "wait"), Step::call(condition, "release")},
                                    kRounds);
  Pending notifies = main().begin_batch({Step::call(is_held, "acquire"), Step::call(condition, "acquire"),
                                         Step::call(condition, "notify"), Step::call(condition, "release")},
                                        kRounds);
  for (const Reply& step : replies_of(waits)) ASSERT_RETURNED(step);
  for (const Reply& step : replies_of(notifies)) ASSERT_RETURNED(step);
}

CLAUSE_TEST(condition_wait_gives_true, WhenItWasNotified) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(start_process({condition}), condition);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_wait_gives_true, WithATimeout) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(start_process({condition}), condition, 1000.0);
  notify_all(main(), condition);
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_wait_needs_lock, WhenNobodyHoldsIt) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "wait", 0.05), "Exception");
}

CLAUSE_TEST(condition_wait_needs_lock, WhenAnotherProcessHoldsIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  EXPECT_RAISES(main().call(condition, "wait", 0.05), "Exception");
}

CLAUSE_TEST(condition_needs_lock_runtime_error, OfWait) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "wait", 0.05), "RuntimeError");
}

CLAUSE_TEST(condition_needs_lock_runtime_error, OfNotify) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "notify"), "RuntimeError");
}

CLAUSE_TEST(condition_needs_lock_runtime_error, OfNotifyAll) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "notify_all"), "RuntimeError");
}

CLAUSE_TEST(condition_wait_interrupted, EndsTheWait) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  Pending waiter = main().begin(condition, "wait");
  await_blocked(waiter);
  main().kill(2);
  EXPECT_RAISES(waiter, "KeyboardInterrupt");
}

CLAUSE_TEST(condition_wait_interrupted_holds_lock, AtTheLevelOfBefore) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  main().call(condition, "acquire");
  Pending waiter = main().begin(condition, "wait");
  await_blocked(waiter);
  main().kill(2);
  expect_refused(waiter.reply());
  EXPECT_EQ(child.call(condition, "acquire", false), false);
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(child.call(condition, "acquire", false), false);
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(child.call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_wait_timeout_gives_false, WhenNobodyNotifies) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "wait", 0.05), false);
}

CLAUSE_TEST(condition_wait_timeout_not_before, GivesUpNoEarlier) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  EXPECT_TOOK_AT_LEAST(main().call(condition, "wait", 0.15), 0.15);
}

CLAUSE_TEST(condition_wait_timeout_within, GivesUpInTime) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(condition, "wait", 0.1), control);
}

CLAUSE_TEST(condition_wait_timeout_notified_in_time, ReturnsAtTheNotify) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(start_process({condition}), condition, 1000.0);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_wait_timeout_none, WaitsForTheNotify) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  Pending waiter = child.begin(condition, "wait", None);
  EXPECT_BLOCKED(waiter);
  notify(main(), condition);
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(condition_wait_timeout_zero, GivesFalseAtOnce) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "wait", 0), false);
}

CLAUSE_TEST(condition_wait_timeout_negative, GivesFalseAtOnce) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "wait", -1), false);
  EXPECT_EQ(main().call(condition, "wait", -0.5), false);
}

CLAUSE_TEST(condition_wait_timeout_holds_lock_again, WhenItReturns) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  main().call(condition, "wait", 0.01);
  EXPECT_EQ(child.call(condition, "acquire", false), false);
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(child.call(condition, "acquire", false), true);
}

// The main process holds the lock from before the timeout until well after it. Should the waiter have been so slow, or
// the main process, that the wait was over first, then it was over before the lock changed hands, which is right, too.
CLAUSE_TEST(condition_wait_timeout_waits_for_lock, ReturnsAfterTheHolderReleased) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(start_process({condition}), condition, 0.05);
  const std::vector<Reply> held =
      main().batch({Step::call(condition, "acquire"), Step::sleep(0.15), Step::call(condition, "release")});
  const double taken = held[0].at() + held[0].seconds();
  const double freed = held[2].at();
  const Reply wait = waited(waiter);
  ASSERT_RETURNED(wait, false);
  const double ended = wait.at() + wait.seconds();
  EXPECT_TRUE(ended <= taken || freed <= ended)
      << "the wait ended at " << ended << ", while the lock was held from " << taken << " to " << freed;
}

}  // namespace mp::conformance
