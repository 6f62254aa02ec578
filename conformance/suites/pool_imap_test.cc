// Results one after the other: imap and imap_unordered.
#include <algorithm>
#include <string>
#include <vector>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {

CLAUSE_TEST(pool_imap_order, ThoughTheLastIsDoneFirst) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  const Pending first = main().begin(results, "next");
  EXPECT_BLOCKED(first);
  tasks[0].get().bye({.value = 1});
  EXPECT_RETURNED(first, 1);
  EXPECT_EQ(main().call(results, "next"), 2);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_returns, WhileTheTasksArePerformed) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  ASSERT_RETURNED(main().call(pool, "imap", kServe, names_of(tasks)));
  await_started(tasks[0]);
  tasks[0].get().bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_early, WhileALaterOneIsMissing) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  for (Actor& task : tasks) await_started(task);
  tasks[0].get().bye({.value = 1});
  EXPECT_EQ(main().call(results, "next"), 1);
  tasks[1].get().bye({.value = 2});
  EXPECT_EQ(main().call(results, "next"), 2);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_waits, UntilTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  const Pending next = main().begin(results, "next");
  EXPECT_BLOCKED(next);
  tasks[0].get().bye({.value = 1});
  EXPECT_RETURNED(next, 1);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_end, AfterTheLast) {
  Ref pool = main().make("Pool", 1);
  const Ref results = main().call(pool, "imap", kSquare, List{3});
  main().call(results, "next");
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_end_repeats, AgainAndAgain) {
  Ref pool = main().make("Pool", 1);
  const Ref results = main().call(pool, "imap", kSquare, List{3});
  main().call(results, "next");
  expect_refused(main().call(results, "next"));
  for (int i = 0; i < 3; ++i) EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_empty, IsAtItsEnd) {
  Ref pool = main().make("Pool", 1);
  const Ref results = main().call(pool, "imap", kSquare, List{});
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_exception, InThePlaceOfTheResult) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  tasks[0].get().bye({.value = 1});
  await_started(tasks[1]);
  tasks[1].get().bye(raising("ValueError"));
  EXPECT_EQ(main().call(results, "next"), 1);
  EXPECT_RAISES(main().call(results, "next"), "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_exception_goes_on, TheNextResultComes) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  tasks[0].get().bye(raising("ValueError"));
  expect_refused(main().call(results, "next"));
  await_started(tasks[1]);
  tasks[1].get().bye({.value = 2});
  EXPECT_EQ(main().call(results, "next"), 2);
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_one_by_one, EachIsATask) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  main().call(pool, "imap", kServe, names_of(tasks));
  for (Actor& task : tasks) EXPECT_STARTED(task);
  for (Actor& task : tasks) task.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_chunksize, OneWorkerForAChunk) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Reply results = main().call(pool, "imap", kServe, names_of(tasks), 2);
  ASSERT_RETURNED(results);
  expect_one_after_the_other(main(), pool, tasks);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_chunksize_results, AllOnceInOrder) {
  Ref pool = main().make("Pool", 2);
  for (int chunk = 1; chunk <= 4; ++chunk) {
    const Ref results = main().call(pool, "imap", kSquare, numbers(7), chunk);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(main().call(results, "next"), i * i);
    EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  }
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_chunksize_invalid, ZeroIsRefused) {
  Ref pool = main().make("Pool", 1);
  EXPECT_RAISES(main().call(pool, "imap", kSquare, List{1, 2}, 0), "Exception");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_timeout, RaisesTimeoutError) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  EXPECT_RAISES(main().call(results, "next", 0.05), "TimeoutError");
  tasks[0].get().bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_timeout_not_before, GivesUpNoEarlier) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  const Reply next = main().call(results, "next", 0.15);
  ASSERT_RAISES(next, "Exception");
  EXPECT_TOOK_AT_LEAST(next, 0.15);
  tasks[0].get().bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_timeout_within, GivesUpInTime) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  const Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(results, "next", 0.1), control);
  tasks[0].get().bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_timeout_retry, LosesNothing) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  expect_refused(main().call(results, "next", 0.02));
  tasks[0].get().bye({.value = 1});
  EXPECT_EQ(main().call(results, "next"), 1);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_timeout_in_time, GivesTheResult) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap", kServe, names_of(tasks));
  await_started(tasks[0]);
  const Pending next = main().begin(results, "next", 1000.0);
  await_blocked(next);
  tasks[0].get().bye({.value = 1});
  EXPECT_RETURNED(next, 1);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_after_close, AreStillGiven) {
  Ref pool = main().make("Pool", 1);
  const Ref results = main().call(pool, "imap", kSquare, numbers(5));
  put_away(main(), pool);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(main().call(results, "next"), i * i);
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
}

// ---- imap_unordered

CLAUSE_TEST(pool_imap_unordered_all, EachOnce) {
  constexpr int kInputs = 20;
  Ref pool = main().make("Pool", 2);
  const Ref results = main().call(pool, "imap_unordered", kSquare, numbers(kInputs));
  std::vector<std::int64_t> got, expected;
  for (int i = 0; i < kInputs; ++i) {
    got.push_back(see(main().call(results, "next")).integer());
    expected.push_back(i * i);
  }
  std::ranges::sort(got);
  EXPECT_EQ(got, expected);
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_unordered_completion, TheFirstThatIsDone) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap_unordered", kServe, names_of(tasks));
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  EXPECT_EQ(main().call(results, "next"), 2);
  tasks[0].get().bye({.value = 1});
  EXPECT_EQ(main().call(results, "next"), 1);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_unordered_one_worker, InTheOrderOfTheInputs) {
  Ref pool = main().make("Pool", 1);
  const Ref results = main().call(pool, "imap_unordered", kSquare, numbers(20));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(main().call(results, "next"), i * i);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_unordered_waits, UntilATaskIsDone) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap_unordered", kServe, names_of(tasks));
  await_started(tasks[0]);
  const Pending next = main().begin(results, "next");
  EXPECT_BLOCKED(next);
  tasks[0].get().bye({.value = 1});
  EXPECT_RETURNED(next, 1);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_unordered_exception, AmongTheResults) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 2);
  const Ref results = main().call(pool, "imap_unordered", kServe, names_of(tasks));
  await_started(tasks[0]);
  tasks[0].get().bye(raising("ValueError"));
  EXPECT_RAISES(main().call(results, "next"), "ValueError");
  await_started(tasks[1]);
  tasks[1].get().bye({.value = 2});
  EXPECT_EQ(main().call(results, "next"), 2);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_imap_unordered_timeout, RaisesTimeoutError) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Ref results = main().call(pool, "imap_unordered", kServe, names_of(tasks));
  await_started(tasks[0]);
  EXPECT_RAISES(main().call(results, "next", 0.05), "TimeoutError");
  tasks[0].get().bye();
  put_away(main(), pool);
}

}  // namespace mp::conformance
