// Beyond the documentation: nobody waits for the dead.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {

CLAUSE_TEST(manager_robust_dead_client, OthersAreServed) {
  Ref manager = main().make("Manager");
  Ref queue = main().call(manager, "Queue");
  Ref list = main().call(manager, "list");
  Actor& child = start_process({queue, list});
  Pending getting = child.begin(queue, "get");
  await_blocked(getting);
  kill_and_await(child);
  EXPECT_RETURNED(main().call(list, "append", 1));
  EXPECT_EQ(main().call(list, "__len__"), 1);
  EXPECT_EQ(main().call(queue, "qsize"), 0);
}

CLAUSE_TEST(manager_robust_dead_getter, TheItemIsNotLost) {
  Ref manager = main().make("Manager");
  Ref queue = main().call(manager, "Queue");
  Actor& child = start_process({queue});
  Pending getting = child.begin(queue, "get");
  await_blocked(getting);
  kill_and_await(child);
  main().call(queue, "put", 1);
  EXPECT_EQ(main().call(queue, "get", true, 2.0), 1);
}

CLAUSE_TEST(manager_robust_dead_server, TheCallRaises) {
  Ref manager = main().make("Manager");
  Ref queue = main().call(manager, "Queue");
  Ref server = only_child_of(main());
  Actor& child = start_process({queue});
  Pending getting = child.begin(queue, "get");
  await_blocked(getting);
  main().call(server, "kill");
  EXPECT_RAISES(getting, "Exception");
  allow_leftovers();
}

CLAUSE_TEST(manager_robust_shutdown_dead_server, Returns) {
  Ref manager = main().make("Manager");
  Ref server = only_child_of(main());
  main().call(server, "kill");
  main().call(server, "join");
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  allow_leftovers();
}

CLAUSE_TEST(manager_robust_dead_maker, TheServerEnds) {
  Actor& child = start_process();
  const Starting starting = begin_start(child);
  EXPECT_RETURNED(starting.server.call("current_process"));
  let_serve(starting);
  kill_and_await(child);
  EXPECT_ENDED(starting.server);
}

}  // namespace mp::conformance
