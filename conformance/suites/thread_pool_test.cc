// A pool of threads: what is its own, and each of the methods that it shares with a pool of processes.
#include <string>
#include <vector>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/thread_pool.h"

namespace mp::conformance {

CLAUSE_TEST(thread_pool_same_process, AsTheCaller) {
  Ref pool = main().make("ThreadPool", 2);
  EXPECT_EQ(main().call(pool, "apply", kPid), main().pid());
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_other_threads, TheCallerGoesOn) {
  Ref pool = main().make("ThreadPool", 1);
  Actor& task = expect_actor();
  const Reply result = main().call(pool, "apply_async", kServe, Tuple{task.name()});
  ASSERT_RETURNED(result);
  ASSERT_STARTED(task);
  EXPECT_EQ(main().call(result, "ready"), false);
  task.bye({.value = 5});
  EXPECT_EQ(main().call(result, "get"), 5);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_count, AndTheNextOneWaits) {
  Ref pool = main().make("ThreadPool", 2);
  const Work first = submit_work(main(), pool), second = submit_work(main(), pool);
  EXPECT_STARTED(first.actor);
  EXPECT_STARTED(second.actor);
  const Ref next = main().call(pool, "apply_async", kNothing);
  const Pending getting = main().begin(next, "get");
  EXPECT_BLOCKED(getting);
  first.actor.bye();
  EXPECT_RETURNED(getting);
  second.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_default_count, AsManyAsProcessors) {
  const std::int64_t processors = Value(main().call("cpu_count")).integer();
  Ref pool = main().make("ThreadPool");
  std::vector<Work> works;
  for (std::int64_t i = 0; i < processors; ++i) works.push_back(submit_work(main(), pool));
  for (const Work& work : works) EXPECT_STARTED(work.actor);
  const Ref next = main().call(pool, "apply_async", kNothing);
  const Pending getting = main().begin(next, "get");
  EXPECT_BLOCKED(getting);
  for (const Work& work : works) work.actor.bye();
  EXPECT_RETURNED(getting);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_invalid_count, ZeroIsRefused) { EXPECT_RAISES(main().make("ThreadPool", 0), "Exception"); }

CLAUSE_TEST(thread_pool_no_children, WhileItWorks) {
  Ref pool = main().make("ThreadPool", 2);
  const Work work = start_work(main(), pool);
  EXPECT_EQ(main().call("active_children"), List{});
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_initializer, OnceForEachThread) {
  Ref queue = main().make("SimpleQueue");
  Ref pool = main().make("ThreadPool", 3, Function{"call"}, Tuple{queue, "put", "mark"});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(main().call(queue, "get"), "mark");
  main().call(pool, "map", kSquare, numbers(6));
  put_away(main(), pool);
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(thread_pool_initializer_before_tasks, ATaskWaitsForIt) {
  Actor& worker = expect_actor();
  Ref pool = main().make("ThreadPool", 1, kServe, Tuple{worker.name()});
  await_started(worker);
  const Pending applying = main().begin(pool, "apply", kSquare, Tuple{3});
  EXPECT_BLOCKED(applying);
  worker.bye();
  EXPECT_RETURNED(applying, 9);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_no_maxtasks, IsRefused) {
  EXPECT_RAISES(main().make("ThreadPool", 1, Kwargs{{"maxtasksperchild", 1}}), "Exception");
}

CLAUSE_TEST(thread_pool_same_object, ThereAndBack) {
  Ref pool = main().make("ThreadPool", 1), lock = main().make("Lock");
  EXPECT_EQ(main().call(pool, "apply", kEcho, Tuple{lock}), lock);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_unserialisable, ThereAndBack) {
  Ref pool = main().make("ThreadPool", 1), recorder = main().make("recorder");
  EXPECT_EQ(main().call(pool, "apply", kEcho, Tuple{recorder}), recorder);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_shared_memory, WhatATaskRemembers) {
  Ref pool = main().make("ThreadPool", 1);
  const Work work = start_work(main(), pool);
  work.actor.call("remember", "mark", 5);
  work.actor.bye();
  await_completed(main(), work.result);
  EXPECT_EQ(main().call("recall", "mark"), 5);
  put_away(main(), pool);
}

// ---- Its methods

CLAUSE_TEST(thread_pool_apply, WaitsForItsTask) {
  Ref pool = main().make("ThreadPool", 1);
  Actor& task = expect_actor();
  const Pending applying = main().begin(pool, "apply", kServe, Tuple{task.name()});
  await_started(task);
  EXPECT_BLOCKED(applying);
  task.bye({.value = 5});
  EXPECT_RETURNED(applying, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_apply_exception, IsRaised) {
  Ref pool = main().make("ThreadPool", 1);
  EXPECT_RAISES(main().call(pool, "apply", kFail, Tuple{"ValueError", "wrong"}), "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_exception_goes_on, WithTheNextTask) {
  Ref pool = main().make("ThreadPool", 1);
  expect_refused(main().call(pool, "apply", kFail, Tuple{"ValueError", "wrong"}));
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_apply_async, GetWaits) {
  Ref pool = main().make("ThreadPool", 1);
  const Work work = start_work(main(), pool);
  const Pending getting = main().begin(work.result, "get");
  EXPECT_BLOCKED(getting);
  work.actor.bye({.value = 5});
  EXPECT_RETURNED(getting, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_callback, WithTheResult) {
  Ref pool = main().make("ThreadPool", 1), recorder = main().make("recorder");
  main().call(pool, "apply_async", kSquare, Tuple{3}, Kwargs{{"callback", recorder}});
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  EXPECT_EQ(main().call(recorder, "calls"), List{Tuple{9}});
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_callback, WithTheError) {
  Ref pool = main().make("ThreadPool", 1), recorder = main().make("recorder");
  main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong"}, Kwargs{{"error_callback", recorder}});
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  put_away(main(), pool);
}

namespace {

// The second is done before the first.
void end_in_reverse(const Actors& tasks) {
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  tasks[0].get().bye({.value = 1});
}

}  // namespace

CLAUSE_TEST(thread_pool_map, InOrder) {
  Ref pool = main().make("ThreadPool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks), 1);
  end_in_reverse(tasks);
  EXPECT_RETURNED(mapping, (List{1, 2}));
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_map_async, InOrder) {
  Ref pool = main().make("ThreadPool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref result = main().call(pool, "map_async", kServe, names_of(tasks), 1);
  end_in_reverse(tasks);
  EXPECT_EQ(main().call(result, "get"), (List{1, 2}));
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_starmap, ElementsAreArguments) {
  Ref pool = main().make("ThreadPool", 2);
  EXPECT_EQ(main().call(pool, "starmap", kAdd, List{Tuple{1, 2}, Tuple{3, 4}}), (List{3, 7}));
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_starmap_async, ElementsAreArguments) {
  Ref pool = main().make("ThreadPool", 2);
  const Ref result = main().call(pool, "starmap_async", kAdd, List{Tuple{1, 2}, Tuple{3, 4}});
  EXPECT_EQ(main().call(result, "get"), (List{3, 7}));
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_imap, InOrderToItsEnd) {
  Ref pool = main().make("ThreadPool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  end_in_reverse(tasks);
  EXPECT_EQ(main().call(results, "next"), 1);
  EXPECT_EQ(main().call(results, "next"), 2);
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_imap_unordered, TheFirstThatIsDone) {
  Ref pool = main().make("ThreadPool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap_unordered", kServe, names_of(tasks));
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  EXPECT_EQ(main().call(results, "next"), 2);
  tasks[0].get().bye({.value = 1});
  put_away(main(), pool);
}

CLAUSE_TEST(thread_pool_result_timeout, RaisesTimeoutError) {
  Ref pool = main().make("ThreadPool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RAISES(main().call(work.result, "get", 0.05), "TimeoutError");
  work.actor.bye();
  put_away(main(), pool);
}

// ---- Its end

CLAUSE_TEST(thread_pool_close_refuses, ACall) {
  Ref pool = main().make("ThreadPool", 1);
  put_away(main(), pool);
  EXPECT_RAISES(main().call(pool, "apply_async", kSquare, Tuple{1}), "Exception");
}

CLAUSE_TEST(thread_pool_join_waits, UntilTheTaskIsDone) {
  Ref pool = main().make("ThreadPool", 1);
  const Work work = start_work(main(), pool);
  main().call(pool, "close");
  const Pending join = main().begin(pool, "join");
  EXPECT_BLOCKED(join);
  work.actor.bye();
  EXPECT_RETURNED(join);
}

CLAUSE_TEST(thread_pool_join_before_close, IsRefused) {
  Ref pool = main().make("ThreadPool", 1);
  EXPECT_RAISES(main().call(pool, "join"), "Exception");
  put_away(main(), pool);
}

// Threads cannot be stopped in the middle of a task: it goes on, and the next one is not begun.
CLAUSE_TEST(thread_pool_terminate_outstanding, HasNoResult) {
  Ref pool = main().make("ThreadPool", 1);
  const Work work = start_work(main(), pool);
  const Ref waiting = main().call(pool, "apply_async", kSquare, Tuple{3});
  const Pending ending = main().thread("t1").begin(pool, "terminate");
  await_refused(main(), Step::call(pool, "apply_async", kSquare, Tuple{3}));  // so it has begun
  await_asleep(main());                                                       // and waits for the thread that is at work
  work.actor.bye();
  EXPECT_RETURNED(ending);
  EXPECT_RAISES(main().call(waiting, "get", 0.05), "Exception");
  main().call(pool, "join");
}

CLAUSE_TEST(thread_pool_terminate_refuses, ACall) {
  Ref pool = main().make("ThreadPool", 1);
  stop(main(), pool);
  EXPECT_RAISES(main().call(pool, "apply_async", kSquare, Tuple{1}), "Exception");
}

CLAUSE_TEST(thread_pool_with, EnterAndExit) {
  Ref pool = main().make("ThreadPool", 1);
  EXPECT_EQ(main().call(pool, "__enter__"), pool);
  EXPECT_RETURNED(main().call(pool, "__exit__"));
  EXPECT_RAISES(main().call(pool, "apply_async", kSquare, Tuple{1}), "Exception");
}

}  // namespace mp::conformance
