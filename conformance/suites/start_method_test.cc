#include <set>
#include <string>

#include "conformance/suites/start_method_moments.h"
#include "spec/clauses/start_method.h"

namespace mp::conformance {
namespace {

const Kwargs kAllowNone{{"allow_none", true}};
const Kwargs kForce{{"force", true}};

bool is_listed(const Value& methods, const char* name) {
  for (const Value& method : methods.items()) {
    if (method == Value(name)) return true;
  }
  return false;
}

}  // namespace

CLAUSE_TEST(start_method_all_names, OneOrMoreOfThree) {
  const Value methods = see(main().call("get_all_start_methods"));
  const std::set<std::string> known{"fork", "spawn", "forkserver"};
  EXPECT_FALSE(methods.items().empty());
  for (const Value& method : methods.items()) EXPECT_TRUE(known.contains(method.text()));
}

CLAUSE_TEST(start_method_all_posix, ForkAndSpawn) {
  const Value methods = see(main().call("get_all_start_methods"));
  EXPECT_TRUE(is_listed(methods, "fork"));
  EXPECT_TRUE(is_listed(methods, "spawn"));
}

CLAUSE_TEST(start_method_all_forkserver, IsListed) { EXPECT_TRUE(is_listed(see(main().call("get_all_start_methods")), "forkserver")); }

CLAUSE_TEST(start_method_all_windows, OnlySpawn) { EXPECT_EQ(main().call("get_all_start_methods"), List{"spawn"}); }

CLAUSE_TEST(start_method_all_default_first, IsUsedWhenNoneIsSet) {
  unset_start_method(main());
  EXPECT_EQ(main().call("get_start_method"), default_method(main()));
}

CLAUSE_TEST(start_method_default_linux_fork, IsUsedWhenNoneIsSet) {
  unset_start_method(main());
  EXPECT_EQ(main().call("get_start_method"), "fork");
}

CLAUSE_TEST(start_method_default_macos_spawn, IsUsedWhenNoneIsSet) {
  unset_start_method(main());
  EXPECT_EQ(main().call("get_start_method"), "spawn");
}

CLAUSE_TEST(start_method_get_name, OfTheOneThatWasSet) {
  EXPECT_EQ(main().call("get_start_method"), start_method());
}

CLAUSE_TEST(start_method_get_fixes_default, SettingIsRefusedAfterwards) {
  unset_start_method(main());
  EXPECT_EQ(main().call("get_start_method"), default_method(main()));
  EXPECT_RAISES(main().call("set_start_method", start_method()), "RuntimeError");
}

CLAUSE_TEST(start_method_get_allow_none, GivesNone) {
  unset_start_method(main());
  EXPECT_EQ(main().call("get_start_method", kAllowNone), None);
}

CLAUSE_TEST(start_method_get_allow_none_fixes_nothing, OneCanBeSetAfterwards) {
  unset_start_method(main());
  main().call("get_start_method", kAllowNone);
  EXPECT_RETURNED(main().call("set_start_method", start_method()));
}

CLAUSE_TEST(start_method_set_selects, IsNamed) {
  unset_start_method(main());
  EXPECT_RETURNED(main().call("set_start_method", start_method()));
  EXPECT_EQ(main().call("get_start_method"), start_method());
}

CLAUSE_TEST(start_method_set_selects, ChildrenAreStartedByIt) {
  unset_start_method(main());
  main().call("set_start_method", start_method());
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_EQ(child.call("get_start_method"), start_method());
}

CLAUSE_TEST(start_method_set_again, TheFirstStays) {
  EXPECT_RAISES(main().call("set_start_method", another_method(main(), start_method())), "RuntimeError");
  EXPECT_EQ(main().call("get_start_method"), start_method());
}

CLAUSE_TEST(start_method_set_again_same, IsRefused) {
  EXPECT_RAISES(main().call("set_start_method", start_method()), "RuntimeError");
}

CLAUSE_TEST(start_method_set_after_start, IsRefused) {
  unset_start_method(main());
  run_a_process(main(), main().make("Process", Kwargs{{"target", Function{"nothing"}}}));
  EXPECT_RAISES(main().call("set_start_method", start_method()), "RuntimeError");
}

CLAUSE_TEST(start_method_set_force, ReplacesIt) {
  const Value other = another_method(main(), start_method());
  EXPECT_RETURNED(main().call("set_start_method", other, kForce));
  EXPECT_EQ(main().call("get_start_method"), other);
}

CLAUSE_TEST(start_method_set_none_force, NoneIsSetAfterwards) {
  EXPECT_RETURNED(main().call("set_start_method", None, kForce));
  EXPECT_EQ(main().call("get_start_method", kAllowNone), None);
}

CLAUSE_TEST(start_method_set_none, SetsTheDefault) {
  unset_start_method(main());
  EXPECT_RETURNED(main().call("set_start_method", None));
  EXPECT_EQ(main().call("get_start_method", kAllowNone), default_method(main()));
}

CLAUSE_TEST(start_method_set_unknown, IsRefusedAndChangesNothing) {
  unset_start_method(main());
  EXPECT_RAISES(main().call("set_start_method", "thread"), "ValueError");
  EXPECT_EQ(main().call("get_start_method", kAllowNone), None);
}

CLAUSE_TEST(start_method_forkserver_nested, AChildStartsOne) {
  Actor& child = start_process();
  Actor& grandchild = make_process({}, {.parent = &child});
  EXPECT_RETURNED(child.call(grandchild.process(), "start"));
  EXPECT_STARTED(grandchild);
}

CLAUSE_TEST(start_method_child_same_method, IsThatOfTheParent) {
  EXPECT_EQ(start_process().call("get_start_method"), start_method());
}

CLAUSE_TEST(start_method_fork_copy, AVariableHasTheValueOfTheStart) {
  main().call("remember", "mark", 1);
  Actor& child = start_process();
  main().call("remember", "mark", 2);
  EXPECT_EQ(child.call("recall", "mark"), 1);
}

CLAUSE_TEST(start_method_fork_inherits_all, AnEndThatItWasNotGivenStaysOpen) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call("remember", "end", writer);
  Actor& child = start_process();
  main().call(writer, "close");
  const Pending receiving = main().begin(reader, "recv");
  EXPECT_BLOCKED(receiving);
  child.bye();
  EXPECT_RAISES(receiving, "EOFError");
}

CLAUSE_TEST(start_method_fork_global_resource, AQueueOfItsParent) {
  Ref queue = main().make("Queue");
  main().call("remember", "queue", queue);
  Actor& child = start_process();
  ASSERT_NE(child.call("recall", "queue"), None);
  Ref found = child.call("recall", "queue");
  EXPECT_RETURNED(child.call(found, "put", 1));
  EXPECT_EQ(main().call(queue, "get"), 1);
}

CLAUSE_TEST(start_method_spawn_fresh, HasNothingOfWhatItsCreatorKeeps) {
  main().call("remember", "mark", 1);
  EXPECT_EQ(start_process().call("recall", "mark"), None);
}

CLAUSE_TEST(start_method_freeze_support, HasNoEffect) {
  EXPECT_EQ(main().call("freeze_support"), None);
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

}  // namespace mp::conformance
