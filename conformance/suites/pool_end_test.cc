// How a pool ends: close, terminate, join, and the context.
#include <vector>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

// An idle worker of a pool with one.
Actor& idle_worker(Actor& creator, Ref pool) {
  const Work work = start_work(creator, pool);
  work.actor.bye();
  await_completed(creator, work.result);
  creator.drop(work.result);
  return work.actor;
}

}  // namespace

// ---- close

CLAUSE_TEST(pool_close_refuses, EveryCall) {
  Ref pool = main().make("Pool", 1);
  main().call(pool, "close");
  EXPECT_RAISES(main().call(pool, "apply", kSquare, Tuple{1}), "Exception");
  EXPECT_RAISES(main().call(pool, "apply_async", kSquare, Tuple{1}), "Exception");
  for (const char* method : {"map", "map_async", "imap", "imap_unordered"}) {
    EXPECT_RAISES(main().call(pool, method, kSquare, List{1}), "Exception");
  }
  for (const char* method : {"starmap", "starmap_async"}) {
    EXPECT_RAISES(main().call(pool, method, kSquare, List{Tuple{1}}), "Exception");
  }
  main().call(pool, "join");
}

CLAUSE_TEST(pool_close_returns, WhileATaskIsPerformed) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RETURNED(main().call(pool, "close"));
  work.actor.bye();
  main().call(pool, "join");
}

CLAUSE_TEST(pool_close_tasks_complete, TheBegunAndTheOthers) {
  Ref pool = main().make("Pool", 1);
  const Work begun = start_work(main(), pool), waiting = submit_work(main(), pool);
  main().call(pool, "close");
  begun.actor.bye({.value = 1});
  EXPECT_EQ(main().call(begun.result, "get"), 1);
  ASSERT_STARTED(waiting.actor);
  waiting.actor.bye({.value = 2});
  EXPECT_EQ(main().call(waiting.result, "get"), 2);
  main().call(pool, "join");
}

CLAUSE_TEST(pool_close_workers_exit, WhenTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  main().call(pool, "close");
  work.actor.bye();
  EXPECT_ENDED(work.actor);
  main().call(pool, "join");
}

CLAUSE_TEST(pool_close_workers_exit, TheIdleOneAtOnce) {
  Ref pool = main().make("Pool", 1);
  Actor& worker = idle_worker(main(), pool);
  main().call(pool, "close");
  EXPECT_ENDED(worker);
  main().call(pool, "join");
}

CLAUSE_TEST(pool_close_exit_codes, AreZero) {
  Ref pool = main().make("Pool", 2);
  const Values children = Value(main().call("active_children")).items();
  main().call(pool, "map", kSquare, numbers(4));
  put_away(main(), pool);
  for (const Value& child : children) EXPECT_EQ(main().get(Ref(child.as<Handle>()->number), "exitcode"), 0);
}

CLAUSE_TEST(pool_close_twice, IsNoError) {
  Ref pool = main().make("Pool", 1);
  main().call(pool, "close");
  EXPECT_RETURNED(main().call(pool, "close"));
  main().call(pool, "join");
}

// ---- terminate

CLAUSE_TEST(pool_terminate_stops, InTheMiddleOfTasks) {
  Ref pool = main().make("Pool", 2);
  const Work first = start_work(main(), pool), second = start_work(main(), pool);
  EXPECT_RETURNED(main().call(pool, "terminate"));
  EXPECT_ENDED(first.actor);
  EXPECT_ENDED(second.actor);
  main().call(pool, "join");
}

CLAUSE_TEST(pool_terminate_idle, WorkersEnd) {
  Ref pool = main().make("Pool", 1);
  Actor& worker = idle_worker(main(), pool);
  EXPECT_RETURNED(main().call(pool, "terminate"));
  EXPECT_ENDED(worker);
  main().call(pool, "join");
}

// What becomes of its result is left open, but for this: it has none.
CLAUSE_TEST(pool_terminate_outstanding, HasNoResult) {
  Ref pool = main().make("Pool", 1);
  start_work(main(), pool);
  const Ref waiting = main().call(pool, "apply_async", kSquare, Tuple{3});
  stop(main(), pool);
  EXPECT_RAISES(main().call(waiting, "get", 0.05), "Exception");
}

CLAUSE_TEST(pool_terminate_refuses, ACall) {
  Ref pool = main().make("Pool", 1);
  stop(main(), pool);
  EXPECT_RAISES(main().call(pool, "apply_async", kSquare, Tuple{1}), "Exception");
}

CLAUSE_TEST(pool_terminate_after_close, EndsTheTask) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  main().call(pool, "close");
  EXPECT_RETURNED(main().call(pool, "terminate"));
  EXPECT_ENDED(work.actor);
  main().call(pool, "join");
}

CLAUSE_TEST(pool_terminate_twice, IsNoError) {
  Ref pool = main().make("Pool", 1);
  main().call(pool, "terminate");
  EXPECT_RETURNED(main().call(pool, "terminate"));
  main().call(pool, "join");
}

CLAUSE_TEST(pool_terminate_on_collection, WorkersEnd) {
  Ref pool = main().make("Pool", 1);
  Actor& worker = idle_worker(main(), pool);
  main().drop(pool);
  EXPECT_ENDED(worker);
}

// ---- join

CLAUSE_TEST(pool_join_waits, UntilTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  main().call(pool, "close");
  const Pending join = main().begin(pool, "join");
  EXPECT_BLOCKED(join);
  work.actor.bye();
  EXPECT_RETURNED(join);
}

CLAUSE_TEST(pool_join_workers_gone, NoChildIsLeft) {
  Ref pool = main().make("Pool", 2);
  const Work work = start_work(main(), pool);
  work.actor.bye();
  put_away(main(), pool);
  EXPECT_TRUE(work.actor.has_ended());
  EXPECT_EQ(main().call("active_children"), List{});
}

CLAUSE_TEST(pool_join_after_terminate, ThoughATaskWasPerformed) {
  Ref pool = main().make("Pool", 1);
  start_work(main(), pool);
  main().call(pool, "terminate");
  EXPECT_RETURNED(main().call(pool, "join"));
}

CLAUSE_TEST(pool_join_before_close, IsRefused) {
  Ref pool = main().make("Pool", 1);
  EXPECT_RAISES(main().call(pool, "join"), "Exception");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_join_twice, ReturnsAtOnce) {
  Ref pool = main().make("Pool", 1);
  put_away(main(), pool);
  EXPECT_RETURNED(main().call(pool, "join"));
}

// ---- The context

CLAUSE_TEST(pool_with_enter, GivesThePool) {
  Ref pool = main().make("Pool", 1);
  EXPECT_EQ(main().call(pool, "__enter__"), pool);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_with_exit_terminates, InTheMiddleOfATask) {
  Ref pool = main().make("Pool", 1);
  main().call(pool, "__enter__");
  const Work work = start_work(main(), pool);
  EXPECT_RETURNED(main().call(pool, "__exit__"));
  EXPECT_ENDED(work.actor);
}

CLAUSE_TEST(pool_with_exit_refuses, ACall) {
  Ref pool = main().make("Pool", 1);
  main().call(pool, "__enter__");
  main().call(pool, "__exit__");
  EXPECT_RAISES(main().call(pool, "apply_async", kSquare, Tuple{1}), "Exception");
}

}  // namespace mp::conformance
