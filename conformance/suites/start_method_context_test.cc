#include "conformance/suites/start_method_moments.h"
#include "spec/clauses/start_method.h"

namespace mp::conformance {

CLAUSE_TEST(start_method_context_default, HasTheMethodOfTheModule) {
  Ref context = main().call("get_context");
  EXPECT_EQ(main().call(context, "get_start_method"), start_method());
}

CLAUSE_TEST(start_method_context_named, HasItsMethod) {
  const Value methods = main().call("get_all_start_methods");
  for (const Value& method : methods.items()) {
    Ref context = main().call("get_context", method);
    EXPECT_EQ(main().call(context, "get_start_method"), method);
  }
}

CLAUSE_TEST(start_method_context_leaves_global, NoneIsSetAfterAProcess) {
  unset_start_method(main());
  Ref context = main().call("get_context", start_method());
  run_a_process(main(), main().call(context, "Process", Kwargs{{"target", Function{"nothing"}}}));
  EXPECT_EQ(main().call("get_start_method", Kwargs{{"allow_none", true}}), None);
}

CLAUSE_TEST(start_method_context_unavailable, IsRefused) {
  EXPECT_RAISES(main().call("get_context", "thread"), "ValueError");
}

CLAUSE_TEST(start_method_context_process, RunsAndIsJoined) {
  Ref context = main().call("get_context", start_method());
  Actor& child = make_process({}, {.context = context});
  EXPECT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  child.bye();
  EXPECT_RETURNED(main().call(child.process(), "join"));
  EXPECT_EQ(main().get(child.process(), "exitcode"), 0);
}

CLAUSE_TEST(start_method_context_same_classes, AQueueIsShared) {
  Ref context = main().call("get_context", start_method());
  const Reply queue = main().call(context, "Queue");
  ASSERT_RETURNED(queue);
  Actor& child = start_process({Ref(queue)}, {.context = context});
  child.call(Ref(queue), "put", 1);
  EXPECT_EQ(main().call(Ref(queue), "get"), 1);
}

CLAUSE_TEST(start_method_context_same_classes, ALockIsShared) {
  Ref context = main().call("get_context", start_method());
  const Reply lock = main().call(context, "Lock");
  ASSERT_RETURNED(lock);
  Actor& child = start_process({Ref(lock)}, {.context = context});
  child.call(Ref(lock), "acquire");
  EXPECT_EQ(main().call(Ref(lock), "acquire", false), false);
}

CLAUSE_TEST(start_method_context_same_classes, APipeIsShared) {
  Ref context = main().call("get_context", start_method());
  const Reply pipe = main().call(context, "Pipe", false);
  ASSERT_RETURNED(pipe);
  const auto [reader, writer] = pipe.pair();
  Actor& child = start_process({writer}, {.context = context});
  child.call(writer, "send", 1);
  EXPECT_EQ(main().call(reader, "recv"), 1);
}

CLAUSE_TEST(start_method_context_same_classes, ValuesAreShared) {
  Ref context = main().call("get_context", start_method());
  for (const char* name : {"Value", "RawValue"}) {
    const Reply value = main().call(context, name, "i", 5);
    ASSERT_RETURNED(value);
    Actor& child = start_process({Ref(value)}, {.context = context});
    EXPECT_EQ(child.get(Ref(value), "value"), 5);
    child.set(Ref(value), "value", 6);
    EXPECT_EQ(main().get(Ref(value), "value"), 6);
  }
}

CLAUSE_TEST(start_method_context_same_classes, ArraysAreShared) {
  Ref context = main().call("get_context", start_method());
  for (const char* name : {"Array", "RawArray"}) {
    const Reply array = main().call(context, name, "d", List{1.5, 2.5});
    ASSERT_RETURNED(array);
    Actor& child = start_process({Ref(array)}, {.context = context});
    EXPECT_EQ(child.call(Ref(array), "__getitem__", 1), 2.5);
    child.call(Ref(array), "__setitem__", 1, 3.5);
    EXPECT_EQ(main().call(Ref(array), "__getitem__", 1), 3.5);
  }
}

CLAUSE_TEST(start_method_context_same_classes, EachOfTheOthersCanBeMade) {
  Ref context = main().call("get_context", start_method());
  for (const char* name : {"JoinableQueue", "SimpleQueue", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event"})
    EXPECT_RETURNED(main().call(context, name));
  EXPECT_RETURNED(main().call(context, "Barrier", 2));
}

CLAUSE_TEST(start_method_context_side_by_side, ForkAndSpawn) {
  Actor& forked = start_process({}, {.context = Ref(main().call("get_context", "fork"))});
  Actor& spawned = make_process({}, {.context = Ref(main().call("get_context", "spawn"))});
  EXPECT_RETURNED(main().call(spawned.process(), "start"));
  ASSERT_STARTED(spawned);
  EXPECT_EQ(main().call(forked.process(), "is_alive"), true);
  EXPECT_EQ(main().call(spawned.process(), "is_alive"), true);
}

CLAUSE_TEST(start_method_context_foreign_fork_lock, IsRefusedOrWorks) {
  Ref lock = main().call(Ref(main().call("get_context", "fork")), "Lock");
  Actor& child = make_process({lock}, {.context = Ref(main().call("get_context", start_method()))});
  const Reply started = main().call(child.process(), "start");
  ASSERT_CAME_BACK(started);
  if (started.error() != nullptr) return;
  ASSERT_STARTED(child);
  EXPECT_EQ(child.call(lock, "acquire"), true);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(start_method_arguments_shared_objects, AQueue) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  EXPECT_RETURNED(child.call(queue, "put", 1));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(start_method_arguments_shared_objects, ALock) {
  Ref lock = main().make("Lock");
  Actor& child = start_process({lock});
  EXPECT_EQ(child.call(lock, "acquire"), true);
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(start_method_arguments_shared_objects, AnEvent) {
  Ref event = main().make("Event");
  Actor& child = start_process({event});
  EXPECT_RETURNED(child.call(event, "set"));
  EXPECT_EQ(main().call(event, "is_set"), true);
}

CLAUSE_TEST(start_method_arguments_shared_objects, AConnection) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({writer});
  EXPECT_RETURNED(child.call(writer, "send", 1));
  EXPECT_EQ(main().call(reader, "recv"), 1);
}

CLAUSE_TEST(start_method_arguments_nested, InAList) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({List{Value(1), queue}});
  EXPECT_RETURNED(child.call(queue, "put", 1));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(start_method_arguments_nested, InATuple) {
  Ref event = main().make("Event");
  Actor& child = start_process({Tuple{Value(1), Value(Tuple{event})}});
  EXPECT_RETURNED(child.call(event, "set"));
  EXPECT_EQ(main().call(event, "is_set"), true);
}

CLAUSE_TEST(start_method_spawn_unserialisable, StartRaises) {
  Actor& child = make_process({Ref(main().make("recorder"))});
  EXPECT_RAISES(main().call(child.process(), "start"), "Exception");
}

CLAUSE_TEST(start_method_spawn_undecodable, EndsTheChild) {
  const Ref whole = main().make("Process", Kwargs{{"target", Function{"nothing"}}, {"args", Tuple{1}}});
  main().call(whole, "start");
  main().call(whole, "join");
  await_becomes(main(), Step::get(whole, "exitcode"), 0);
  const Ref spoilt = main().make("spoilt");
  const Ref process = main().make("Process", Kwargs{{"target", Function{"nothing"}}, {"args", Tuple{spoilt}}});
  EXPECT_RETURNED(main().call(process, "start"));
  ASSERT_RETURNED(main().call(process, "join"));
  EXPECT_EQ(main().get(process, "exitcode"), 1);
}

CLAUSE_TEST(start_method_spawn_unserialisable_leaves_nothing, NoChild) {
  Actor& child = make_process({Ref(main().make("recorder"))});
  expect_refused(main().call(child.process(), "start"));
  EXPECT_EQ(main().call(child.process(), "is_alive"), false);
  EXPECT_EQ(main().call("active_children"), (List{}));
}

CLAUSE_TEST(start_method_spawn_unserialisable_goes_on, AnotherStarts) {
  Actor& refused = make_process({Ref(main().make("recorder"))});
  expect_refused(main().call(refused.process(), "start"));
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(start_method_spawn_only_what_is_needed, HoldsNoOtherEnd) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  start_process();
  main().call(writer, "close");
  EXPECT_RAISES(main().call(reader, "recv"), "EOFError");
}

}  // namespace mp::conformance
