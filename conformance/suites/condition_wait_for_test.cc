#include "conformance/suites/condition_moments.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {

CLAUSE_TEST(condition_wait_for_value, OfAPredicateThatIsTrueAtFirst) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", 7);
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "wait_for", predicate), 7);
}

CLAUSE_TEST(condition_wait_for_value, OfAPredicateThatBecomesTrue) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", 0, "yes");
  Pending waiter = begin_wait_for(child, condition, predicate);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter), "yes");
}

CLAUSE_TEST(condition_wait_for_already_true, NobodyWaits) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", true);
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "wait_for", predicate), true);
  EXPECT_EQ(main().call(predicate, "calls"), (List{Tuple{}}));
}

CLAUSE_TEST(condition_wait_for_waits, UntilItIsTrue) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", false, true);
  Pending waiter = begin_wait_for(child, condition, predicate);
  EXPECT_BLOCKED(waiter);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_wait_for_rechecks, GoesOnWaitingWhileItIsFalse) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", false);
  Pending waiter = begin_wait_for(child.thread("waiter"), condition, predicate);
  notify(main(), condition);
  ASSERT_RETURNED(child.call(predicate, "wait", 2));  // it was asked again
  EXPECT_BLOCKED(waiter);
}

CLAUSE_TEST(condition_wait_for_releases_lock, OthersAcquireIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", false);
  begin_wait_for(child, condition, predicate);
  EXPECT_RETURNED(main().call(condition, "acquire"), true);
}

CLAUSE_TEST(condition_wait_for_holds_lock_again, WhenItReturns) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", false, true);
  child.call(condition, "acquire");
  Pending waiter = child.begin(condition, "wait_for", predicate);
  notify(main(), condition);
  ASSERT_RETURNED(waiter);
  EXPECT_EQ(main().call(condition, "acquire", false), false);
}

CLAUSE_TEST(condition_wait_for_error, IsPassedOn) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", Error{{"ValueError", "Exception"}, "wrong", {}});
  main().call(condition, "acquire");
  EXPECT_RAISES(main().call(condition, "wait_for", predicate), "ValueError");
}

CLAUSE_TEST(condition_wait_for_error, LeavesTheLockHeld) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", false, Error{{"ValueError", "Exception"}, "wrong", {}});
  child.call(condition, "acquire");
  Pending waiter = child.begin(condition, "wait_for", predicate);
  notify(main(), condition);
  EXPECT_RAISES(waiter, "ValueError");
  EXPECT_EQ(main().call(condition, "acquire", false), false);
  EXPECT_RETURNED(child.call(condition, "release"));
  EXPECT_EQ(main().call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_wait_for_needs_lock, WhenNobodyHoldsIt) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", false);
  EXPECT_RAISES(main().call(condition, "wait_for", predicate, 0.05), "Exception");
}

// Of the false values one that is not False, to tell it from a plain failure.
CLAUSE_TEST(condition_wait_for_timeout_gives_last, AsItIs) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", false, 0);
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "wait_for", predicate, 0.05), 0);
}

CLAUSE_TEST(condition_wait_for_timeout_not_before, GivesUpNoEarlier) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", false);
  main().call(condition, "acquire");
  EXPECT_TOOK_AT_LEAST(main().call(condition, "wait_for", predicate, 0.15), 0.15);
}

CLAUSE_TEST(condition_wait_for_timeout_within, GivesUpInTime) {
  Ref condition = main().make("Condition");
  Ref predicate = main().make("recorder", false);
  main().call(condition, "acquire");
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(condition, "wait_for", predicate, 0.1), control);
}

// Notified every few milliseconds, for much longer than its timeout.
CLAUSE_TEST(condition_wait_for_timeout_total, IsNotProlongedByNotifies) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Ref predicate = child.make("recorder", false);
  child.call(condition, "acquire");
  Control control = begin_control(child, 0.2);
  Pending waiter = child.begin(condition, "wait_for", predicate, 0.2);
  Pending notifies = main().begin_batch({Step::call(condition, "acquire"), Step::call(condition, "notify"),
                                         Step::call(condition, "release"), Step::sleep(0.005)},
                                        200);
  const Reply wait = waiter.reply();
  child.call(condition, "release");
  ASSERT_RETURNED(wait, false);
  EXPECT_BOUNDED(wait, control);
}

}  // namespace mp::conformance
