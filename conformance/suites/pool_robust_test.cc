// What goes beyond the documentation: a worker that dies, a task that ends oddly, a callback that fails, and nobody waits for ever.
// These tests end without an end of the pool: that is a question of its own.
#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

// Its worker waits for the next task.
Actor& idle_worker(Actor& creator, Ref pool) {
  const Work work = start_work(creator, pool);
  work.actor.bye();
  await_completed(creator, work.result);
  await_asleep(work.actor);
  return work.actor;
}

}  // namespace

// ---- A dead worker

CLAUSE_TEST(pool_robust_dead_worker_busy, ItsResultIsAnError) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  kill_and_await(work.actor);
  EXPECT_RAISES(main().call(work.result, "get"), "Exception");
}

CLAUSE_TEST(pool_robust_dead_worker_busy, WhoWaitsIsTold) {
  Ref pool = main().make("Pool", 2);
  const Work work = start_work(main(), pool);
  const Pending getting = main().begin(work.result, "get");
  await_blocked(getting);
  kill_and_await(work.actor);
  EXPECT_RAISES(getting, "Exception");
}

CLAUSE_TEST(pool_robust_dead_worker_busy_goes_on, WithAsManyWorkers) {
  Ref pool = main().make("Pool", 2);
  const Work dead = start_work(main(), pool);
  kill_and_await(dead.actor);
  const Work first = submit_work(main(), pool), second = submit_work(main(), pool);
  EXPECT_STARTED(first.actor);
  EXPECT_STARTED(second.actor);
  first.actor.bye({.value = 1});
  EXPECT_EQ(main().call(first.result, "get"), 1);
}

CLAUSE_TEST(pool_robust_dead_worker_others, TheirResultsCome) {
  Ref pool = main().make("Pool", 2);
  const Work dead = start_work(main(), pool), alive = start_work(main(), pool);
  kill_and_await(dead.actor);
  alive.actor.bye({.value = 1});
  EXPECT_EQ(main().call(alive.result, "get"), 1);
}

CLAUSE_TEST(pool_robust_dead_worker_idle, TheNextTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  kill_and_await(idle_worker(main(), pool));
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
}

// All that wait for a task take part, so whoever holds what others need is among the dead.
CLAUSE_TEST(pool_robust_dead_worker_idle_of_two, TheNextTasksAreDone) {
  Ref pool = main().make("Pool", 2);
  const Work first = start_work(main(), pool), second = start_work(main(), pool);
  first.actor.bye();
  await_completed(main(), first.result);
  await_asleep(first.actor);
  second.actor.bye();
  await_completed(main(), second.result);
  await_asleep(second.actor);
  kill_and_await(first.actor);
  EXPECT_EQ(main().call(pool, "map", kSquare, numbers(4), 1), squares(4));
}

CLAUSE_TEST(pool_robust_dead_worker_map, RaisesAnError) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye();
  await_blocked(mapping);
  kill_and_await(tasks[0]);
  EXPECT_RAISES(mapping, "Exception");
}

CLAUSE_TEST(pool_robust_dead_worker_imap, RaisesAnErrorInItsPlace) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  kill_and_await(tasks[0]);
  EXPECT_RAISES(main().call(results, "next"), "Exception");
  EXPECT_EQ(main().call(results, "next"), 2);
}

CLAUSE_TEST(pool_robust_dead_worker_error_callback, IsCalled) {
  Ref pool = main().make("Pool", 1), recorder = main().make("recorder");
  const Work work = start_work(main(), pool, Kwargs{{"error_callback", recorder}});
  kill_and_await(work.actor);
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
}

CLAUSE_TEST(pool_robust_dead_worker_join, Returns) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  kill_and_await(work.actor);
  EXPECT_RETURNED(main().call(pool, "close"));
  EXPECT_RETURNED(main().call(pool, "join"));
}

CLAUSE_TEST(pool_robust_dead_worker_terminate, Returns) {
  Ref pool = main().make("Pool", 1);
  kill_and_await(idle_worker(main(), pool));
  EXPECT_RETURNED(main().call(pool, "terminate"));
  EXPECT_RETURNED(main().call(pool, "join"));
}

// ---- A task that ends oddly

CLAUSE_TEST(pool_robust_exit_in_task, ItsResultIsAnError) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", Function{"exit"}, Tuple{3});
  EXPECT_RAISES(main().call(result, "get"), "Exception");
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_exit_in_task_goes_on, OtherTasksAreDone) {
  Ref pool = main().make("Pool", 1);
  main().call(pool, "apply_async", Function{"exit"}, Tuple{3});
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_interrupt_in_task, ItsResultIsAnError) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kFail, Tuple{"KeyboardInterrupt", ""});
  EXPECT_RAISES(main().call(result, "get"), "KeyboardInterrupt");
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_undecodable_result, IsAnError) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref spoilt = work.actor.make("spoilt");
  work.actor.bye({.value = spoilt});
  EXPECT_RAISES(main().call(work.result, "get"), "Exception");
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_undecodable_result_goes_on, OtherResultsArrive) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref spoilt = work.actor.make("spoilt");
  work.actor.bye({.value = spoilt});
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_undecodable_argument, IsAnError) {
  Ref pool = main().make("Pool", 1);
  const Ref spoilt = main().make("spoilt");
  EXPECT_RAISES(main().call(pool, "apply", kEcho, Tuple{spoilt}), "Exception");
  allow_leftovers();
}

// ---- A callback or an initializer that fails

CLAUSE_TEST(pool_robust_callback_raises, OtherResultsArrive) {
  Ref pool = main().make("Pool", 1);
  const Ref recorder = main().make("recorder", Error{{"ValueError"}, "wrong", {}});
  main().call(pool, "apply_async", kNothing, Kwargs{{"callback", recorder}});
  main().call(recorder, "wait", 1);
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_callback_raises_result, CanBeGot) {
  Ref pool = main().make("Pool", 1);
  const Ref recorder = main().make("recorder", Error{{"ValueError"}, "wrong", {}});
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3}, Kwargs{{"callback", recorder}});
  EXPECT_EQ(main().call(result, "get"), 9);
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_initializer_fails, ATaskFails) {
  const Reply pool = main().make("Pool", 1, kFail, Tuple{"ValueError", "wrong"});
  ASSERT_CAME_BACK(pool);
  allow_leftovers();
  if (pool.error() != nullptr) return;
  EXPECT_RAISES(main().call(pool, "apply", kSquare, Tuple{3}), "Exception");
}

// ---- The end of a pool and of its creator

CLAUSE_TEST(pool_robust_terminate_wakes, WhoWaitsForAResult) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending getting = main().thread("t1").begin(work.result, "get");
  await_blocked(getting);
  main().call(pool, "terminate");
  EXPECT_RAISES(getting, "Exception");
  allow_leftovers();
}

CLAUSE_TEST(pool_robust_terminate_stopped_worker, Returns) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  work.actor.pause();
  allow_leftovers();
  EXPECT_RETURNED(main().call(pool, "terminate"));
  EXPECT_RETURNED(main().call(pool, "join"));
}

CLAUSE_TEST(pool_robust_creator_killed, AnIdleWorkerEnds) {
  Ref pool = main().make("Pool", 2);
  Actor& worker = idle_worker(main(), pool);
  kill_and_await(main());
  EXPECT_ENDED(worker);
}

}  // namespace mp::conformance
