// What goes beyond the documentation: nobody waits for ever for the dead, and one bad item spoils nothing.
#include "conformance/suites/queue_moments.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

CLAUSE_TEST(queue_robust_join_before_get, EndsAndLosesNothing) {
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  child.batch(backlog(queue));
  child.bye();
  EXPECT_RETURNED(main().call(child.process(), "join"));
  for (int number = 0; number < kBacklog; ++number) EXPECT_RETURNED(main().call(queue, "get"), backlog_item(number));
}

// Whether it raises is another clause's question.
CLAUSE_TEST(queue_robust_encode_failure_frees_slot, TakesItsSizeAfterwards) {
  Ref queue = main().make("Queue", 2);
  ASSERT_CAME_BACK(main().call(queue, "put", Ref(main().make("recorder"))));
  EXPECT_RETURNED(main().call(queue, "put", 1));
  EXPECT_RETURNED(main().call(queue, "put", 2));
}

CLAUSE_TEST(queue_robust_encode_failure_goes_on, LaterItemsArrive) {
  Ref queue = main().make("Queue");
  ASSERT_CAME_BACK(main().call(queue, "put", Ref(main().make("recorder"))));
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(queue_robust_dead_getter, AnotherGetReceives) {
  Ref queue = main().make("Queue");
  expect_get_after_dead_getter(queue, start_process({queue}), main());
}

CLAUSE_TEST(queue_robust_dead_getter, AnotherThatWaitsReceives) {
  Ref queue = main().make("Queue");
  Actor& dead = start_process({queue});
  Actor& live = start_process({queue});
  expect_get_beside_dead_getter(queue, dead, live, main());
}

CLAUSE_TEST(queue_robust_dead_putter_then_put, AnItemOrAnErrorComes) {
  Ref queue = main().make("Queue");
  expect_item_or_error_after_dead_putter(queue, start_process({queue}), main());
}

CLAUSE_TEST(queue_robust_cut_item_get_timeout, Ends) {
  Ref queue = main().make("Queue");
  Actor& dead = start_process({queue});
  kill_while_putting(dead, queue, main());
  EXPECT_CAME_BACK(main().call(queue, "get", true, 0.1));
}

CLAUSE_TEST(queue_robust_cut_item_get_nowait, Ends) {
  Ref queue = main().make("Queue");
  Actor& dead = start_process({queue});
  kill_while_putting(dead, queue, main());
  EXPECT_CAME_BACK(main().call(queue, "get_nowait"));
}

CLAUSE_TEST(queue_robust_capacity_kept, TakesItsSizeAfterwards) {
  Ref queue = main().make("Queue", 3);
  Actor& dead = start_process({queue});
  kill_while_putting(dead, queue, main(), puts(queue, 1, 2));
  Reply got = main().call(queue, "get", true, 0.1);
  for (int i = 0; i < 3 && got.returned(); ++i) got = main().call(queue, "get", true, 0.1);
  ASSERT_CAME_BACK(got);
  for (int item = 1; item <= 3; ++item) EXPECT_RETURNED(main().call(queue, "put", item));
}

}  // namespace mp::conformance
