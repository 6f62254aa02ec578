// The result of a call that may not be there yet.
#include <string>
#include <vector>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/async_result.h"

namespace mp::conformance {

// ---- get

CLAUSE_TEST(async_result_get_value, IsWhatTheFunctionReturned) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{7});
  EXPECT_EQ(main().call(result, "get"), 49);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_waits, UntilTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending getting = main().begin(work.result, "get");
  EXPECT_BLOCKED(getting);
  work.actor.bye({.value = 5});
  EXPECT_RETURNED(getting, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout, RaisesTimeoutError) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RAISES(main().call(work.result, "get", 0.05), "TimeoutError");
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_class, IsAProcessError) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RAISES(main().call(work.result, "get", 0.05), "ProcessError");
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_not_before, GivesUpNoEarlier) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Reply got = main().call(work.result, "get", 0.15);
  ASSERT_RAISES(got, "Exception");
  EXPECT_TOOK_AT_LEAST(got, 0.15);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_within, GivesUpInTime) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(work.result, "get", 0.1), control);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_none, WaitsUntilTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending getting = main().begin(work.result, "get", None);
  EXPECT_BLOCKED(getting);
  work.actor.bye({.value = 5});
  EXPECT_RETURNED(getting, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_zero, RaisesAtOnce) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RAISES(main().call(work.result, "get", 0), "TimeoutError");
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_zero_ready, ReturnsTheResult) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "get", 0), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_in_time, ReturnsTheResult) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending getting = main().begin(work.result, "get", 1000.0);
  await_blocked(getting);
  work.actor.bye({.value = 5});
  EXPECT_RETURNED(getting, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_retry, LosesNothing) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  expect_refused(main().call(work.result, "get", 0.02));
  work.actor.bye({.value = 5});
  EXPECT_EQ(main().call(work.result, "get"), 5);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_timeout_pool_goes_on, OtherTasksAreDone) {
  Ref pool = main().make("Pool", 2);
  const Work work = start_work(main(), pool);
  expect_refused(main().call(work.result, "get", 0.02));
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_exception, OfTheSameClass) {
  Ref pool = main().make("Pool", 1);
  for (const char* name : {"ValueError", "KeyError", "RuntimeError"}) {
    const Ref result = main().call(pool, "apply_async", kFail, Tuple{name, "wrong"});
    EXPECT_RAISES(main().call(result, "get"), name);
  }
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_exception_text, IsThatOfTheFunction) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong in this way"});
  const Reply got = main().call(result, "get");
  ASSERT_RAISES(got, "ValueError");
  EXPECT_EQ(got.error()->text, "wrong in this way");
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_exception_late, WhileSomebodyWaits) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending getting = main().begin(work.result, "get");
  await_blocked(getting);
  work.actor.bye(raising("ValueError"));
  EXPECT_RAISES(getting, "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_repeat, TheSameEachTime) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(main().call(result, "get"), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_exception_repeat, TheSameEachTime) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong"});
  for (int i = 0; i < 3; ++i) EXPECT_RAISES(main().call(result, "get"), "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_own_result, TheLastFirst) {
  Ref pool = main().make("Pool", 2);
  std::vector<Ref> results;
  for (int i = 0; i < 10; ++i) results.push_back(main().call(pool, "apply_async", kSquare, Tuple{i}));
  for (int i = 10; i-- > 0;) EXPECT_EQ(main().call(results[static_cast<std::size_t>(i)], "get"), i * i);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_threads, AllGetIt) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending one = main().thread("t1").begin(work.result, "get");
  const Pending other = main().thread("t2").begin(work.result, "get");
  await_blocked({one, other});
  work.actor.bye({.value = 5});
  EXPECT_RETURNED(one, 5);
  EXPECT_RETURNED(other, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_get_after_join, ReturnsTheResult) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  put_away(main(), pool);
  EXPECT_EQ(main().call(result, "get"), 9);
}

CLAUSE_TEST(async_result_get_after_terminate, ReturnsTheResult) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  await_completed(main(), result);
  stop(main(), pool);
  EXPECT_EQ(main().call(result, "get"), 9);
}

// ---- wait

CLAUSE_TEST(async_result_wait_waits, UntilTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending waiting = main().begin(work.result, "wait");
  EXPECT_BLOCKED(waiting);
  work.actor.bye();
  EXPECT_RETURNED(waiting);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_wait_timeout, IsNoError) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RETURNED(main().call(work.result, "wait", 0.05));
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_wait_timeout_not_before, GivesUpNoEarlier) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_TOOK_AT_LEAST(main().call(work.result, "wait", 0.15), 0.15);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_wait_timeout_within, GivesUpInTime) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(work.result, "wait", 0.1), control);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_wait_timeout_in_time, ReturnsAtTheEnd) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Pending waiting = main().begin(work.result, "wait", 1000.0);
  await_blocked(waiting);
  work.actor.bye();
  EXPECT_RETURNED(waiting);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_wait_completed, ReturnsAtOnce) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  main().call(result, "get");
  EXPECT_RETURNED(main().call(result, "wait"));
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_wait_failed, DoesNotRaise) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong"});
  EXPECT_RETURNED(main().call(result, "wait"));
  put_away(main(), pool);
}

// ---- ready and successful

CLAUSE_TEST(async_result_ready_not_yet, IsFalse) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_EQ(main().call(work.result, "ready"), false);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_ready_queued, IsFalse) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref waiting = main().call(pool, "apply_async", kSquare, Tuple{3});
  EXPECT_EQ(main().call(waiting, "ready"), false);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_ready_completed, IsTrue) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "ready"), true);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_ready_failed, IsTrue) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong"});
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "ready"), true);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_ready_unasked, BecomesTrue) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  EXPECT_BECOMES(main(), Step::call(result, "ready"), true);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_successful_returned, IsTrue) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3});
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "successful"), true);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_successful_raised, IsFalse) {
  Ref pool = main().make("Pool", 1);
  const Ref result = main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong"});
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "successful"), false);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_successful_not_ready, RaisesValueError) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_RAISES(main().call(work.result, "successful"), "ValueError");
  work.actor.bye();
  put_away(main(), pool);
}

// ---- The result of many

CLAUSE_TEST(async_result_map_not_ready, BeforeTheLast) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref result = main().call(pool, "map_async", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[0].get().bye();
  const Pending waiting = main().begin(result, "wait");
  EXPECT_BLOCKED(waiting);
  tasks[1].get().bye();
  EXPECT_RETURNED(waiting);
  EXPECT_EQ(main().call(result, "ready"), true);
  put_away(main(), pool);
}

CLAUSE_TEST(async_result_map_unsuccessful, WhenOneFailed) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref result = main().call(pool, "map_async", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[0].get().bye(raising("ValueError"));
  tasks[1].get().bye();
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "successful"), false);
  put_away(main(), pool);
}

}  // namespace mp::conformance
