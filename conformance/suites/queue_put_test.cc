#include "conformance/suites/queue_moments.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

CLAUSE_TEST(queue_put_full, WaitsUntilAnotherProcessGets) {
  Ref queue = main().make("Queue", 1);
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending second = main().begin(queue, "put", 2);
  EXPECT_BLOCKED(second);
  EXPECT_EQ(child.call(queue, "get"), 1);
  EXPECT_RETURNED(second);
  child.call(queue, "get");
}

CLAUSE_TEST(queue_put_full_other_process, CountsItsItems) {
  Ref queue = main().make("Queue", 2);
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  child.call(queue, "put", 2);
  Pending third = child.begin(queue, "put", 3);
  EXPECT_BLOCKED(third);
  main().call(queue, "get");
  EXPECT_RETURNED(third);
  main().batch({Step::call(queue, "get")}, 2);
}

CLAUSE_TEST(queue_put_does_not_wait_for_reader, HoweverMuchThereIs) {
  Ref queue = main().make("Queue");
  EXPECT_RETURNED(main().call(queue, "put", large_item()));
  for (const Reply& put : main().batch({Step::call(queue, "put", backlog_item(0))}, kBacklog)) EXPECT_RETURNED(put);
  allow_leftovers();
}

CLAUSE_TEST(queue_put_timeout_raises_full, WhenNobodyGets) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put", 2, true, 0.05), "Full");
}

CLAUSE_TEST(queue_put_timeout_not_before, GivesUpNoEarlier) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  EXPECT_TOOK_AT_LEAST(main().call(queue, "put", 2, true, 0.15), 0.15);
}

CLAUSE_TEST(queue_put_timeout_within, GivesUpInTime) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call(queue, "put", 2, true, 0.1), control);
}

CLAUSE_TEST(queue_put_timeout_slot_in_time, ReturnsAtTheGet) {
  Ref queue = main().make("Queue", 1);
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending second = child.begin(queue, "put", 2, true, 1000.0);
  await_blocked(second);
  main().call(queue, "get");
  EXPECT_RETURNED(second);
  main().call(queue, "get");
}

CLAUSE_TEST(queue_put_timeout_none, WaitsForASlot) {
  Ref queue = main().make("Queue", 1);
  Actor& child = start_process({queue});
  main().call(queue, "put", 1);
  Pending second = child.begin(queue, "put", 2, true, None);
  EXPECT_BLOCKED(second);
  main().call(queue, "get");
  EXPECT_RETURNED(second);
  main().call(queue, "get");
}

CLAUSE_TEST(queue_put_timeout_zero, RaisesFullWithoutWaiting) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put", 2, true, 0), "Full");
}

CLAUSE_TEST(queue_put_timeout_negative, RaisesFullWithoutWaiting) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put", 2, true, -1), "Full");
}

CLAUSE_TEST(queue_put_nonblocking_full, RaisesFull) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put", 2, false), "Full");
}

CLAUSE_TEST(queue_put_nonblocking_room, PutsTheItem) {
  Ref queue = main().make("Queue", 1);
  EXPECT_RETURNED(main().call(queue, "put", 1, false));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

// So long a time-out that whoever heeds it seems to hang.
CLAUSE_TEST(queue_put_nonblocking_ignores_timeout, RaisesFullWithoutWaiting) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "put", 2, false, 1000.0), "Full");
}

CLAUSE_TEST(queue_put_nowait_full, RaisesFull) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put_nowait", 1);
  EXPECT_RAISES(main().call(queue, "put_nowait", 2), "Full");
}

CLAUSE_TEST(queue_put_nowait_room, PutsTheItem) {
  Ref queue = main().make("Queue", 1);
  EXPECT_RETURNED(main().call(queue, "put_nowait", 1));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(queue_put_failed_stores_nothing, OnlyTheOthersComeOut) {
  Ref queue = main().make("Queue", 1);
  main().call(queue, "put", 1);
  expect_refused(main().call(queue, "put", 2, false));
  expect_refused(main().call(queue, "put", 3, true, 0.01));
  EXPECT_EQ(main().call(queue, "get"), 1);
  EXPECT_RETURNED(main().call(queue, "put", 4));
  EXPECT_EQ(main().call(queue, "get"), 4);
}

CLAUSE_TEST(queue_put_closed, RaisesValueError) {
  Ref queue = main().make("Queue");
  main().call(queue, "close");
  EXPECT_RAISES(main().call(queue, "put", 1), "ValueError");
}

CLAUSE_TEST(queue_put_encodes, RaisesInTheCaller) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "put", Ref(main().make("recorder"))), "Exception");
}

}  // namespace mp::conformance
