#include <algorithm>
#include <string>
#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/lock.h"

namespace mp::conformance {

CLAUSE_TEST(lock_initially_free, FirstAcquireTakesIt) {
  Ref lock = main().make("Lock");
  EXPECT_RETURNED(main().call(lock, "acquire"));
}

CLAUSE_TEST(lock_acquire_blocks, WaitsWhileAnotherProcessHoldsIt) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  EXPECT_BLOCKED(child.begin(lock, "acquire"));
}

CLAUSE_TEST(lock_acquire_blocks, WaitsWhileAnotherThreadHoldsIt) {
  Ref lock = main().make("Lock");
  main().thread("holder").call(lock, "acquire");
  EXPECT_BLOCKED(main().thread("waiter").begin(lock, "acquire"));
}

CLAUSE_TEST(lock_acquire_gives_true, WhenTheLockWasFree) {
  Ref lock = main().make("Lock");
  EXPECT_EQ(main().call(lock, "acquire"), true);
}

CLAUSE_TEST(lock_acquire_gives_true, AfterAWait) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire");
  await_blocked(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(lock_acquire_block_by_name, IsAccepted) {
  Ref lock = main().make("Lock");
  EXPECT_EQ(main().call(lock, "acquire", Kwargs{{"block", false}}), true);
}

CLAUSE_TEST(lock_acquire_nonblocking_held, GivesFalse) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(lock_acquire_nonblocking_free, TakesTheLock) {
  Ref lock = main().make("Lock");
  EXPECT_EQ(main().call(lock, "acquire", false), true);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

// So long a time-out that whoever heeds it seems to hang.
CLAUSE_TEST(lock_acquire_nonblocking_ignores_timeout, DoesNotWaitForIt) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", false, 1000.0), false);
}

CLAUSE_TEST(lock_acquire_timeout_gives_false, WhileAnotherProcessHoldsIt) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, 0.05), false);
}

CLAUSE_TEST(lock_acquire_timeout_not_before, GivesUpNoEarlier) {
  Ref lock = main().make("Lock");
  main().call(lock, "acquire");
  EXPECT_TOOK_AT_LEAST(main().call(lock, "acquire", true, 0.15), 0.15);
}

CLAUSE_TEST(lock_acquire_timeout_within, GivesUpInTime) {
  Ref lock = main().make("Lock");
  main().call(lock, "acquire");
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(lock, "acquire", true, 0.1), control);
}

CLAUSE_TEST(lock_acquire_timeout_freed_in_time, ReturnsAtTheRelease) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire", true, 1000.0);
  await_blocked(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(lock_acquire_timeout_none, WaitsForTheRelease) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire", true, None);
  EXPECT_BLOCKED(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(lock_acquire_timeout_zero, GivesFalseWithoutWaiting) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, 0), false);
}

CLAUSE_TEST(lock_acquire_timeout_negative, GivesFalseWithoutWaiting) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, -1), false);
  EXPECT_EQ(main().call(lock, "acquire", true, -0.5), false);
}

CLAUSE_TEST(lock_acquire_timeout_negative, TakesAFreeLock) {
  Ref lock = main().make("Lock");
  EXPECT_EQ(main().call(lock, "acquire", true, -1), true);
}

CLAUSE_TEST(lock_acquire_not_recursive, TheHolderWaits) {
  Ref lock = main().make("Lock");
  main().call(lock, "acquire");
  EXPECT_BLOCKED(main().begin(lock, "acquire"));
}

CLAUSE_TEST(lock_acquire_not_recursive, TheHolderWaitsInVain) {
  Ref lock = main().make("Lock");
  main().call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "acquire", true, 0.05), false);
}

CLAUSE_TEST(lock_acquire_failed_changes_nothing, AfterALook) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  main().call(lock, "acquire", false);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
  EXPECT_RETURNED(child.call(lock, "release"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
}

CLAUSE_TEST(lock_acquire_failed_changes_nothing, AfterAWait) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  main().call(lock, "acquire", true, 0.01);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
  EXPECT_RETURNED(child.call(lock, "release"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
}

CLAUSE_TEST(lock_acquire_interrupted, EndsTheWait) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Pending waiter = main().begin(lock, "acquire");
  await_blocked(waiter);
  main().kill(2);
  EXPECT_RAISES(waiter, "KeyboardInterrupt");
}

CLAUSE_TEST(lock_release_wakes_waiter, InAnotherProcess) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  main().call(lock, "acquire");
  Pending waiter = child.begin(lock, "acquire");
  await_blocked(waiter);
  main().call(lock, "release");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(lock_release_wakes_one, TheOtherKeepsWaiting) {
  Ref lock = main().make("Lock");
  main().call(lock, "acquire");
  const std::vector<Pending> waiters = {start_process({lock}).begin(lock, "acquire"),
                                        start_process({lock}).begin(lock, "acquire")};
  await_blocked(waiters);
  main().call(lock, "release");
  const std::size_t first = await_any(waiters);
  EXPECT_BLOCKED(waiters[1 - first]);
}

CLAUSE_TEST(lock_release_other_process, FreesIt) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  EXPECT_RETURNED(main().call(lock, "release"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
}

CLAUSE_TEST(lock_release_other_thread, FreesIt) {
  Ref lock = main().make("Lock");
  main().thread("taker").call(lock, "acquire");
  EXPECT_RETURNED(main().thread("releaser").call(lock, "release"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
}

CLAUSE_TEST(lock_release_free, OfANewLockRaises) {
  Ref lock = main().make("Lock");
  EXPECT_RAISES(main().call(lock, "release"), "ValueError");
}

CLAUSE_TEST(lock_release_free, ASecondTimeRaises) {
  Ref lock = main().make("Lock");
  main().call(lock, "acquire");
  main().call(lock, "release");
  EXPECT_RAISES(main().call(lock, "release"), "ValueError");
}

CLAUSE_TEST(lock_release_refused_changes_nothing, CanBeTakenOnce) {
  Ref lock = main().make("Lock");
  expect_refused(main().call(lock, "release"));
  EXPECT_EQ(main().call(lock, "acquire", false), true);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(lock_context_enter_takes, WaitsAndThenHolds) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Pending entering = main().begin(lock, "__enter__");
  EXPECT_BLOCKED(entering);
  child.call(lock, "release");
  EXPECT_RETURNED(entering);
  EXPECT_EQ(child.call(lock, "acquire", false), false);
}

CLAUSE_TEST(lock_context_exit_frees, ForAnotherProcess) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  main().call(lock, "__enter__");
  EXPECT_RETURNED(main().call(lock, "__exit__"));
  EXPECT_EQ(child.call(lock, "acquire", false), true);
}

CLAUSE_TEST(lock_share_grandchild, AllThreeShareIt) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  Actor& grandchild = start_process({lock}, {.parent = &child});
  grandchild.call(lock, "acquire");
  EXPECT_EQ(child.call(lock, "acquire", false), false);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(lock_share_as_argument_only, SendingItIsRefused) {
  Ref lock = main().make("Lock");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", lock), "Exception");
}

CLAUSE_TEST(lock_share_outlives_maker_reference, ChildrenGoOnExcludingEachOther) {
  Ref lock = main().make("Lock");
  Actor& one = start_process({lock});
  Actor& other = start_process({lock});
  main().drop(lock);
  EXPECT_EQ(one.call(lock, "acquire"), true);
  EXPECT_EQ(other.call(lock, "acquire", false), false);
}

CLAUSE_TEST(lock_locked, TellsWhetherItIsHeld) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  EXPECT_EQ(main().call(lock, "locked"), false);
  child.call(lock, "acquire");
  EXPECT_EQ(main().call(lock, "locked"), true);
  child.call(lock, "release");
  EXPECT_EQ(main().call(lock, "locked"), false);
}

CLAUSE_TEST(lock_robust_dead_holder, IsNotWaitedForForEver) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  kill_and_await(child);
  const Reply acquired = main().call(lock, "acquire");
  ASSERT_CAME_BACK(acquired);
  if (acquired.error() != nullptr) {
    EXPECT_RAISES(acquired, "OwnerDied");
  }
}

// A waiter that is there before the holder dies has to find out, too.
CLAUSE_TEST(lock_robust_dead_holder, IsNoticedByThoseWhoWait) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  child.call(lock, "acquire");
  Pending waiter = main().begin(lock, "acquire");
  await_blocked(waiter);
  kill_and_await(child);
  const Reply acquired = waiter.reply();
  ASSERT_CAME_BACK(acquired);
  if (acquired.error() != nullptr) {
    EXPECT_RAISES(acquired, "OwnerDied");
  }
}

CLAUSE_TEST(lock_robust_dead_waiter, LetsTheNextOneIn) {
  Ref lock = main().make("Lock");
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
