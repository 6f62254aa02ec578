// Pools of a manager: workers of the server, which whoever has the proxy gives tasks to.
#include "conformance/suites/manager_moments.h"
#include "conformance/suites/pool_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {
namespace {

Ref make_pool(Caller& caller, int processes) {
  const Ref manager = caller.make("Manager");
  return caller.call(manager, "Pool", processes);
}

}  // namespace

CLAUSE_TEST(manager_pool_apply, GivesTheResult) {
  Ref manager = main().make("Manager");
  Ref pool = object_in(main().call(manager, "Pool", 2));
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{7}), 49);
  EXPECT_EQ(main().call(pool, "apply", kAdd, Tuple{"a", "b"}), "ab");
  EXPECT_EQ(main().call(pool, "apply", kEcho, Tuple{List{1, Tuple{2.5, None}}}), (List{1, Tuple{2.5, None}}));
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_workers, AreNeitherTheCallerNorItsChildren) {
  Ref pool = make_pool(main(), 1);
  const Reply worker = main().call(pool, "apply", kPid);
  EXPECT_NE(worker, main().pid());
  for (const Ref& child : children_of(main())) EXPECT_NE(worker, Value(main().get(child, "pid")));
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_exception, IsRaised) {
  Ref pool = make_pool(main(), 1);
  EXPECT_RAISES(main().call(pool, "apply", kFail, Tuple{"ValueError", "wrong"}), "ValueError");
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{2}), 4);
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_apply_async, GetWaitsForTheTask) {
  Ref pool = make_pool(main(), 1);
  Actor& task = expect_actor();
  Ref result = object_in(main().call(pool, "apply_async", kServe, Tuple{task.name()}));
  ASSERT_STARTED(task);
  const Pending getting = main().begin(result, "get");
  EXPECT_BLOCKED(getting);
  task.bye({.value = 5});
  EXPECT_RETURNED(getting, 5);
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_result_state, OfOneThatIsReturned) {
  Ref pool = make_pool(main(), 1);
  const Work work = start_work(main(), pool);
  EXPECT_EQ(main().call(work.result, "ready"), false);
  work.actor.bye();
  EXPECT_RETURNED(main().call(work.result, "wait"));
  EXPECT_EQ(main().call(work.result, "ready"), true);
  EXPECT_EQ(main().call(work.result, "successful"), true);
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_result_state, OfOneThatIsRaised) {
  Ref pool = make_pool(main(), 1);
  Ref result = main().call(pool, "apply_async", kFail, Tuple{"ValueError", "wrong"});
  await_completed(main(), result);
  EXPECT_EQ(main().call(result, "successful"), false);
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_map, InTheirOrder) {
  Ref pool = make_pool(main(), 2);
  EXPECT_EQ(main().call(pool, "map", kSquare, numbers(20)), squares(20));
  EXPECT_EQ(main().call(pool, "map", kSquare, numbers(20), 3), squares(20));
  EXPECT_EQ(main().call(pool, "map", kSquare, List{}), (List{}));
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_map, OfSeveralArguments) {
  Ref pool = make_pool(main(), 2);
  EXPECT_EQ(main().call(pool, "starmap", kAdd, List{Tuple{1, 2}, Tuple{"a", "b"}}), (List{3, "ab"}));
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_map, ToBeGotLater) {
  Ref pool = make_pool(main(), 2);
  Ref result = object_in(main().call(pool, "map_async", kSquare, numbers(20)));
  EXPECT_EQ(main().call(result, "get"), squares(20));
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_imap, InTheirOrderAndThenTheEnd) {
  Ref pool = make_pool(main(), 2);
  Ref results = object_in(main().call(pool, "imap", kSquare, numbers(5)));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(main().call(results, "next"), i * i);
  EXPECT_RAISES(main().call(results, "next"), "StopIteration");
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_initializer, IsCalledInTheWorker) {
  Ref manager = main().make("Manager");
  Actor& worker = expect_actor();
  Ref pool = object_in(main().call(manager, "Pool", 1, kServe, Tuple{worker.name(), "given"}));
  ASSERT_STARTED(worker);
  EXPECT_EQ(List::of(worker.args()), List{"given"});
  const Pending applying = main().begin(pool, "apply", kPid);
  EXPECT_BLOCKED(applying);
  worker.bye();
  EXPECT_RETURNED(applying, worker.pid());
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_maxtasks, EachTaskHasAWorkerOfItsOwn) {
  Ref manager = main().make("Manager");
  Ref pool = object_in(main().call(manager, "Pool", 1, Kwargs{{"maxtasksperchild", 1}}));
  const Reply first = main().call(pool, "apply", kPid);
  EXPECT_NE(main().call(pool, "apply", kPid), first);
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_any_process, OfAChild) {
  Ref pool = make_pool(main(), 1);
  Actor& child = start_process({pool});
  EXPECT_EQ(child.call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_any_process, OfADaemon) {
  Ref pool = make_pool(main(), 1);
  Actor& child = start_process({pool}, {.daemon = true});
  EXPECT_EQ(child.call(pool, "map", kSquare, numbers(3)), squares(3));
  put_away(main(), pool);
}

CLAUSE_TEST(manager_pool_close, ConcernsAll) {
  Ref pool = make_pool(main(), 1);
  Actor& child = start_process({pool});
  EXPECT_RETURNED(child.call(pool, "close"));
  EXPECT_RAISES(main().call(pool, "apply", kSquare, Tuple{2}), "ValueError");
  EXPECT_RETURNED(main().call(pool, "join"));
}

}  // namespace mp::conformance
