#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/rlock.h"

namespace mp::conformance {
namespace {

// So often.
void acquire(Caller caller, Ref lock, int times) {
  for (int i = 0; i < times; ++i) caller.call(lock, "acquire");
}

// After exactly so many releases by its owner the other one gets it.
void expect_level(Caller owner, Ref lock, int level, Caller other) {
  for (int left = level; left > 0; --left) {
    EXPECT_EQ(other.call(lock, "acquire", false), false) << "with " << left << " releases to come";
    ASSERT_RETURNED(owner.call(lock, "release"));
  }
  EXPECT_EQ(other.call(lock, "acquire", false), true);
}

}  // namespace

CLAUSE_TEST(rlock_initially_free, FirstAcquireTakesIt) {
  Ref lock = main().make("RLock");
  EXPECT_RETURNED(main().call(lock, "acquire"));
}

CLAUSE_TEST(rlock_acquire_blocks, WaitsWhileAnotherProcessOwnsIt) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_BLOCKED(child.begin(lock, "acquire"));
}

CLAUSE_TEST(rlock_acquire_again, DoesNotWait) {
  Ref lock = main().make("RLock");
  main().call(lock, "acquire");
  EXPECT_RETURNED(main().call(lock, "acquire"));
  EXPECT_RETURNED(main().call(lock, "acquire"));
}

CLAUSE_TEST(rlock_acquire_gives_true, AtEveryLevel) {
  Ref lock = main().make("RLock");
  EXPECT_EQ(main().call(lock, "acquire"), true);
  EXPECT_EQ(main().call(lock, "acquire"), true);
}

CLAUSE_TEST(rlock_acquire_gives_true, AfterAWait) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire");
  await_blocked(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(rlock_acquire_block_by_name, IsAccepted) {
  Ref lock = main().make("RLock");
  EXPECT_EQ(main().call(lock, "acquire", Kwargs{{"block", false}}), true);
}

CLAUSE_TEST(rlock_acquire_nonblocking_owned, GivesFalse) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_acquire_nonblocking_free, TakesTheLock) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  EXPECT_EQ(main().call(lock, "acquire", false), true);
  EXPECT_EQ(child.call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_acquire_nonblocking_own, IsOneLevelMore) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", false), true);
  expect_level(main(), lock, 2, child);
}

// So long a time-out that whoever heeds it seems to hang.
CLAUSE_TEST(rlock_acquire_nonblocking_ignores_timeout, DoesNotWaitForIt) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", false, 1000.0), false);
}

CLAUSE_TEST(rlock_acquire_timeout_gives_false, WhileAnotherProcessOwnsIt) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, 0.05), false);
}

CLAUSE_TEST(rlock_acquire_timeout_not_before, GivesUpNoEarlier) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_TOOK_AT_LEAST(main().call(lock, "acquire", true, 0.15), 0.15);
}

CLAUSE_TEST(rlock_acquire_timeout_within, GivesUpInTime) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(lock, "acquire", true, 0.1), control);
}

CLAUSE_TEST(rlock_acquire_timeout_freed_in_time, ReturnsAtTheRelease) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire", true, 1000.0);
  await_blocked(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(rlock_acquire_timeout_none, WaitsForTheRelease) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire", true, None);
  EXPECT_BLOCKED(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(rlock_acquire_timeout_zero, GivesFalseWithoutWaiting) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, 0), false);
}

CLAUSE_TEST(rlock_acquire_timeout_negative, GivesFalseWithoutWaiting) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, -1), false);
  EXPECT_EQ(main().call(lock, "acquire", true, -0.5), false);
}

CLAUSE_TEST(rlock_acquire_timeout_negative, TakesAFreeLock) {
  Ref lock = main().make("RLock");
  EXPECT_EQ(main().call(lock, "acquire", true, -1), true);
}

CLAUSE_TEST(rlock_acquire_timeout_own, IsOneLevelMore) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, 0), true);
  EXPECT_EQ(main().call(lock, "acquire", true, -1), true);
  EXPECT_EQ(main().call(lock, "acquire", true, 1000.0), true);
  expect_level(main(), lock, 4, child);
}

CLAUSE_TEST(rlock_acquire_failed_changes_nothing, AfterALook) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(child, lock, 2);
  main().call(lock, "acquire", false);
  expect_level(child, lock, 2, main());
}

CLAUSE_TEST(rlock_acquire_failed_changes_nothing, AfterAWait) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(child, lock, 2);
  main().call(lock, "acquire", true, 0.01);
  expect_level(child, lock, 2, main());
}

CLAUSE_TEST(rlock_acquire_interrupted, EndsTheWait) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Pending waiter = main().begin(lock, "acquire");
  await_blocked(waiter);
  main().kill(2);
  EXPECT_RAISES(waiter, "KeyboardInterrupt");
}

CLAUSE_TEST(rlock_owner_is_thread, AnotherThreadWaits) {
  Ref lock = main().make("RLock");
  main().thread("owner").call(lock, "acquire");
  EXPECT_BLOCKED(main().thread("other").begin(lock, "acquire"));
}

CLAUSE_TEST(rlock_owner_is_thread, AnotherThreadGivesUp) {
  Ref lock = main().make("RLock");
  main().thread("owner").call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", false), false);
  EXPECT_EQ(main().thread("owner").call(lock, "acquire", false), true);
}

CLAUSE_TEST(rlock_owner_not_child, ItsAcquireFails) {
  Ref lock = main().make("RLock");
  main().call(lock, "acquire");
  Actor& child = start_process({lock});
  EXPECT_EQ(child.call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_owner_not_child, ItsReleaseIsRefused) {
  Ref lock = main().make("RLock");
  main().call(lock, "acquire");
  Actor& child = start_process({lock});
  EXPECT_RAISES(child.call(lock, "release"), "Exception");
  expect_level(main(), lock, 1, child);
}

CLAUSE_TEST(rlock_release_last_frees, AfterOneAcquire) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_RETURNED(main().call(lock, "release"));
  EXPECT_EQ(child.call(lock, "acquire", false), true);
}

CLAUSE_TEST(rlock_release_last_frees, AfterThreeAcquires) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(main(), lock, 3);
  for (int i = 0; i < 3; ++i) EXPECT_RETURNED(main().call(lock, "release"));
  EXPECT_EQ(child.call(lock, "acquire", false), true);
}

CLAUSE_TEST(rlock_release_earlier_keeps, OthersDoNotGetIt) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(main(), lock, 3);
  main().call(lock, "release");
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  main().call(lock, "release");
  EXPECT_EQ(child.call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_release_earlier_keeps, AWaiterKeepsWaiting) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(main(), lock, 2);
  Pending waiter = child.begin(lock, "acquire");
  await_blocked(waiter);
  main().call(lock, "release");
  EXPECT_BLOCKED(waiter);
}

CLAUSE_TEST(rlock_release_wakes_waiter, InAnotherProcess) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(main(), lock, 2);
  Pending waiter = child.begin(lock, "acquire");
  await_blocked(waiter);
  main().call(lock, "release");
  main().call(lock, "release");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(rlock_release_wakes_one, TheOtherKeepsWaiting) {
  Ref lock = main().make("RLock");
  main().call(lock, "acquire");
  const std::vector<Pending> waiters = {start_process({lock}).begin(lock, "acquire"),
                                        start_process({lock}).begin(lock, "acquire")};
  await_blocked(waiters);
  main().call(lock, "release");
  const std::size_t first = await_any(waiters);
  EXPECT_BLOCKED(waiters[1 - first]);
}

CLAUSE_TEST(rlock_release_other_process, Raises) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_RAISES(child.call(lock, "release"), "AssertionError");
}

CLAUSE_TEST(rlock_release_other_thread, Raises) {
  Ref lock = main().make("RLock");
  main().thread("owner").call(lock, "acquire");
  EXPECT_RAISES(main().thread("other").call(lock, "release"), "AssertionError");
}

CLAUSE_TEST(rlock_release_free, OfANewLockRaises) {
  Ref lock = main().make("RLock");
  EXPECT_RAISES(main().call(lock, "release"), "AssertionError");
}

CLAUSE_TEST(rlock_release_free, OneTooManyRaises) {
  Ref lock = main().make("RLock");
  acquire(main(), lock, 2);
  main().call(lock, "release");
  main().call(lock, "release");
  EXPECT_RAISES(main().call(lock, "release"), "AssertionError");
}

CLAUSE_TEST(rlock_release_refused_changes_nothing, OfAnotherProcess) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  acquire(main(), lock, 2);
  expect_refused(child.call(lock, "release"));
  expect_level(main(), lock, 2, child);
}

CLAUSE_TEST(rlock_release_refused_changes_nothing, OfAFreeLock) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  expect_refused(main().call(lock, "release"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
  expect_level(main(), lock, 1, child);
}

CLAUSE_TEST(rlock_context_enter_takes, WaitsAndThenOwns) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Pending entering = main().begin(lock, "__enter__");
  EXPECT_BLOCKED(entering);
  child.call(lock, "release");
  EXPECT_RETURNED(entering);
  EXPECT_EQ(child.call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_context_enter_takes, AnotherLevelOfOnesOwn) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_RETURNED(main().call(lock, "__enter__"));
  expect_level(main(), lock, 2, child);
}

CLAUSE_TEST(rlock_context_exit_releases, TheOutermostFreesIt) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  main().call(lock, "__enter__");
  main().call(lock, "__enter__");
  EXPECT_RETURNED(main().call(lock, "__exit__"));
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  EXPECT_RETURNED(main().call(lock, "__exit__"));
  EXPECT_EQ(child.call(lock, "acquire", false), true);
}

CLAUSE_TEST(rlock_share_grandchild, AllThreeShareIt) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  Actor& grandchild = start_process({lock}, {.parent = &child});
  grandchild.call(lock, "acquire");
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_share_as_argument_only, SendingItIsRefused) {
  Ref lock = main().make("RLock");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", lock), "Exception");
}

CLAUSE_TEST(rlock_share_outlives_maker_reference, ChildrenGoOnExcludingEachOther) {
  Ref lock = main().make("RLock");
  Actor& one = start_process({lock});
  Actor& other = start_process({lock});
  main().drop(lock);
  EXPECT_EQ(one.call(lock, "acquire"), true);
  EXPECT_EQ(other.call(lock, "acquire", false), false);
}

CLAUSE_TEST(rlock_locked, TellsWhetherItIsOwned) {
  Ref lock = main().make("RLock");
  Actor& child = start_process({lock});
  EXPECT_EQ(main().call(lock, "locked"), false);
  acquire(child, lock, 2);
  child.call(lock, "release");
  EXPECT_EQ(main().call(lock, "locked"), true);
  child.call(lock, "release");
  EXPECT_EQ(main().call(lock, "locked"), false);
}

}  // namespace mp::conformance
