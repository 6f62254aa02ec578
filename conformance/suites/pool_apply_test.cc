// One call at a time: apply and apply_async, and what can be handed to a worker and back.
#include <string>
#include <vector>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {

CLAUSE_TEST(pool_apply_result, IsReturned) {
  Ref pool = main().make("Pool", 2);
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{7}), 49);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_arguments, InTheirOrder) {
  Ref pool = main().make("Pool", 2);
  EXPECT_EQ(main().call(pool, "apply", kAdd, Tuple{"a", "b"}), "ab");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_keywords, AreHandedOn) {
  Ref pool = main().make("Pool", 1);
  Actor& task = expect_actor();
  const Pending applying = main().begin(pool, "apply", kServe, Tuple{task.name(), 1}, Dict{{"mark", 2}});
  ASSERT_STARTED(task);
  EXPECT_EQ(List::of(task.args()), List{1});
  ASSERT_EQ(task.kwargs().items.size(), 1U);
  EXPECT_EQ(task.kwargs().items[0].first, "mark");
  EXPECT_EQ(task.kwargs().items[0].second, Value(2));
  task.bye();
  EXPECT_RETURNED(applying);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_waits, UntilTheTaskIsDone) {
  Ref pool = main().make("Pool", 1);
  Actor& task = expect_actor();
  const Pending applying = main().begin(pool, "apply", kServe, Tuple{task.name()});
  await_started(task);
  EXPECT_BLOCKED(applying);
  task.bye({.value = 5});
  EXPECT_RETURNED(applying, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_exception, IsRaised) {
  Ref pool = main().make("Pool", 1);
  const Reply reply = main().call(pool, "apply", kFail, Tuple{"ValueError", "wrong"});
  ASSERT_RAISES(reply, "ValueError");
  EXPECT_EQ(reply.error()->text, "wrong");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_exception_goes_on, WithTheSameWorker) {
  Ref pool = main().make("Pool", 1);
  const Reply before = main().call(pool, "apply", kPid);
  expect_refused(main().call(pool, "apply", kFail, Tuple{"ValueError", "wrong"}));
  EXPECT_EQ(main().call(pool, "apply", kPid), before);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_threads, EachGetsItsOwn) {
  Ref pool = main().make("Pool", 2);
  Actor &first = expect_actor(), &second = expect_actor();
  const Pending one = main().thread("t1").begin(pool, "apply", kServe, Tuple{first.name()});
  const Pending other = main().thread("t2").begin(pool, "apply", kServe, Tuple{second.name()});
  EXPECT_STARTED(first);
  EXPECT_STARTED(second);
  second.bye({.value = 2});
  EXPECT_RETURNED(other, 2);
  first.bye({.value = 1});
  EXPECT_RETURNED(one, 1);
  put_away(main(), pool);
}

// ---- What can be handed over

CLAUSE_TEST(pool_argument_kinds, ComeBackEqual) {
  const Values items = {None,
                        true,
                        -1,
                        big("123456789012345678901234567890"),
                        1.5,
                        "gr\u00fc\u00df",
                        Bytes(std::string("a\0b", 3)),
                        List{1, List{}},
                        Tuple{1, "a"},
                        Dict{{"k", 1}, {2, None}},
                        Set{1, 2}};
  Ref pool = main().make("Pool", 1);
  for (const Value& item : items) EXPECT_EQ(main().call(pool, "apply", kEcho, Tuple{item}), item);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_argument_large, ComesBackWhole) {
  Ref pool = main().make("Pool", 1);
  EXPECT_EQ(main().call(pool, "apply", kEcho, Tuple{large_item()}), large_item());
  put_away(main(), pool);
}

CLAUSE_TEST(pool_argument_unserialisable, IsToldToTheCaller) {
  Ref pool = main().make("Pool", 1);
  const Ref recorder = main().make("recorder");
  EXPECT_RAISES(main().call(pool, "apply", kEcho, Tuple{recorder}), "Exception");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_argument_unserialisable_goes_on, OtherTasksAreDone) {
  Ref pool = main().make("Pool", 1);
  const Ref recorder = main().make("recorder");
  expect_refused(main().call(pool, "apply", kEcho, Tuple{recorder}));
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_result_unserialisable, IsToldToTheCaller) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref recorder = work.actor.make("recorder");
  work.actor.bye({.value = recorder});
  EXPECT_RAISES(main().call(work.result, "get"), "Exception");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_result_unserialisable_goes_on, OtherTasksAreDone) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref recorder = work.actor.make("recorder");
  work.actor.bye({.value = recorder});
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

// ---- apply_async

CLAUSE_TEST(pool_apply_async_returns, WhileTheTaskIsPerformed) {
  Ref pool = main().make("Pool", 1);
  Actor& task = expect_actor();
  const Reply result = main().call(pool, "apply_async", kServe, Tuple{task.name()});
  ASSERT_RETURNED(result);
  await_started(task);
  task.bye({.value = 5});
  EXPECT_EQ(main().call(result, "get"), 5);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_async_concurrent, ByDifferentWorkers) {
  Ref pool = main().make("Pool", 2);
  const Work first = submit_work(main(), pool), second = submit_work(main(), pool);
  EXPECT_STARTED(first.actor);
  EXPECT_STARTED(second.actor);
  second.actor.bye({.value = 2});
  EXPECT_EQ(main().call(second.result, "get"), 2);
  first.actor.bye({.value = 1});
  EXPECT_EQ(main().call(first.result, "get"), 1);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_async_arguments, ByPlaceAndByName) {
  Ref pool = main().make("Pool", 1);
  Actor& task = expect_actor();
  main().call(pool, "apply_async", kServe, Tuple{task.name(), "x", "y"}, Dict{{"mark", 2}});
  ASSERT_STARTED(task);
  EXPECT_EQ(List::of(task.args()), (List{"x", "y"}));
  ASSERT_EQ(task.kwargs().items.size(), 1U);
  EXPECT_EQ(task.kwargs().items[0].second, Value(2));
  task.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_apply_async_backlog, AllArePerformed) {
  constexpr int kTasks = 200;
  Ref pool = main().make("Pool", 2);
  std::vector<Ref> results;
  for (int i = 0; i < kTasks; ++i) results.push_back(main().call(pool, "apply_async", kSquare, Tuple{i}));
  for (int i = kTasks; i-- > 0;) EXPECT_EQ(main().call(results[static_cast<std::size_t>(i)], "get"), i * i);
  put_away(main(), pool);
}

// The results reach a callback in the order in which the tasks were performed.
CLAUSE_TEST(pool_apply_async_order, ByOneWorker) {
  constexpr int kTasks = 20;
  Ref pool = main().make("Pool", 1);
  const Ref recorder = main().make("recorder");
  const Work work = start_work(main(), pool);
  Values expected;
  for (int i = 0; i < kTasks; ++i) {
    main().call(pool, "apply_async", kEcho, Tuple{i}, Kwargs{{"callback", recorder}});
    expected.push_back(Tuple{i});
  }
  work.actor.bye();
  main().call(recorder, "wait", kTasks);
  EXPECT_EQ(main().call(recorder, "calls"), List::of(expected));
  put_away(main(), pool);
}

}  // namespace mp::conformance
