// The lock of a condition, and how it is shared.
#include "conformance/suites/condition_moments.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {

CLAUSE_TEST(condition_lock_default_recursive, CanBeAcquiredAgain) {
  Ref condition = main().make("Condition");
  main().call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_lock_given, IsHeldThroughTheCondition) {
  Ref lock = main().make("Lock");
  Ref condition = main().make("Condition", lock);
  Actor& child = start_process({lock});
  EXPECT_RETURNED(main().call(condition, "acquire"));
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(child.call(lock, "acquire", false), true);
}

CLAUSE_TEST(condition_lock_given, KeepsTheConditionHeld) {
  Ref lock = main().make("Lock");
  Ref condition = main().make("Condition", lock);
  main().call(lock, "acquire");
  EXPECT_EQ(main().call(condition, "acquire", false), false);
}

CLAUSE_TEST(condition_lock_given_rlock, IsOwnedThroughTheCondition) {
  Ref lock = main().make("RLock");
  Ref condition = main().make("Condition", lock);
  Actor& child = start_process({lock});
  EXPECT_RETURNED(main().call(condition, "acquire"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
  EXPECT_RETURNED(main().call(lock, "release"));
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(child.call(lock, "acquire", false), true);
}

CLAUSE_TEST(condition_lock_wait_on_given, ReleasesItAndTakesIt) {
  for (const char* kind : {"Lock", "RLock"}) {
    Ref lock = main().make(kind);
    Ref condition = main().make("Condition", lock);
    Actor& child = start_process({condition});
    child.call(condition, "acquire");
    Pending waiter = child.begin(condition, "wait");
    ASSERT_RETURNED(main().call(lock, "acquire"), true);
    main().call(condition, "notify");
    main().call(lock, "release");
    ASSERT_RETURNED(waiter, true);
    EXPECT_EQ(main().call(lock, "acquire", false), false);
    EXPECT_RETURNED(child.call(condition, "release"));
    EXPECT_EQ(main().call(lock, "acquire", false), true);
  }
}

CLAUSE_TEST(condition_lock_shared, OneKeepsOthersOutOfAll) {
  Ref lock = main().make("Lock");
  Ref one = main().make("Condition", lock);
  Ref other = main().make("Condition", lock);
  Actor& child = start_process({other});
  main().call(one, "acquire");
  EXPECT_EQ(child.call(other, "acquire", false), false);
  main().call(one, "release");
  EXPECT_EQ(child.call(other, "acquire", false), true);
}

CLAUSE_TEST(condition_lock_shared_own_waiters, AreNotWokenByTheOther) {
  Ref lock = main().make("Lock");
  Ref one = main().make("Condition", lock);
  Ref other = main().make("Condition", lock);
  Pending waiter = begin_wait(start_process({one}), one);
  notify_all(main(), other);
  EXPECT_BLOCKED(waiter);
  notify_all(main(), one);
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_acquire_blocks, WaitsWhileAnotherProcessHoldsIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  Pending waiter = child.begin(condition, "acquire");
  EXPECT_BLOCKED(waiter);
  main().call(condition, "release");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(condition_acquire_as_the_lock, ReturnsWhatThatReturns) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  EXPECT_EQ(main().call(condition, "acquire"), true);
  EXPECT_EQ(child.call(condition, "acquire", false), false);
  EXPECT_EQ(child.call(condition, "acquire", true, 0.05), false);
  EXPECT_EQ(child.call(condition, "acquire", true, -1), false);
}

CLAUSE_TEST(condition_acquire_interrupted, EndsTheWait) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  Pending waiter = main().begin(condition, "acquire");
  await_blocked(waiter);
  main().kill(2);
  EXPECT_RAISES(waiter, "KeyboardInterrupt");
}

CLAUSE_TEST(condition_release_frees, ForAnotherProcess) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(child.call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_release_not_held, OfAFreeOneRaises) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "release"), "AssertionError");
}

CLAUSE_TEST(condition_release_not_held, OfAnotherProcessRaises) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  EXPECT_RAISES(child.call(condition, "release"), "AssertionError");
}

CLAUSE_TEST(condition_context_enter_takes, WaitsAndThenHolds) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  Pending entering = main().begin(condition, "__enter__");
  EXPECT_BLOCKED(entering);
  child.call(condition, "release");
  EXPECT_RETURNED(entering);
  EXPECT_EQ(child.call(condition, "acquire", false), false);
}

CLAUSE_TEST(condition_context_exit_frees, ForAnotherProcess) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "__enter__");
  EXPECT_RETURNED(main().call(condition, "__exit__"));
  EXPECT_EQ(child.call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_share_grandchild, NotifiesItsGrandparent) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Actor& grandchild = start_process({condition}, {.parent = &child});
  Pending in_main = begin_wait(main(), condition);
  Pending in_child = begin_wait(child, condition);
  notify_all(grandchild, condition);
  EXPECT_RETURNED(waited(in_main), true);
  EXPECT_RETURNED(waited(in_child), true);
}

CLAUSE_TEST(condition_share_with_its_lock, TheyBelongTogetherInTheChild) {
  Ref lock = main().make("Lock");
  Ref condition = main().make("Condition", lock);
  Actor& child = start_process({condition, lock});
  child.call(condition, "acquire");
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
  EXPECT_RETURNED(child.call(lock, "release"));
  EXPECT_EQ(main().call(condition, "acquire", false), true);
}

CLAUSE_TEST(condition_share_as_argument_only, SendingItIsRefused) {
  Ref condition = main().make("Condition");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", condition), "Exception");
}

CLAUSE_TEST(condition_share_outlives_maker_reference, ChildrenGoOnNotifyingEachOther) {
  Ref condition = main().make("Condition");
  Actor& one = start_process({condition});
  Actor& other = start_process({condition});
  main().drop(condition);
  ASSERT_RETURNED(one.call(condition, "acquire"));
  Pending waiter = one.begin(condition, "wait");
  ASSERT_RETURNED(other.call(condition, "acquire"));
  ASSERT_RETURNED(other.call(condition, "notify"));
  ASSERT_RETURNED(other.call(condition, "release"));
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(condition_locked, TellsWhetherItIsHeld) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  EXPECT_EQ(main().call(condition, "locked"), false);
  child.call(condition, "acquire");
  EXPECT_EQ(main().call(condition, "locked"), true);
  child.call(condition, "release");
  EXPECT_EQ(main().call(condition, "locked"), false);
}

}  // namespace mp::conformance
