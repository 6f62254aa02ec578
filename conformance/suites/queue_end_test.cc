// What becomes of items when a queue is closed or a process ends.
#include "conformance/suites/queue_moments.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

CLAUSE_TEST(queue_close_flushes, EverythingArrives) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.call(queue, "close");
  for (int number = 0; number < kBacklog; ++number) EXPECT_RETURNED(main().call(queue, "get"), backlog_item(number));
}

CLAUSE_TEST(queue_close_dropped, EverythingArrives) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  main().batch(backlog(queue));
  main().drop(queue);
  for (int number = 0; number < kBacklog; ++number) EXPECT_RETURNED(child.call(queue, "get"), backlog_item(number));
}

CLAUSE_TEST(queue_close_local, OthersGoOn) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.call(queue, "close");
  EXPECT_RETURNED(main().call(queue, "put", 1));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(queue_close_twice, IsHarmless) {
  Ref queue = main().make("Queue");
  main().call(queue, "close");
  EXPECT_RETURNED(main().call(queue, "close"));
}

CLAUSE_TEST(queue_join_thread_before_close, IsRefused) {
  Ref queue = main().make("Queue");
  EXPECT_RAISES(main().call(queue, "join_thread"), "Exception");
}

CLAUSE_TEST(queue_join_thread_before_close, IsRefusedAfterAPut) {
  Ref queue = main().make("Queue");
  main().call(queue, "put", 1);
  EXPECT_RAISES(main().call(queue, "join_thread"), "Exception");
}

CLAUSE_TEST(queue_join_thread_unused, ReturnsAtOnce) {
  Ref queue = main().make("Queue");
  main().call(queue, "close");
  EXPECT_RETURNED(main().call(queue, "join_thread"));
}

// Small items come last: they may still be on their way when the join ends, and the process with it.
CLAUSE_TEST(queue_join_thread_flushed, EverythingArrives) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.batch(puts(queue, 0, 20));
  child.call(queue, "close");
  const Pending joining = child.begin(queue, "join_thread");
  bool has_left = false;
  for (int i = 0; i < kBacklog + 20; ++i) {
    if (!has_left && joining.reply_now()) {
      has_left = true;
      EXPECT_RETURNED(joining);
      child.bye({"quit", 0, ""});
    }
    EXPECT_RETURNED(main().call(queue, "get"), i < kBacklog ? backlog_item(i) : Value(i - kBacklog));
  }
  EXPECT_RETURNED(joining);
}

CLAUSE_TEST(queue_cancel_join_thread_exit, EndsWithItemsThatNobodyReads) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.call(queue, "cancel_join_thread");
  child.bye();
  EXPECT_RETURNED(main().call(child.process(), "join"));
}

CLAUSE_TEST(queue_cancel_join_thread_join_thread, ReturnsWithItemsThatNobodyReads) {
  Ref queue = main().make("Queue");
  main().batch(backlog(queue));
  main().call(queue, "cancel_join_thread");
  main().call(queue, "close");
  EXPECT_RETURNED(main().call(queue, "join_thread"));
}

// They may be lost; this tells whether they are.
CLAUSE_TEST(queue_cancel_join_thread_may_lose, LosesNothing) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.call(queue, "cancel_join_thread");
  child.bye();
  main().call(child.process(), "join");
  for (int number = 0; number < kBacklog; ++number) {
    ASSERT_RETURNED(main().call(queue, "get", true, 0.5), backlog_item(number));
  }
}

CLAUSE_TEST(queue_exit_flushes, EverythingArrives) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.bye();
  for (int number = 0; number < kBacklog; ++number) EXPECT_RETURNED(main().call(queue, "get"), backlog_item(number));
}

CLAUSE_TEST(queue_exit_flushes_error, EverythingArrives) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.bye({"raise", "ValueError", "uncaught"});
  for (int number = 0; number < kBacklog; ++number) EXPECT_RETURNED(main().call(queue, "get"), backlog_item(number));
}

// It may wait; this tells whether it does.
CLAUSE_TEST(queue_exit_creator, DoesNotWaitForReaders) {
  Ref queue = main().make("Queue");
  main().batch(backlog(queue));
  allow_leftovers();
  main().bye();
  EXPECT_ENDED(main());
}

}  // namespace mp::conformance
