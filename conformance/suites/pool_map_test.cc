// Many inputs for one function, and all results at once: map, starmap, and their asynchronous forms.
#include <string>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

// The callback was called once, with that error and nothing else.
void expect_told_once(const Value& calls, const char* error_name) {
  ASSERT_EQ(calls.items().size(), 1U) << printed(calls);
  const Values& told = calls.items()[0].items();
  ASSERT_EQ(told.size(), 1U) << printed(calls);
  const Error* error = told[0].as<Error>();
  ASSERT_NE(error, nullptr) << printed(calls);
  EXPECT_TRUE(error->is(error_name)) << printed(calls);
}

}  // namespace

CLAUSE_TEST(pool_map_result, IsTheListOfAll) {
  Ref pool = main().make("Pool", 2);
  EXPECT_EQ(main().call(pool, "map", kSquare, List{1, 2, 3}), (List{1, 4, 9}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_order, ThoughTheLastIsDoneFirst) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  tasks[0].get().bye({.value = 1});
  EXPECT_RETURNED(mapping, (List{1, 2}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_waits, ForTheLast) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[0].get().bye({.value = 1});
  EXPECT_BLOCKED(mapping);
  tasks[1].get().bye({.value = 2});
  EXPECT_RETURNED(mapping);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_parallel, AllAtTheSameTime) {
  Ref pool = main().make("Pool", 3);
  const Actors tasks = expect_actors(main(), 3);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks));
  for (Actor& task : tasks) EXPECT_STARTED(task);
  for (Actor& task : tasks) task.bye();
  EXPECT_RETURNED(mapping);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_empty, GivesAnEmptyList) {
  Ref pool = main().make("Pool", 1);
  EXPECT_EQ(main().call(pool, "map", kSquare, List{}), List{});
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_other_iterables, ATuple) {
  Ref pool = main().make("Pool", 1);
  EXPECT_EQ(main().call(pool, "map", kSquare, Tuple{1, 2, 3}), (List{1, 4, 9}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_exception, IsRaised) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[0].get().bye({.value = 1});
  tasks[1].get().bye(raising("ValueError"));
  EXPECT_RAISES(mapping, "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_exception_goes_on, OtherTasksAreDone) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().begin(pool, "map", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  for (Actor& task : tasks) task.bye(raising("ValueError"));
  expect_refused(mapping.reply());
  EXPECT_EQ(main().call(pool, "map", kSquare, List{1, 2, 3}), (List{1, 4, 9}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_chunksize, OneWorkerForAChunk) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Pending mapping = main().thread("t1").begin(pool, "map", kServe, names_of(tasks), 2);
  expect_one_after_the_other(main(), pool, tasks);
  EXPECT_RETURNED(mapping);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_chunks_cover, AllLengthsAndSizes) {
  Ref pool = main().make("Pool", 2);
  for (int length = 0; length < 8; ++length) {
    EXPECT_EQ(main().call(pool, "map", kSquare, numbers(length)), squares(length));
    for (int chunk = 1; chunk <= 4; ++chunk) {
      EXPECT_EQ(main().call(pool, "map", kSquare, numbers(length), chunk), squares(length));
    }
  }
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_chunksize_invalid, ZeroIsRefused) {
  Ref pool = main().make("Pool", 1);
  EXPECT_RAISES(main().call(pool, "map", kSquare, List{1, 2}, 0), "Exception");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_many, OneByOne) {
  constexpr int kTasks = 2000;
  Ref pool = main().make("Pool", 2);
  EXPECT_EQ(main().call(pool, "map", kSquare, numbers(kTasks), 1), squares(kTasks));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_mixed, EachHasItsOwn) {
  Ref pool = main().make("Pool", 2);
  const Work work = start_work(main(), pool);
  const Ref mapped = main().call(pool, "map_async", kSquare, numbers(5));
  const Ref streamed = main().call(pool, "imap", kSquare, numbers(5));
  const Ref spread = main().call(pool, "starmap_async", kAdd, List{Tuple{1, 2}, Tuple{3, 4}});
  const Ref any = main().call(pool, "imap_unordered", kSquare, List{6});
  EXPECT_EQ(main().call(pool, "apply", kAdd, Tuple{"a", "b"}), "ab");
  EXPECT_EQ(main().call(any, "next"), 36);
  EXPECT_EQ(main().call(spread, "get"), (List{3, 7}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(main().call(streamed, "next"), i * i);
  EXPECT_EQ(main().call(mapped, "get"), squares(5));
  work.actor.bye({.value = "work"});
  EXPECT_EQ(main().call(work.result, "get"), "work");
  put_away(main(), pool);
}

// ---- map_async

CLAUSE_TEST(pool_map_async_returns, WhileTheTasksArePerformed) {
  Ref pool = main().make("Pool", 1);
  const Actors tasks = expect_actors(main(), 1);
  const Reply result = main().call(pool, "map_async", kServe, names_of(tasks));
  ASSERT_RETURNED(result);
  await_started(tasks[0]);
  tasks[0].get().bye();
  await_completed(main(), result);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_async_result, IsTheListInOrder) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref result = main().call(pool, "map_async", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[1].get().bye({.value = 2});
  tasks[0].get().bye({.value = 1});
  EXPECT_EQ(main().call(result, "get"), (List{1, 2}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_async_callback, OnceWithTheWholeList) {
  Ref pool = main().make("Pool", 2), recorder = main().make("recorder");
  main().call(pool, "map_async", kSquare, List{1, 2, 3}, 1, Kwargs{{"callback", recorder}});
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  put_away(main(), pool);
  EXPECT_EQ(main().call(recorder, "calls"), (List{Tuple{List{1, 4, 9}}}));
}

CLAUSE_TEST(pool_map_async_error_callback, OnceWithTheError) {
  Ref pool = main().make("Pool", 2), recorder = main().make("recorder");
  const Actors tasks = expect_actors(main(), 2);
  main().call(pool, "map_async", kServe, names_of(tasks), 1, Kwargs{{"error_callback", recorder}});
  for (Actor& task : tasks) await_started(task);
  for (Actor& task : tasks) task.bye(raising("ValueError"));
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  put_away(main(), pool);
  expect_told_once(see(main().call(recorder, "calls")), "ValueError");
}

CLAUSE_TEST(pool_map_async_exception, IsThatOfTheInput) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const Ref result = main().call(pool, "map_async", kServe, names_of(tasks), 1);
  for (Actor& task : tasks) await_started(task);
  tasks[0].get().bye();
  tasks[1].get().bye(raising("ValueError"));
  EXPECT_RAISES(main().call(result, "get"), "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_async_empty, AtOnce) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref result = main().call(pool, "map_async", kSquare, List{});
  EXPECT_EQ(main().call(result, "get"), List{});
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_map_async_empty_callback, WithTheEmptyList) {
  Ref pool = main().make("Pool", 1), recorder = main().make("recorder");
  const Ref result = main().call(pool, "map_async", kSquare, List{}, Kwargs{{"callback", recorder}});
  await_completed(main(), result);
  put_away(main(), pool);
  EXPECT_EQ(main().call(recorder, "calls"), List{Tuple{List{}}});
}

CLAUSE_TEST(pool_map_async_close_join_get, GivesAll) {
  Ref pool = main().make("Pool", 2);
  const Ref result = main().call(pool, "map_async", kSquare, numbers(20), 1);
  put_away(main(), pool);
  EXPECT_EQ(main().call(result, "get"), squares(20));
}

// ---- starmap

CLAUSE_TEST(pool_starmap_unpacks, ElementsAreArguments) {
  Ref pool = main().make("Pool", 2);
  EXPECT_EQ(main().call(pool, "starmap", kAdd, List{Tuple{1, 2}, Tuple{3, 4}}), (List{3, 7}));
  EXPECT_EQ(main().call(pool, "starmap", kAdd, List{Tuple{"a", "b"}}), List{"ab"});
  put_away(main(), pool);
}

CLAUSE_TEST(pool_starmap_order, ThoughTheLastIsDoneFirst) {
  Ref pool = main().make("Pool", 2);
  Actor &first = expect_actor(), &second = expect_actor();
  const Pending mapping =
      main().begin(pool, "starmap", kServe, List{Tuple{first.name(), 1}, Tuple{second.name(), 2}}, 1);
  await_started(first);
  await_started(second);
  second.bye({.value = 2});
  EXPECT_BLOCKED(mapping);
  first.bye({.value = 1});
  EXPECT_RETURNED(mapping, (List{1, 2}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_starmap_exception, IsRaised) {
  Ref pool = main().make("Pool", 2);
  EXPECT_RAISES(main().call(pool, "starmap", kFail, List{Tuple{"ValueError", "wrong"}}), "ValueError");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_starmap_chunksize, OneWorkerForAChunk) {
  Ref pool = main().make("Pool", 2);
  const Actors tasks = expect_actors(main(), 2);
  const List inputs{Tuple{tasks[0].get().name()}, Tuple{tasks[1].get().name()}};
  const Pending mapping = main().thread("t1").begin(pool, "starmap", kServe, inputs, 2);
  expect_one_after_the_other(main(), pool, tasks);
  EXPECT_RETURNED(mapping);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_starmap_async_returns, WhileTheTasksArePerformed) {
  Ref pool = main().make("Pool", 1);
  Actor& task = expect_actor();
  const Reply result = main().call(pool, "starmap_async", kServe, List{Tuple{task.name()}});
  ASSERT_RETURNED(result);
  await_started(task);
  task.bye();
  await_completed(main(), result);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_starmap_async_result, IsTheListOfAll) {
  Ref pool = main().make("Pool", 2);
  const Ref result = main().call(pool, "starmap_async", kAdd, List{Tuple{1, 2}, Tuple{3, 4}});
  EXPECT_EQ(main().call(result, "get"), (List{3, 7}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_starmap_async_callback, OnceWithTheWholeList) {
  Ref pool = main().make("Pool", 2), recorder = main().make("recorder");
  main().call(pool, "starmap_async", kAdd, List{Tuple{1, 2}, Tuple{3, 4}}, 1, Kwargs{{"callback", recorder}});
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  put_away(main(), pool);
  EXPECT_EQ(main().call(recorder, "calls"), (List{Tuple{List{3, 7}}}));
}

CLAUSE_TEST(pool_starmap_async_error_callback, OnceWithTheError) {
  Ref pool = main().make("Pool", 2), recorder = main().make("recorder");
  Actor& task = expect_actor();
  main().call(pool, "starmap_async", kServe, List{Tuple{task.name()}}, 1, Kwargs{{"error_callback", recorder}});
  await_started(task);
  task.bye(raising("ValueError"));
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  put_away(main(), pool);
  expect_told_once(see(main().call(recorder, "calls")), "ValueError");
}

CLAUSE_TEST(pool_starmap_async_exception, IsThatOfTheInput) {
  Ref pool = main().make("Pool", 2);
  Actor& task = expect_actor();
  const Ref result = main().call(pool, "starmap_async", kServe, List{Tuple{task.name()}});
  await_started(task);
  task.bye(raising("ValueError"));
  EXPECT_RAISES(main().call(result, "get"), "ValueError");
  put_away(main(), pool);
}

}  // namespace mp::conformance
