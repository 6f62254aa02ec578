#include <vector>

#include "conformance/suites/queue_moments.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

CLAUSE_TEST(queue_get_waits, UntilAnotherProcessPuts) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  Pending getting = main().begin(queue, "get");
  EXPECT_BLOCKED(getting);
  child.call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

CLAUSE_TEST(queue_get_removes, TheNextGetGivesTheNextItem) {
  Ref queue = main().make("Queue");
  main().batch(puts(queue, 1, 3));
  for (int item = 1; item <= 3; ++item) EXPECT_EQ(main().call(queue, "get"), item);
}

CLAUSE_TEST(queue_get_one_waiter, TheOthersKeepWaiting) {
  Ref queue = main().make("Queue");
  const std::vector<Pending> getting = {start_process({queue}).begin(queue, "get"),
                                        start_process({queue}).begin(queue, "get")};
  await_blocked(getting);
  main().call(queue, "put", 1);
  const std::size_t first = await_any(getting);
  EXPECT_RETURNED(getting[first], 1);
  EXPECT_BLOCKED(getting[1 - first]);
}

CLAUSE_TEST(queue_get_timeout_raises_empty, WhenNobodyPuts) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "get", true, 0.05), "Empty");
}

CLAUSE_TEST(queue_get_timeout_not_before, GivesUpNoEarlier) {
  Ref queue = main().make("Queue");
  EXPECT_TOOK_AT_LEAST(main().call(queue, "get", true, 0.15), 0.15);
}

CLAUSE_TEST(queue_get_timeout_within, GivesUpInTime) {
  Ref queue = main().make("Queue");
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(queue, "get", true, 0.1), control);
}

CLAUSE_TEST(queue_get_timeout_other_reader, IsKeptWhileOthersWait) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  await_blocked(child.begin(queue, "get"));
  Control control = begin_control(main(), 0.1);
  const Reply got = main().call(queue, "get", true, 0.1);
  EXPECT_RAISES(got, "Empty");
  EXPECT_BOUNDED(got, control);
}

CLAUSE_TEST(queue_get_timeout_item_in_time, ReturnsAtThePut) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  Pending getting = child.begin(queue, "get", true, 1000.0);
  await_blocked(getting);
  main().call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

CLAUSE_TEST(queue_get_timeout_none, WaitsForAnItem) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  Pending getting = child.begin(queue, "get", true, None);
  EXPECT_BLOCKED(getting);
  main().call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

CLAUSE_TEST(queue_get_timeout_zero, RaisesEmptyWithoutWaiting) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "get", true, 0), "Empty");
}

CLAUSE_TEST(queue_get_timeout_negative, RaisesEmptyWithoutWaiting) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "get", true, -1), "Empty");
}

CLAUSE_TEST(queue_get_nonblocking_empty, RaisesEmpty) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "get", false), "Empty");
}

CLAUSE_TEST(queue_get_nonblocking_item, GivesIt) {
  Ref queue = main().make("Queue");
  main().call(queue, "put", 1);
  await_becomes(main(), Step::call(queue, "empty"), false);
  EXPECT_EQ(main().call(queue, "get", false), 1);
}

// So long a time-out that whoever heeds it seems to hang.
CLAUSE_TEST(queue_get_nonblocking_ignores_timeout, RaisesEmptyWithoutWaiting) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "get", false, 1000.0), "Empty");
}

CLAUSE_TEST(queue_get_nowait_empty, RaisesEmpty) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "get_nowait"), "Empty");
}

CLAUSE_TEST(queue_get_nowait_item, GivesIt) {
  Ref queue = main().make("Queue");
  main().call(queue, "put", 1);
  await_becomes(main(), Step::call(queue, "empty"), false);
  EXPECT_EQ(main().call(queue, "get_nowait"), 1);
}

CLAUSE_TEST(queue_get_closed, RaisesValueError) {
  Ref queue = main().make("Queue");
  main().call(queue, "close");
  EXPECT_RAISES(main().call(queue, "get"), "ValueError");
}

CLAUSE_TEST(queue_get_producer_ended, GivesItsItems) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(puts(queue, 1, 3));
  child.bye();
  main().call(child.process(), "join");
  for (int item = 1; item <= 3; ++item) EXPECT_EQ(main().call(queue, "get"), item);
}

}  // namespace mp::conformance
