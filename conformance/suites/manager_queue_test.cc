// Queues of a manager: those of threads, in the server.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {
namespace {

Ref make_queue(Caller& caller, int maxsize = 0) {
  const Ref manager = caller.make("Manager");
  return caller.call(manager, "Queue", maxsize);
}

}  // namespace

CLAUSE_TEST(manager_queue_between_processes, InTheirOrder) {
  Ref queue = make_queue(main());
  Actor& child = start_process({queue});
  for (int i = 0; i < 5; ++i) child.call(queue, "put", i);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(main().call(queue, "get"), i);
}

CLAUSE_TEST(manager_queue_between_processes, ItemsOfEveryKind) {
  Ref queue = make_queue(main());
  Actor& child = start_process({queue});
  const Values items = {None, true, -1, big("123456789012345678901234567890"), 1.5, "gr\u00fc\u00df", Bytes("\0\xff\n"),
                        Tuple{1, 2.5}, List{1, Tuple{"two", None}}, Dict{{"key", Set{1, 2}}}};
  for (const Value& item : items) {
    child.call(queue, "put", item);
    EXPECT_EQ(main().call(queue, "get"), item);
  }
}

CLAUSE_TEST(manager_queue_get_waits, UntilAnotherProcessPuts) {
  Ref queue = make_queue(main());
  Actor& child = start_process({queue});
  Pending getting = child.begin(queue, "get");
  EXPECT_BLOCKED(getting);
  main().call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

CLAUSE_TEST(manager_queue_bounded, PutWaitsForAGet) {
  Ref queue = make_queue(main(), 2);
  Actor& child = start_process({queue});
  for (int i = 0; i < 2; ++i) main().call(queue, "put", i);
  Pending third = child.begin(queue, "put", 2);
  EXPECT_BLOCKED(third);
  EXPECT_EQ(main().call(queue, "get"), 0);
  EXPECT_RETURNED(third);
}

CLAUSE_TEST(manager_queue_full, RaisesFull) {
  Ref queue = make_queue(main(), 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put_nowait", 2), "Full");
  EXPECT_RAISES(main().call(queue, "put", 2, false), "Full");
  EXPECT_RAISES(main().call(queue, "put", 2, true, 0.05), "Full");
}

CLAUSE_TEST(manager_queue_empty, RaisesEmpty) {
  Ref queue = make_queue(main());
  EXPECT_RAISES(main().call(queue, "get_nowait"), "Empty");
  EXPECT_RAISES(main().call(queue, "get", false), "Empty");
  EXPECT_RAISES(main().call(queue, "get", true, 0.05), "Empty");
}

CLAUSE_TEST(manager_queue_state, IsExact) {
  Ref queue = make_queue(main(), 2);
  EXPECT_EQ(main().call(queue, "empty"), true);
  EXPECT_EQ(main().call(queue, "qsize"), 0);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "empty"), false);
  EXPECT_EQ(main().call(queue, "qsize"), 1);
  EXPECT_EQ(main().call(queue, "full"), false);
  main().call(queue, "put", 2);
  EXPECT_EQ(main().call(queue, "full"), true);
  main().call(queue, "get");
  EXPECT_EQ(main().call(queue, "full"), false);
}

CLAUSE_TEST(manager_queue_negative_timeout, RaisesValueError) {
  Ref queue = make_queue(main(), 1);
  EXPECT_RAISES(main().call(queue, "get", true, -1), "ValueError");
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put", 2, true, -1), "ValueError");
}

CLAUSE_TEST(manager_queue_tasks, JoinWaitsForTheReports) {
  Ref queue = make_queue(main());
  Actor& child = start_process({queue});
  EXPECT_RETURNED(main().call(queue, "join"));
  main().call(queue, "put", 1);
  child.call(queue, "get");
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  child.call(queue, "task_done");
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(manager_queue_tasks_too_many, RaisesValueError) {
  Ref queue = make_queue(main());
  main().call(queue, "put", 1);
  main().call(queue, "get");
  EXPECT_RETURNED(main().call(queue, "task_done"));
  EXPECT_RAISES(main().call(queue, "task_done"), "ValueError");
}

CLAUSE_TEST(manager_joinable_queue, JoinWaitsForTheReports) {
  Ref manager = main().make("Manager");
  Ref queue = object_in(main().call(manager, "JoinableQueue"));
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  EXPECT_EQ(child.call(queue, "get"), 1);
  Pending joining = main().begin(queue, "join");
  EXPECT_BLOCKED(joining);
  child.call(queue, "task_done");
  EXPECT_RETURNED(joining);
}

}  // namespace mp::conformance
