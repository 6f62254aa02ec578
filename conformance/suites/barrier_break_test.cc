// How a barrier is broken, and repaired.
#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/barrier.h"

namespace mp::conformance {
namespace {

constexpr const char* kBroken = "BrokenBarrierError";

// All of them meet, and go on.
void expect_round(Ref barrier, Caller last, std::vector<Caller> others) {
  std::vector<Pending> waiters;
  for (Caller& other : others) waiters.push_back(other.begin(barrier, "wait"));
  EXPECT_RETURNED(last.call(barrier, "wait"));
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waiter);
}

}  // namespace

CLAUSE_TEST(barrier_timeout_raises, BrokenBarrierError) {
  Ref barrier = main().make("Barrier", 2);
  EXPECT_RAISES(main().call(barrier, "wait", 0.05), kBroken);
}

CLAUSE_TEST(barrier_timeout_not_before, GivesUpNoEarlier) {
  Ref barrier = main().make("Barrier", 2);
  EXPECT_TOOK_AT_LEAST(main().call(barrier, "wait", 0.15), 0.15);
}

CLAUSE_TEST(barrier_timeout_within, GivesUpInTime) {
  Ref barrier = main().make("Barrier", 2);
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(barrier, "wait", 0.1), control);
}

CLAUSE_TEST(barrier_timeout_breaks, TheBarrier) {
  Ref barrier = main().make("Barrier", 2);
  expect_refused(main().call(barrier, "wait", 0.01));
  EXPECT_EQ(main().get(barrier, "broken"), true);
}

CLAUSE_TEST(barrier_timeout_breaks_others, WhateverTheirTimeouts) {
  Ref barrier = main().make("Barrier", 4);
  const std::vector<Pending> waiters = {start_process({barrier}).begin(barrier, "wait"),
                                        start_process({barrier}).begin(barrier, "wait", 1000.0)};
  await_blocked(waiters);
  expect_refused(main().call(barrier, "wait", 0.01));
  for (const Pending& waiter : waiters) EXPECT_RAISES(waiter, kBroken);
}

CLAUSE_TEST(barrier_timeout_default, IsThatOfTheConstructor) {
  Ref barrier = main().make("Barrier", 2, None, 0.15);
  const Reply reply = main().call(barrier, "wait");
  EXPECT_RAISES(reply, kBroken);
  EXPECT_TOOK_AT_LEAST(reply, 0.15);
}

CLAUSE_TEST(barrier_timeout_default, InAChild) {
  Ref barrier = main().make("Barrier", 2, None, 0.15);
  const Reply reply = start_process({barrier}).call(barrier, "wait");
  EXPECT_RAISES(reply, kBroken);
  EXPECT_TOOK_AT_LEAST(reply, 0.15);
}

CLAUSE_TEST(barrier_timeout_own_first, WhenItIsLonger) {
  Ref barrier = main().make("Barrier", 2, None, 0.01);
  Pending waiter = start_process({barrier}).begin(barrier, "wait", 1000.0);
  EXPECT_BLOCKED(waiter);
  EXPECT_RETURNED(main().call(barrier, "wait"));
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_timeout_own_first, WhenItIsShorter) {
  Ref barrier = main().make("Barrier", 2, None, 1000.0);
  EXPECT_RAISES(main().call(barrier, "wait", 0.05), kBroken);
}

CLAUSE_TEST(barrier_timeout_completed_in_time, ReturnsWhenTheLastOneComes) {
  Ref barrier = main().make("Barrier", 2);
  Pending waiter = start_process({barrier}).begin(barrier, "wait", 1000.0);
  await_blocked(waiter);
  EXPECT_RETURNED(main().call(barrier, "wait", 1000.0));
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_timeout_zero, IsOverAtOnce) {
  Ref barrier = main().make("Barrier", 2);
  EXPECT_RAISES(main().call(barrier, "wait", 0), kBroken);
}

CLAUSE_TEST(barrier_timeout_zero, LetsTheLastOnePass) {
  Ref barrier = main().make("Barrier", 2);
  Pending waiter = start_process({barrier}).begin(barrier, "wait");
  await_blocked(waiter);
  EXPECT_RETURNED(main().call(barrier, "wait", 0));
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_timeout_negative, IsOverAtOnce) {
  Ref barrier = main().make("Barrier", 2);
  EXPECT_RAISES(main().call(barrier, "wait", -1), kBroken);
}

CLAUSE_TEST(barrier_timeout_negative, LetsTheLastOnePass) {
  Ref barrier = main().make("Barrier", 2);
  Pending waiter = start_process({barrier}).begin(barrier, "wait");
  await_blocked(waiter);
  EXPECT_RETURNED(main().call(barrier, "wait", -1));
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_broken_not_at_first, NorAfterARound) {
  Ref barrier = main().make("Barrier", 2);
  EXPECT_EQ(main().get(barrier, "broken"), false);
  Pending waiter = start_process({barrier}).begin(barrier, "wait");
  main().call(barrier, "wait");
  EXPECT_RETURNED(waiter);
  EXPECT_EQ(main().get(barrier, "broken"), false);
}

CLAUSE_TEST(barrier_broken_wait_fails, AtOnce) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  expect_refused(main().call(barrier, "wait", 0.01));
  EXPECT_RAISES(child.call(barrier, "wait"), kBroken);
}

CLAUSE_TEST(barrier_broken_stays, WhenNobodyIsThere) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  Pending waiter = child.begin(barrier, "wait");
  await_blocked(waiter);
  main().call(barrier, "abort");
  expect_refused(waiter.reply());
  expect_refused(child.call(barrier, "wait"));
  EXPECT_EQ(main().get(barrier, "broken"), true);
  EXPECT_RAISES(main().call(barrier, "wait"), kBroken);
}

CLAUSE_TEST(barrier_broken_any_process, ForTheParent) {
  Ref barrier = main().make("Barrier", 2);
  start_process({barrier}).call(barrier, "abort");
  EXPECT_EQ(main().get(barrier, "broken"), true);
}

CLAUSE_TEST(barrier_broken_any_process, ForTheChild) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  main().call(barrier, "abort");
  EXPECT_EQ(child.get(barrier, "broken"), true);
}

CLAUSE_TEST(barrier_abort_breaks, TheBarrier) {
  Ref barrier = main().make("Barrier", 2);
  EXPECT_RETURNED(main().call(barrier, "abort"));
  EXPECT_EQ(main().get(barrier, "broken"), true);
}

CLAUSE_TEST(barrier_abort_waiters_fail, AllOfThem) {
  Ref barrier = main().make("Barrier", 3);
  const std::vector<Pending> waiters = {start_process({barrier}).begin(barrier, "wait"),
                                        start_process({barrier}).begin(barrier, "wait")};
  await_blocked(waiters);
  EXPECT_RETURNED(main().call(barrier, "abort"));
  for (const Pending& waiter : waiters) EXPECT_RAISES(waiter, kBroken);
}

CLAUSE_TEST(barrier_abort_later_waits_fail, EachOfThem) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  main().call(barrier, "abort");
  EXPECT_RAISES(child.call(barrier, "wait"), kBroken);
  EXPECT_RAISES(main().call(barrier, "wait"), kBroken);
  EXPECT_RAISES(child.call(barrier, "wait"), kBroken);
}

CLAUSE_TEST(barrier_reset_waiters_fail, AllOfThem) {
  Ref barrier = main().make("Barrier", 3);
  const std::vector<Pending> waiters = {start_process({barrier}).begin(barrier, "wait"),
                                        start_process({barrier}).begin(barrier, "wait")};
  await_blocked(waiters);
  EXPECT_RETURNED(main().call(barrier, "reset"));
  for (const Pending& waiter : waiters) EXPECT_RAISES(waiter, kBroken);
}

CLAUSE_TEST(barrier_reset_not_broken, TheNextRoundIsCompleted) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  Pending waiter = child.begin(barrier, "wait");
  await_blocked(waiter);
  main().call(barrier, "reset");
  expect_refused(waiter.reply());
  EXPECT_EQ(main().get(barrier, "broken"), false);
  expect_round(barrier, main(), {child});
}

CLAUSE_TEST(barrier_reset_repairs, AfterAnAbort) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  main().call(barrier, "abort");
  EXPECT_RETURNED(child.call(barrier, "reset"));
  EXPECT_EQ(main().get(barrier, "broken"), false);
  expect_round(barrier, main(), {child});
}

CLAUSE_TEST(barrier_reset_repairs, AfterATimeout) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  expect_refused(main().call(barrier, "wait", 0.01));
  EXPECT_RETURNED(main().call(barrier, "reset"));
  EXPECT_EQ(main().get(barrier, "broken"), false);
  expect_round(barrier, main(), {child});
}

CLAUSE_TEST(barrier_reset_idle, ChangesNothing) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  EXPECT_RETURNED(main().call(barrier, "reset"));
  EXPECT_EQ(main().get(barrier, "broken"), false);
  EXPECT_EQ(main().get(barrier, "n_waiting"), 0);
  expect_round(barrier, main(), {child});
}

CLAUSE_TEST(barrier_error_runtime_error, IsAKindOfIt) {
  Ref barrier = main().make("Barrier", 2);
  main().call(barrier, "abort");
  EXPECT_RAISES(main().call(barrier, "wait"), "RuntimeError");
}

CLAUSE_TEST(barrier_robust_wait_after_dead_waiter, ComesBack) {
  Ref barrier = main().make("Barrier", 3);
  Actor& dead = start_process({barrier});
  Actor& live = start_process({barrier});
  const std::vector<Pending> waiters = {dead.begin(barrier, "wait"), live.begin(barrier, "wait")};
  await_blocked(waiters);
  kill_and_await(dead);
  for (const Reply& reply : {main().call(barrier, "wait"), waiters[1].reply()}) {
    ASSERT_CAME_BACK(reply);
    if (reply.error() != nullptr) {
      EXPECT_RAISES(reply, kBroken);
    }
  }
}

CLAUSE_TEST(barrier_robust_abort_after_dead_waiter, LetsTheLivingFail) {
  Ref barrier = main().make("Barrier", 3);
  Actor& dead = start_process({barrier});
  Actor& live = start_process({barrier});
  const std::vector<Pending> waiters = {dead.begin(barrier, "wait"), live.begin(barrier, "wait")};
  await_blocked(waiters);
  kill_and_await(dead);
  ASSERT_RETURNED(main().call(barrier, "abort"));
  EXPECT_RAISES(waiters[1], kBroken);
}

CLAUSE_TEST(barrier_robust_reset_after_dead_waiter, TheLivingMeetAgain) {
  Ref barrier = main().make("Barrier", 2);
  Actor& dead = start_process({barrier});
  Actor& live = start_process({barrier});
  await_blocked(dead.begin(barrier, "wait"));
  kill_and_await(dead);
  ASSERT_RETURNED(main().call(barrier, "reset"));
  expect_round(barrier, main(), {live});
}

}  // namespace mp::conformance
