#include "conformance/suites/manager_moments.h"
#include "spec/clauses/guidelines.h"

namespace mp::conformance {
namespace {

Ref make_queue(Caller& caller) {
  const Ref manager = caller.make("Manager");
  return caller.call(manager, "Queue");
}

}  // namespace

CLAUSE_TEST(guidelines_joining_managed_queue, BeforeAnybodyGets) {
  Ref queue = make_queue(main());
  Actor& child = start_process({queue});
  child.call(queue, "put", large_item());
  child.bye();
  EXPECT_RETURNED(main().call(child.process(), "join"));
  EXPECT_EQ(main().get(child.process(), "exitcode"), 0);
}

CLAUSE_TEST(guidelines_joining_managed_queue_kept, TheItemIsThere) {
  Ref queue = make_queue(main());
  Actor& child = start_process({queue});
  child.call(queue, "put", large_item());
  child.bye();
  main().call(child.process(), "join");
  EXPECT_EQ(main().call(queue, "get"), large_item());
}

CLAUSE_TEST(guidelines_proxies_own_lock, ThreadsSeeWhatOthersDid) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  for (int i = 0; i < 3; ++i) EXPECT_RETURNED(main().thread("t" + std::to_string(i)).call(list, "append", i));
  EXPECT_EQ(main().ask(items_of(list)), List({0, 1, 2}));
  EXPECT_EQ(main().thread("t0").call(list, "__len__"), 3);
}

}  // namespace mp::conformance
