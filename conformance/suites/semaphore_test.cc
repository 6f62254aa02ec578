#include <vector>

#include "conformance/suites/section_moments.h"
#include "spec/clauses/semaphore.h"

namespace mp::conformance {
namespace {

// How many units can be taken now is this many: each acquire says so, and so does the one too many.
void expect_units(Caller caller, Ref semaphore, int count) {
  for (int i = 0; i < count; ++i) EXPECT_EQ(caller.call(semaphore, "acquire", false), true);
  EXPECT_EQ(caller.call(semaphore, "acquire", false), false);
}

}  // namespace

CLAUSE_TEST(semaphore_value_default, IsOne) { expect_units(main(), main().make("Semaphore"), 1); }

CLAUSE_TEST(semaphore_value_given, IsTheCounter) { expect_units(main(), main().make("Semaphore", 3), 3); }

CLAUSE_TEST(semaphore_value_zero, TheFirstAcquireWaits) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& child = start_process({semaphore});
  Pending waiter = child.begin(semaphore, "acquire");
  EXPECT_BLOCKED(waiter);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(semaphore_value_negative, IsRefused) { EXPECT_RAISES(main().make("Semaphore", -1), "ValueError"); }

CLAUSE_TEST(semaphore_acquire_takes_one, ForAllProcesses) {
  Ref semaphore = main().make("Semaphore", 3);
  Actor& child = start_process({semaphore});
  EXPECT_EQ(child.call(semaphore, "acquire"), true);
  EXPECT_EQ(main().call(semaphore, "acquire"), true);
  expect_units(child, semaphore, 1);
}

CLAUSE_TEST(semaphore_acquire_blocks, UntilAnotherProcessReleases) {
  Ref semaphore = main().make("Semaphore");
  Actor& child = start_process({semaphore});
  child.call(semaphore, "acquire");
  Pending waiter = main().begin(semaphore, "acquire");
  EXPECT_BLOCKED(waiter);
  child.call(semaphore, "release");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(semaphore_acquire_blocks, UntilAnotherThreadReleases) {
  Ref semaphore = main().make("Semaphore", 0);
  Pending waiter = main().thread("waiter").begin(semaphore, "acquire");
  EXPECT_BLOCKED(waiter);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(semaphore_acquire_gives_true, WhenAUnitIsThere) {
  Ref semaphore = main().make("Semaphore", 2);
  EXPECT_EQ(main().call(semaphore, "acquire"), true);
}

CLAUSE_TEST(semaphore_acquire_gives_true, AfterAWait) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& child = start_process({semaphore});
  Pending waiter = child.begin(semaphore, "acquire");
  await_blocked(waiter);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(semaphore_acquire_block_by_name, IsAccepted) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_EQ(main().call(semaphore, "acquire", Kwargs{{"block", false}}), false);
}

CLAUSE_TEST(semaphore_acquire_nonblocking_zero, GivesFalse) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_acquire_nonblocking_positive, TakesAUnit) {
  Ref semaphore = main().make("Semaphore", 1);
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_acquire_nonblocking_ignores_timeout, DoesNotWaitForIt) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_EQ(main().call(semaphore, "acquire", false, 1000.0), false);
}

CLAUSE_TEST(semaphore_acquire_timeout_gives_false, WhenNobodyReleases) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_EQ(main().call(semaphore, "acquire", true, 0.05), false);
}

CLAUSE_TEST(semaphore_acquire_timeout_not_before, GivesUpNoEarlier) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_TOOK_AT_LEAST(main().call(semaphore, "acquire", true, 0.15), 0.15);
}

CLAUSE_TEST(semaphore_acquire_timeout_within, GivesUpInTime) {
  Ref semaphore = main().make("Semaphore", 0);
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(semaphore, "acquire", true, 0.1), control);
}

CLAUSE_TEST(semaphore_acquire_timeout_released_in_time, ReturnsAtTheRelease) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& child = start_process({semaphore});
  Pending waiter = child.begin(semaphore, "acquire", true, 1000.0);
  await_blocked(waiter);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(semaphore_acquire_timeout_none, WaitsForTheRelease) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& child = start_process({semaphore});
  Pending waiter = child.begin(semaphore, "acquire", true, None);
  EXPECT_BLOCKED(waiter);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(semaphore_acquire_timeout_zero, GivesFalseWithoutWaiting) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_EQ(main().call(semaphore, "acquire", true, 0), false);
}

CLAUSE_TEST(semaphore_acquire_timeout_negative, GivesFalseWithoutWaiting) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_EQ(main().call(semaphore, "acquire", true, -1), false);
  EXPECT_EQ(main().call(semaphore, "acquire", true, -0.5), false);
}

CLAUSE_TEST(semaphore_acquire_timeout_negative, TakesAUnitThatIsThere) {
  Ref semaphore = main().make("Semaphore", 1);
  EXPECT_EQ(main().call(semaphore, "acquire", true, -1), true);
}

CLAUSE_TEST(semaphore_acquire_failed_changes_nothing, AfterALook) {
  Ref semaphore = main().make("Semaphore", 0);
  main().call(semaphore, "acquire", false);
  main().call(semaphore, "release");
  expect_units(main(), semaphore, 1);
}

CLAUSE_TEST(semaphore_acquire_failed_changes_nothing, AfterAWait) {
  Ref semaphore = main().make("Semaphore", 0);
  main().call(semaphore, "acquire", true, 0.01);
  main().call(semaphore, "release");
  expect_units(main(), semaphore, 1);
}

CLAUSE_TEST(semaphore_acquire_outlives_taker, WhatItTookStaysTaken) {
  Ref semaphore = main().make("Semaphore", 2);
  Actor& child = start_process({semaphore});
  child.call(semaphore, "acquire");
  child.bye();
  main().call(child.process(), "join");
  expect_units(main(), semaphore, 1);
}

CLAUSE_TEST(semaphore_acquire_outlives_taker, WhatItGaveStaysGiven) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& child = start_process({semaphore});
  child.call(semaphore, "release");
  child.bye();
  main().call(child.process(), "join");
  expect_units(main(), semaphore, 1);
}

CLAUSE_TEST(semaphore_acquire_interrupted, EndsTheWait) {
  Ref semaphore = main().make("Semaphore", 0);
  Pending waiter = main().begin(semaphore, "acquire");
  await_blocked(waiter);
  main().kill(2);
  EXPECT_RAISES(waiter, "KeyboardInterrupt");
}

CLAUSE_TEST(semaphore_limit_processes, NoMoreThanItsValueAreInside) {
  Ref semaphore = main().make("Semaphore", 2);
  const std::vector<Caller> callers = {start_process({semaphore}), start_process({semaphore}),
                                       start_process({semaphore}), start_process({semaphore})};
  const std::vector<Step> steps = naps(semaphore);
  expect_at_most(2, contend(callers, {steps, steps, steps, steps}, 3));
}

CLAUSE_TEST(semaphore_limit_threads, NoMoreThanItsValueAreInside) {
  Ref semaphore = main().make("Semaphore", 2);
  const std::vector<Caller> callers = {main().thread("one"), main().thread("two"), main().thread("three"),
                                       main().thread("four")};
  const std::vector<Step> steps = naps(semaphore);
  expect_at_most(2, contend(callers, {steps, steps, steps, steps}, 3));
}

CLAUSE_TEST(semaphore_release_adds_one, ForAllProcesses) {
  Ref semaphore = main().make("Semaphore", 1);
  Actor& child = start_process({semaphore});
  main().call(semaphore, "acquire");
  EXPECT_RETURNED(main().call(semaphore, "release"));
  expect_units(child, semaphore, 1);
}

CLAUSE_TEST(semaphore_release_beyond_value, AddsOneEachTime) {
  Ref semaphore = main().make("Semaphore", 1);
  EXPECT_RETURNED(main().call(semaphore, "release"));
  EXPECT_RETURNED(main().call(semaphore, "release"));
  expect_units(main(), semaphore, 3);
}

CLAUSE_TEST(semaphore_release_other_process, GivesTheUnitBack) {
  Ref semaphore = main().make("Semaphore");
  Actor& child = start_process({semaphore});
  main().call(semaphore, "acquire");
  EXPECT_RETURNED(child.call(semaphore, "release"));
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
}

CLAUSE_TEST(semaphore_release_wakes_waiter, InAnotherProcess) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& child = start_process({semaphore});
  Pending waiter = child.begin(semaphore, "acquire");
  await_blocked(waiter);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(semaphore_release_wakes_one, TheOtherKeepsWaiting) {
  Ref semaphore = main().make("Semaphore", 0);
  const std::vector<Pending> waiters = {start_process({semaphore}).begin(semaphore, "acquire"),
                                        start_process({semaphore}).begin(semaphore, "acquire")};
  await_blocked(waiters);
  main().call(semaphore, "release");
  const std::size_t first = await_any(waiters);
  EXPECT_BLOCKED(waiters[1 - first]);
}

CLAUSE_TEST(semaphore_release_several, AddsThatMany) {
  Ref semaphore = main().make("Semaphore", 0);
  EXPECT_RETURNED(main().call(semaphore, "release", 3));
  expect_units(main(), semaphore, 3);
}

CLAUSE_TEST(semaphore_release_several_wakes, ThatMany) {
  Ref semaphore = main().make("Semaphore", 0);
  const std::vector<Pending> waiters = {start_process({semaphore}).begin(semaphore, "acquire"),
                                        start_process({semaphore}).begin(semaphore, "acquire")};
  await_blocked(waiters);
  ASSERT_RETURNED(main().call(semaphore, "release", 2));
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(semaphore_context_enter_takes, WaitsAndThenHasAUnit) {
  Ref semaphore = main().make("Semaphore");
  Actor& child = start_process({semaphore});
  child.call(semaphore, "acquire");
  Pending entering = main().begin(semaphore, "__enter__");
  EXPECT_BLOCKED(entering);
  child.call(semaphore, "release");
  EXPECT_RETURNED(entering);
  EXPECT_EQ(child.call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_context_exit_gives_back, ForAnotherProcess) {
  Ref semaphore = main().make("Semaphore");
  Actor& child = start_process({semaphore});
  main().call(semaphore, "__enter__");
  EXPECT_RETURNED(main().call(semaphore, "__exit__"));
  expect_units(child, semaphore, 1);
}

CLAUSE_TEST(semaphore_share_grandchild, AllThreeShareIt) {
  Ref semaphore = main().make("Semaphore", 2);
  Actor& child = start_process({semaphore});
  Actor& grandchild = start_process({semaphore}, {.parent = &child});
  grandchild.call(semaphore, "acquire");
  EXPECT_EQ(child.call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_share_as_argument_only, SendingItIsRefused) {
  Ref semaphore = main().make("Semaphore");
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", semaphore), "Exception");
}

CLAUSE_TEST(semaphore_share_outlives_maker_reference, ChildrenGoOnSharingIt) {
  Ref semaphore = main().make("Semaphore");
  Actor& one = start_process({semaphore});
  Actor& other = start_process({semaphore});
  main().drop(semaphore);
  EXPECT_EQ(one.call(semaphore, "acquire"), true);
  EXPECT_EQ(other.call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_locked, TellsWhetherItIsUsedUp) {
  Ref semaphore = main().make("Semaphore", 2);
  Actor& child = start_process({semaphore});
  child.call(semaphore, "acquire");
  EXPECT_EQ(main().call(semaphore, "locked"), false);
  child.call(semaphore, "acquire");
  EXPECT_EQ(main().call(semaphore, "locked"), true);
  child.call(semaphore, "release");
  EXPECT_EQ(main().call(semaphore, "locked"), false);
}

CLAUSE_TEST(semaphore_robust_dead_waiter, LetsTheNextOneIn) {
  Ref semaphore = main().make("Semaphore", 0);
  Actor& dead = start_process({semaphore});
  Actor& live = start_process({semaphore});
  await_blocked(dead.begin(semaphore, "acquire"));  // the first in any line
  Pending waiter = live.begin(semaphore, "acquire");
  await_blocked(waiter);
  kill_and_await(dead);
  main().call(semaphore, "release");
  EXPECT_RETURNED(waiter, true);
}

}  // namespace mp::conformance
