// When objects go: the server keeps what a proxy refers to, and nothing else.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/proxy.h"

namespace mp::conformance {
namespace {

Step count_of(Ref manager) { return Step::call(manager, "_number_of_objects"); }

}  // namespace

CLAUSE_TEST(proxy_cleanup_dropped, IsDeleted) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  await_becomes(main(), count_of(manager), 1);
  main().drop(list);
  EXPECT_BECOMES(main(), count_of(manager), 0);
}

CLAUSE_TEST(proxy_cleanup_counts, EachObjectOnce) {
  Ref manager = main().make("Manager");
  EXPECT_EQ(main().ask(count_of(manager)), 0);
  Ref list = main().call(manager, "list");
  Ref dict = main().call(manager, "dict");
  Actor& child = start_process({list, dict});
  child.call(list, "append", 1);
  EXPECT_EQ(main().ask(count_of(manager)), 2);
}

CLAUSE_TEST(proxy_cleanup_process_exit, IsDeleted) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  Actor& child = start_process({list});
  child.call(list, "append", 1);
  main().drop(list);
  child.bye();
  EXPECT_BECOMES(main(), count_of(manager), 0);
}

CLAUSE_TEST(proxy_cleanup_kept, WhileAnotherProcessRefersToIt) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Actor& first = start_process({list});
  Actor& second = start_process({list});
  first.call(list, "__len__");
  main().drop(list);
  first.bye();
  EXPECT_EQ(second.ask(items_of(list)), List{1});
  EXPECT_EQ(main().ask(count_of(manager)), 1);
}

CLAUSE_TEST(proxy_robust_dead_process, IsDeleted) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  Actor& child = start_process({list});
  child.call(list, "append", 1);
  main().drop(list);
  kill_and_await(child);
  EXPECT_BECOMES(main(), count_of(manager), 0);
}

}  // namespace mp::conformance
