// Locks, semaphores, conditions, events and barriers of a manager: those of threads, in the server.
#include <algorithm>

#include "conformance/suites/manager_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {
namespace {

// A manager with one object of that class.
struct Shared {
  Shared(Caller& maker, const char* class_name, const Values& args = {})
      : manager(maker.make("Manager")), object(make(maker, class_name, args)) {}

  Ref make(Caller& maker, const char* class_name, const Values& args) {
    Step step = Step::call(manager, class_name);
    step.request.args = args;
    return maker.ask(step);
  }

  Ref manager, object;
};

}  // namespace

// ---- Lock

CLAUSE_TEST(manager_lock_excludes, AnotherProcessWaits) {
  Shared lock(main(), "Lock");
  Actor& child = start_process({lock.object});
  EXPECT_EQ(main().call(lock.object, "acquire"), true);
  Pending waiting = child.begin(lock.object, "acquire");
  EXPECT_BLOCKED(waiting);
  main().call(lock.object, "release");
  EXPECT_RETURNED(waiting, true);
}

CLAUSE_TEST(manager_lock_without_waiting, TellsWhetherItWasFree) {
  Shared lock(main(), "Lock");
  Actor& child = start_process({lock.object});
  EXPECT_EQ(main().call(lock.object, "acquire", false), true);
  EXPECT_EQ(child.call(lock.object, "acquire", false), false);
}

CLAUSE_TEST(manager_lock_timeout, GivesFalseAfterIt) {
  Shared lock(main(), "Lock");
  Actor& child = start_process({lock.object});
  main().call(lock.object, "acquire");
  Reply reply = child.call(lock.object, "acquire", true, 0.2);
  EXPECT_EQ(reply, false);
  EXPECT_TOOK_AT_LEAST(reply, 0.2);
}

CLAUSE_TEST(manager_lock_release_by_another, IsFree) {
  Shared lock(main(), "Lock");
  Actor& child = start_process({lock.object});
  main().call(lock.object, "acquire");
  EXPECT_RETURNED(child.call(lock.object, "release"));
  EXPECT_EQ(main().call(lock.object, "acquire", false), true);
}

CLAUSE_TEST(manager_lock_release_free, RaisesRuntimeError) {
  Shared lock(main(), "Lock");
  EXPECT_RAISES(main().call(lock.object, "release"), "RuntimeError");
}

CLAUSE_TEST(manager_lock_context, IsHeldInside) {
  Shared lock(main(), "Lock");
  Actor& child = start_process({lock.object});
  EXPECT_RETURNED(main().call(lock.object, "__enter__"));
  EXPECT_EQ(child.call(lock.object, "acquire", false), false);
  EXPECT_RETURNED(main().call(lock.object, "__exit__"));
  EXPECT_EQ(child.call(lock.object, "acquire", false), true);
}

// ---- RLock

CLAUSE_TEST(manager_rlock_recursive, IsFreeAfterAsManyReleases) {
  Shared lock(main(), "RLock");
  Actor& child = start_process({lock.object});
  EXPECT_EQ(main().call(lock.object, "acquire"), true);
  EXPECT_EQ(main().call(lock.object, "acquire"), true);
  EXPECT_RETURNED(main().call(lock.object, "release"));
  EXPECT_EQ(child.call(lock.object, "acquire", false), false);
  EXPECT_RETURNED(main().call(lock.object, "release"));
  EXPECT_EQ(child.call(lock.object, "acquire", false), true);
}

CLAUSE_TEST(manager_rlock_owner, OthersCannotRelease) {
  Shared lock(main(), "RLock");
  Actor& child = start_process({lock.object});
  main().call(lock.object, "acquire");
  EXPECT_RAISES(child.call(lock.object, "release"), "RuntimeError");
  EXPECT_EQ(child.call(lock.object, "acquire", false), false);
}

// ---- Semaphores

CLAUSE_TEST(manager_semaphore_counts, ForAllProcessesTogether) {
  Shared semaphore(main(), "Semaphore", {2});
  Actor& child = start_process({semaphore.object});
  EXPECT_EQ(main().call(semaphore.object, "acquire", false), true);
  EXPECT_EQ(child.call(semaphore.object, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore.object, "acquire", false), false);
  EXPECT_EQ(child.call(semaphore.object, "acquire", false), false);
}

CLAUSE_TEST(manager_semaphore_waits, UntilAnotherProcessReleases) {
  Shared semaphore(main(), "Semaphore", {1});
  Actor& child = start_process({semaphore.object});
  main().call(semaphore.object, "acquire");
  Pending waiting = child.begin(semaphore.object, "acquire");
  EXPECT_BLOCKED(waiting);
  main().call(semaphore.object, "release");
  EXPECT_RETURNED(waiting, true);
}

CLAUSE_TEST(manager_bounded_semaphore_bound, RaisesValueError) {
  Shared semaphore(main(), "BoundedSemaphore", {1});
  EXPECT_EQ(main().call(semaphore.object, "acquire"), true);
  EXPECT_RETURNED(main().call(semaphore.object, "release"));
  EXPECT_RAISES(main().call(semaphore.object, "release"), "ValueError");
}

// ---- Condition

namespace {

// Each of them waits for the condition, proved by the lock that it has given up.
Pending wait_for_it(Actor& actor, Ref condition, Caller& watcher) {
  actor.call(condition, "acquire");
  Pending waiting = actor.begin(condition, "wait");
  await_blocked(waiting);
  watcher.call(condition, "acquire");
  watcher.call(condition, "release");
  return waiting;
}

}  // namespace

CLAUSE_TEST(manager_condition_notify, WakesOne) {
  Shared condition(main(), "Condition");
  Actor& first = start_process({condition.object});
  Actor& second = start_process({condition.object});
  const std::vector<Pending> waiting = {wait_for_it(first, condition.object, main()),
                                        wait_for_it(second, condition.object, main())};
  main().call(condition.object, "acquire");
  main().call(condition.object, "notify");
  main().call(condition.object, "release");
  const std::size_t woken = await_any(waiting);
  EXPECT_RETURNED(waiting[woken], true);
  (woken == 0 ? first : second).call(condition.object, "release");
  EXPECT_BLOCKED(waiting[1 - woken]);
}

CLAUSE_TEST(manager_condition_notify_all, WakesAll) {
  Shared condition(main(), "Condition");
  Actor& first = start_process({condition.object});
  Actor& second = start_process({condition.object});
  Pending one = wait_for_it(first, condition.object, main());
  Pending other = wait_for_it(second, condition.object, main());
  main().call(condition.object, "acquire");
  main().call(condition.object, "notify_all");
  main().call(condition.object, "release");
  const std::vector<Pending> waiting = {one, other};
  const std::size_t woken = await_any(waiting);
  EXPECT_RETURNED(waiting[woken], true);
  (woken == 0 ? first : second).call(condition.object, "release");
  EXPECT_RETURNED(waiting[1 - woken], true);
}

CLAUSE_TEST(manager_condition_timeout, GivesFalseWithTheLockHeld) {
  Shared condition(main(), "Condition");
  Actor& child = start_process({condition.object});
  main().call(condition.object, "acquire");
  EXPECT_EQ(main().call(condition.object, "wait", 0.05), false);
  EXPECT_EQ(child.call(condition.object, "acquire", false), false);
}

CLAUSE_TEST(manager_condition_needs_lock, RaisesRuntimeError) {
  Shared condition(main(), "Condition");
  EXPECT_RAISES(main().call(condition.object, "wait", 0.05), "RuntimeError");
  EXPECT_RAISES(main().call(condition.object, "notify"), "RuntimeError");
  EXPECT_RAISES(main().call(condition.object, "notify_all"), "RuntimeError");
}

CLAUSE_TEST(manager_condition_wait_for, AsksThePredicateOfTheCaller) {
  Shared condition(main(), "Condition");
  Actor& child = start_process({condition.object});
  Ref predicate = child.make("recorder", false, false, true);
  child.call(condition.object, "acquire");
  Pending waiting = child.begin(condition.object, "wait_for", predicate);
  await_blocked(waiting);
  const Step notify = Step::call(condition.object, "notify_all");
  main().call(condition.object, "acquire");
  main().ask(notify);
  main().call(condition.object, "release");
  EXPECT_BLOCKED(waiting);
  main().call(condition.object, "acquire");
  main().ask(notify);
  main().call(condition.object, "release");
  EXPECT_RETURNED(waiting, true);
  EXPECT_EQ(child.call(predicate, "calls"), List({Tuple{}, Tuple{}, Tuple{}}));
}

CLAUSE_TEST(manager_condition_given_lock, IsTheLockOfTheCondition) {
  Shared lock(main(), "Lock");
  Ref condition = object_in(main().call(lock.manager, "Condition", lock.object));
  EXPECT_EQ(main().call(condition, "acquire"), true);
  EXPECT_EQ(main().call(lock.object, "acquire", false), false);
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_EQ(main().call(lock.object, "acquire", false), true);
}

// ---- Event

CLAUSE_TEST(manager_event_set, WakesAnotherProcess) {
  Shared event(main(), "Event");
  Actor& child = start_process({event.object});
  EXPECT_EQ(child.call(event.object, "is_set"), false);
  Pending waiting = child.begin(event.object, "wait");
  EXPECT_BLOCKED(waiting);
  main().call(event.object, "set");
  EXPECT_RETURNED(waiting, true);
  EXPECT_EQ(child.call(event.object, "is_set"), true);
}

CLAUSE_TEST(manager_event_clear, HoldsForAll) {
  Shared event(main(), "Event");
  Actor& child = start_process({event.object});
  main().call(event.object, "set");
  EXPECT_RETURNED(child.call(event.object, "clear"));
  EXPECT_EQ(main().call(event.object, "is_set"), false);
  EXPECT_EQ(main().call(event.object, "wait", 0.05), false);
}

CLAUSE_TEST(manager_event_timeout, GivesFalseAfterIt) {
  Shared event(main(), "Event");
  Reply reply = main().call(event.object, "wait", 0.2);
  EXPECT_EQ(reply, false);
  EXPECT_TOOK_AT_LEAST(reply, 0.2);
}

// ---- Barrier

CLAUSE_TEST(manager_barrier_waits, UntilAllAreThere) {
  Shared barrier(main(), "Barrier", {2});
  Actor& child = start_process({barrier.object});
  Pending waiting = child.begin(barrier.object, "wait");
  EXPECT_BLOCKED(waiting);
  EXPECT_RETURNED(main().call(barrier.object, "wait"));
  EXPECT_RETURNED(waiting);
}

CLAUSE_TEST(manager_barrier_numbers, AreAllDifferent) {
  Shared barrier(main(), "Barrier", {3});
  Actor& first = start_process({barrier.object});
  Actor& second = start_process({barrier.object});
  Pending one = first.begin(barrier.object, "wait");
  Pending other = second.begin(barrier.object, "wait");
  Reply last = main().call(barrier.object, "wait");
  std::vector<std::int64_t> numbers = {see(last).integer(), see(one).integer(), see(other).integer()};
  std::sort(numbers.begin(), numbers.end());
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{0, 1, 2}));
}

CLAUSE_TEST(manager_barrier_broken, RaisesForWhoWaitsAndWhoComes) {
  Shared barrier(main(), "Barrier", {2});
  Actor& child = start_process({barrier.object});
  Pending waiting = child.begin(barrier.object, "wait");
  await_blocked(waiting);
  await_becomes(main(), Step::get(barrier.object, "n_waiting"), 1);
  main().call(barrier.object, "abort");
  EXPECT_RAISES(waiting, "BrokenBarrierError");
  EXPECT_RAISES(child.call(barrier.object, "wait"), "BrokenBarrierError");
}

CLAUSE_TEST(manager_barrier_timeout, RaisesAndBreaksIt) {
  Shared barrier(main(), "Barrier", {2});
  EXPECT_RAISES(main().call(barrier.object, "wait", 0.05), "BrokenBarrierError");
  EXPECT_EQ(main().get(barrier.object, "broken"), true);
}

CLAUSE_TEST(manager_barrier_reset, CanBeUsedAgain) {
  Shared barrier(main(), "Barrier", {2});
  Actor& child = start_process({barrier.object});
  main().call(barrier.object, "abort");
  EXPECT_RETURNED(main().call(barrier.object, "reset"));
  Pending waiting = child.begin(barrier.object, "wait");
  EXPECT_RETURNED(main().call(barrier.object, "wait"));
  EXPECT_RETURNED(waiting);
}

CLAUSE_TEST(manager_barrier_attributes, AreRead) {
  Shared barrier(main(), "Barrier", {2});
  Actor& child = start_process({barrier.object});
  EXPECT_EQ(main().get(barrier.object, "parties"), 2);
  EXPECT_EQ(main().get(barrier.object, "n_waiting"), 0);
  EXPECT_EQ(main().get(barrier.object, "broken"), false);
  child.begin(barrier.object, "wait");
  EXPECT_BECOMES(main(), Step::get(barrier.object, "n_waiting"), 1);
  main().call(barrier.object, "abort");
  EXPECT_EQ(main().get(barrier.object, "broken"), true);
}

}  // namespace mp::conformance
