// Who works for a pool, and for how long. What they are asked to do is in pool_apply_test.cc, pool_map_test.cc and
// pool_imap_test.cc.
#include <string>
#include <vector>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

std::size_t count_of_children(Actor& creator) { return see(creator.call("active_children")).items().size(); }

}  // namespace

// ---- Workers

CLAUSE_TEST(pool_workers_count, PerformsAsManyTasks) {
  Ref pool = main().make("Pool", 3);
  const std::vector<Work> works = {submit_work(main(), pool), submit_work(main(), pool), submit_work(main(), pool)};
  for (const Work& work : works) EXPECT_STARTED(work.actor);
  for (const Work& work : works) work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_count, TheNextOneWaits) {
  Ref pool = main().make("Pool", 2);
  const Work first = start_work(main(), pool), second = start_work(main(), pool);
  const Ref next = main().call(pool, "apply_async", kNothing);
  const Pending getting = main().begin(next, "get");
  EXPECT_BLOCKED(getting);
  first.actor.bye();
  EXPECT_RETURNED(getting);
  second.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_children, AreListed) {
  Ref pool = main().make("Pool", 3);
  EXPECT_EQ(count_of_children(main()), 3U);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_default_count, AsManyAsProcessors) {
  const Value processors = main().call("cpu_count");
  Ref pool = main().make("Pool");
  EXPECT_EQ(Value(static_cast<std::int64_t>(count_of_children(main()))), processors);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_count_none, CountsAsLeftOut) {
  const Reply pool = main().make("Pool", None);
  ASSERT_RETURNED(pool);
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_invalid_count, ZeroIsRefused) { EXPECT_RAISES(main().make("Pool", 0), "Exception"); }

CLAUSE_TEST(pool_workers_invalid_count, LessIsRefused) { EXPECT_RAISES(main().make("Pool", -1), "Exception"); }

CLAUSE_TEST(pool_workers_separate, TheirProcessIsAnother) {
  Ref pool = main().make("Pool", 2);
  EXPECT_NE(main().call(pool, "apply", kPid), main().pid());
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_each_a_process, OfTwoAtWork) {
  Ref pool = main().make("Pool", 2);
  const Work first = start_work(main(), pool), second = start_work(main(), pool);
  EXPECT_NE(first.actor.pid(), second.actor.pid());
  first.actor.bye();
  second.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_parent, IsTheCreator) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Reply parent = work.actor.call("parent_process");
  ASSERT_RETURNED(parent);
  ASSERT_NE(parent, None);
  EXPECT_EQ(work.actor.get(parent, "pid"), main().pid());
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_daemonic, TellsItsProcess) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  const Ref process = work.actor.call("current_process");
  EXPECT_EQ(work.actor.get(process, "daemon"), true);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_live_long, OneProcessForAll) {
  Ref pool = main().make("Pool", 1);
  const Reply first = main().call(pool, "apply", kPid);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(main().call(pool, "apply", kPid), first);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_own_memory, WhatATaskRemembersStaysThere) {
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  work.actor.call("remember", "mark", 1);
  work.actor.bye();
  await_completed(main(), work.result);
  EXPECT_EQ(main().call("recall", "mark"), None);
  put_away(main(), pool);
}

// A worker has the memory of its creator when it is forked, and only then.
CLAUSE_TEST(pool_workers_start_method, IsTheProgramsOwn) {
  main().call("remember", "mark", 1);
  Ref pool = main().make("Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_EQ(work.actor.call("recall", "mark"), start_method() == "fork" ? Value(1) : Value(None));
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_workers_context, IsThatOfTheContext) {
  const bool forks = start_method() != "fork";
  main().call("remember", "mark", 1);
  const Ref context = main().call("get_context", forks ? "fork" : "spawn");
  Ref pool = main().call(context, "Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_EQ(work.actor.call("recall", "mark"), forks ? Value(1) : Value(None));
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_creator_only, IsNotSent) {
  auto [reader, writer] = main().make("Pipe").pair();
  Ref pool = main().make("Pool", 1);
  EXPECT_RAISES(main().call(writer, "send", pool), "Exception");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_several, OneGoesOnAfterTheOther) {
  Ref one = main().make("Pool", 1), other = main().make("Pool", 1);
  const Work work = start_work(main(), one);
  EXPECT_EQ(main().call(other, "apply", kSquare, Tuple{3}), 9);
  work.actor.bye();
  put_away(main(), one);
  EXPECT_EQ(main().call(other, "apply", kSquare, Tuple{4}), 16);
  put_away(main(), other);
}

// ---- The initializer

namespace {

// Puts a one into the queue.
Kwargs reporting_to(Ref queue) {
  return {{"initializer", Function{"call"}}, {"initargs", Tuple{queue, "put", 1}}};
}

}  // namespace

CLAUSE_TEST(pool_initializer_each_worker, Once) {
  Ref queue = main().make("SimpleQueue");
  Ref pool = main().make("Pool", 3, reporting_to(queue));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(main().call(queue, "get"), 1);
  put_away(main(), pool);
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(pool_initializer_arguments, ArriveInOrder) {
  Actor& worker = expect_actor();
  Ref pool = main().make("Pool", 1, kServe, Tuple{worker.name(), 1, "two", List{3}});
  EXPECT_STARTED(worker);
  EXPECT_EQ(List::of(worker.args()), (List{1, "two", List{3}}));
  worker.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_initializer_none, CountsAsLeftOut) {
  const Reply pool = main().make("Pool", 1, None);
  ASSERT_RETURNED(pool);
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_initializer_before_tasks, ATaskWaitsForIt) {
  Actor& worker = expect_actor();
  Ref pool = main().make("Pool", 1, kServe, Tuple{worker.name()});
  await_started(worker);
  const Pending applying = main().begin(pool, "apply", kSquare, Tuple{3});
  EXPECT_BLOCKED(applying);
  worker.bye();
  EXPECT_RETURNED(applying, 9);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_initializer_once, NotForEachTask) {
  Ref queue = main().make("SimpleQueue");
  Ref pool = main().make("Pool", 1, reporting_to(queue));
  for (int i = 0; i < 5; ++i) main().call(pool, "apply", kNothing);
  main().call(queue, "get");
  put_away(main(), pool);
  EXPECT_EQ(main().call(queue, "empty"), true);
}

CLAUSE_TEST(pool_initializer_state, IsFoundByATask) {
  Actor& initializer = expect_actor();
  Ref pool = main().make("Pool", 1, kServe, Tuple{initializer.name()});
  await_started(initializer);
  initializer.call("remember", "mark", 5);
  initializer.bye();
  const Work work = start_work(main(), pool);
  EXPECT_EQ(work.actor.call("recall", "mark"), 5);
  work.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_initializer_replacement, CallsItToo) {
  Ref queue = main().make("SimpleQueue");
  Kwargs options = reporting_to(queue);
  options.items.emplace_back("maxtasksperchild", 1);
  Ref pool = main().make("Pool", 1, options);
  for (int i = 0; i < 3; ++i) main().call(pool, "apply", kNothing);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(main().call(queue, "get"), 1);
  put_away(main(), pool);
}

// ---- A worker's share

CLAUSE_TEST(pool_maxtasks_replaces, AfterThatManyTasks) {
  Ref pool = main().make("Pool", 1, Kwargs{{"maxtasksperchild", 2}});
  std::vector<Reply> pids;
  for (int i = 0; i < 4; ++i) pids.push_back(main().call(pool, "apply", kPid));
  EXPECT_EQ(pids[0], pids[1]);
  EXPECT_EQ(pids[2], pids[3]);
  EXPECT_FALSE(pids[1] == pids[2]);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_maxtasks_worker_ends, WhileThePoolGoesOn) {
  Ref pool = main().make("Pool", 1, Kwargs{{"maxtasksperchild", 1}});
  const Work work = start_work(main(), pool);
  work.actor.bye();
  EXPECT_ENDED(work.actor);
  EXPECT_EQ(main().call(pool, "apply", kSquare, Tuple{3}), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_maxtasks_count_kept, AsManyAtTheSameTime) {
  Ref pool = main().make("Pool", 2, Kwargs{{"maxtasksperchild", 1}});
  for (int i = 0; i < 4; ++i) main().call(pool, "apply", kNothing);
  const Work first = submit_work(main(), pool), second = submit_work(main(), pool);
  EXPECT_STARTED(first.actor);
  EXPECT_STARTED(second.actor);
  first.actor.bye();
  second.actor.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_maxtasks_none, OneProcessForAll) {
  Ref pool = main().make("Pool", 1, Kwargs{{"maxtasksperchild", None}});
  const Reply first = main().call(pool, "apply", kPid);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(main().call(pool, "apply", kPid), first);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_maxtasks_all_results, ComeInOrder) {
  Ref pool = main().make("Pool", 2, Kwargs{{"maxtasksperchild", 1}});
  EXPECT_EQ(main().call(pool, "map", kSquare, numbers(8), 1), squares(8));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_maxtasks_chunk, CountsAsOneTask) {
  Ref pool = main().make("Pool", 1, Kwargs{{"maxtasksperchild", 1}});
  const Values inputs(4, Tuple{});
  const Values pids = see(main().call(pool, "starmap", kPid, List::of(inputs), 2)).items();
  ASSERT_EQ(pids.size(), 4U);
  EXPECT_EQ(pids[0], pids[1]);
  EXPECT_EQ(pids[2], pids[3]);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_maxtasks_invalid, ZeroIsRefused) {
  EXPECT_RAISES(main().make("Pool", 1, Kwargs{{"maxtasksperchild", 0}}), "Exception");
}

}  // namespace mp::conformance
