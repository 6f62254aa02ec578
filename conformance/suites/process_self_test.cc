// What is known of a process by name and number: name, pid, authkey, current_process, parent_process, active_children, cpu_count.
#include <string>
#include <thread>

#include "conformance/suites/process_moments.h"
#include "spec/clauses/process.h"

namespace mp::conformance {

CLAUSE_TEST(process_name_given, IsItsName) {
  const Ref process = main().make("Process", Kwargs{{"name", "worker"}});
  EXPECT_EQ(main().get(process, "name"), "worker");
}

CLAUSE_TEST(process_name_in_child, IsTheOneGiven) {
  Actor& child = start_process({}, {.name = "worker"});
  EXPECT_EQ(child.get(current(child), "name"), "worker");
}

CLAUSE_TEST(process_name_default, IsProcessAndANumber) {
  const Ref process = main().make("Process");
  const std::string name = see(main().get(process, "name")).text();
  EXPECT_GE(number_after("Process-", name), 1) << name;
}

CLAUSE_TEST(process_name_default_first, OfTheMainProcess) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().get(process, "name"), "Process-1");
}

CLAUSE_TEST(process_name_default_first, OfAChild) {
  Actor& child = start_process();
  const std::string parent = Value(main().get(child.process(), "name")).text();
  const Ref process = child.make("Process");
  EXPECT_EQ(child.get(process, "name"), parent + ":1");
}

CLAUSE_TEST(process_name_default_counts, OneByOne) {
  Values numbers;
  for (int i = 0; i < 3; ++i) {
    const Ref process = main().make("Process");
    numbers.push_back(number_after("Process-", see(main().get(process, "name")).text()));
  }
  EXPECT_EQ(numbers, (Values{numbers[0], numbers[0].integer() + 1, numbers[0].integer() + 2}));
}

CLAUSE_TEST(process_name_default_named, CountsAsAnyOther) {
  const Ref first = main().make("Process");
  ASSERT_RETURNED(main().make("Process", Kwargs{{"name", "worker"}}));
  const Ref last = main().make("Process");
  const std::int64_t number = number_after("Process-", Value(main().get(first, "name")).text());
  EXPECT_EQ(main().get(last, "name"), "Process-" + std::to_string(number + 2));
}

CLAUSE_TEST(process_name_default_subclass, IsProcessAndANumber) {
  const Ref process = main().make("ServeProcess", "a1");
  const std::string name = see(main().get(process, "name")).text();
  EXPECT_GE(number_after("Process-", name), 1) << name;
}

CLAUSE_TEST(process_name_default_nested, BeginsWithTheParents) {
  Actor& child = start_process();
  const Ref grandchild = child.make("Process");
  const std::string parent = Value(main().get(child.process(), "name")).text();
  const std::string name = see(child.get(grandchild, "name")).text();
  EXPECT_GE(number_after(parent + ":", name), 1) << name << " is a child of " << parent;
}

CLAUSE_TEST(process_name_duplicate, IsAllowed) {
  Actor& one = make_process({}, {.name = "twin"});
  Actor& two = make_process({}, {.name = "twin"});
  for (Actor* twin : {&one, &two}) {
    ASSERT_RETURNED(main().call(twin->process(), "start"));
    ASSERT_STARTED(*twin);
    EXPECT_EQ(main().get(twin->process(), "name"), "twin");
  }
}

CLAUSE_TEST(process_name_assigned, TheChildHasTheNewOne) {
  Actor& child = make_process({}, {.name = "old"});
  EXPECT_RETURNED(main().set(child.process(), "name", "new"));
  EXPECT_EQ(main().get(child.process(), "name"), "new");
  main().call(child.process(), "start");
  ASSERT_STARTED(child);
  EXPECT_EQ(child.get(current(child), "name"), "new");
}

CLAUSE_TEST(process_name_main, IsMainProcess) { EXPECT_EQ(main().get(current(main()), "name"), "MainProcess"); }

CLAUSE_TEST(process_pid_before_start, IsNone) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().get(process, "pid"), None);
}

CLAUSE_TEST(process_pid_started, IsTheChilds) {
  Actor& child = start_process();
  EXPECT_EQ(main().get(child.process(), "pid"), child.pid());
}

CLAUSE_TEST(process_pid_ended, StaysReadable) {
  Actor& child = start_process();
  child.bye();
  main().call(child.process(), "join");
  EXPECT_EQ(main().get(child.process(), "pid"), child.pid());
}

CLAUSE_TEST(process_ident_same_as_pid, AfterStart) {
  Actor& child = start_process();
  EXPECT_EQ(main().get(child.process(), "ident"), child.pid());
}

CLAUSE_TEST(process_authkey_bytes, IsNotEmpty) {
  const Value key = see(main().get(current(main()), "authkey"));
  ASSERT_TRUE(key.is<Bytes>()) << key;
  EXPECT_FALSE(key.bytes().empty());
}

CLAUSE_TEST(process_authkey_inherited_by_object, FromItsMaker) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().get(process, "authkey"), Value(main().get(current(main()), "authkey")));
}

CLAUSE_TEST(process_authkey_in_child, IsThatOfItsObject) {
  Actor& child = start_process();
  EXPECT_EQ(child.get(current(child), "authkey"), Value(main().get(child.process(), "authkey")));
}

CLAUSE_TEST(process_authkey_set_on_object, TheChildHasTheNewOne) {
  const Value own = main().get(current(main()), "authkey");
  Actor& child = make_process();
  EXPECT_RETURNED(main().set(child.process(), "authkey", Bytes("a secret")));
  main().call(child.process(), "start");
  ASSERT_STARTED(child);
  EXPECT_EQ(child.get(current(child), "authkey"), Bytes("a secret"));
  EXPECT_EQ(main().get(current(main()), "authkey"), own);
}

CLAUSE_TEST(process_authkey_set_on_current, NewProcessesGetIt) {
  EXPECT_RETURNED(main().set(current(main()), "authkey", Bytes("a secret")));
  const Ref process = main().make("Process");
  EXPECT_EQ(main().get(process, "authkey"), Bytes("a secret"));
}

CLAUSE_TEST(process_current_main, HasItsProcessId) { EXPECT_EQ(main().get(current(main()), "pid"), main().pid()); }

CLAUSE_TEST(process_current_child, HasItsProcessId) {
  Actor& child = start_process();
  EXPECT_EQ(child.get(current(child), "pid"), Value(main().get(child.process(), "pid")));
}

CLAUSE_TEST(process_parent_main, IsNone) { EXPECT_EQ(main().call("parent_process"), None); }

CLAUSE_TEST(process_parent_child, IsTheMainProcess) {
  Actor& child = start_process();
  EXPECT_EQ(child.get(parent_of(child), "pid"), main().pid());
}

CLAUSE_TEST(process_parent_grandchild, IsTheChild) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.parent = &child});
  EXPECT_EQ(grandchild.get(parent_of(grandchild), "pid"), child.pid());
}

CLAUSE_TEST(process_parent_name, IsTheParents) {
  Actor& child = start_process({}, {.name = "middle"});
  Actor& grandchild = start_process({}, {.parent = &child});
  EXPECT_EQ(grandchild.get(parent_of(grandchild), "name"), "middle");
}

CLAUSE_TEST(process_parent_alive, WhileItIs) {
  Actor& child = start_process();
  EXPECT_EQ(child.call(parent_of(child), "is_alive"), true);
}

CLAUSE_TEST(process_parent_dead, StopsBeingAlive) {
  Actor& child = start_process();
  Actor& grandchild = start_process({}, {.parent = &child});
  const Ref parent = parent_of(grandchild);
  kill_and_await(child);
  EXPECT_BECOMES(grandchild, Step::call(parent, "is_alive"), false);
}

CLAUSE_TEST(process_active_children_running, AreListed) {
  Actor& one = start_process();
  EXPECT_EQ(active_pids(main()), Values{one.pid()});
  Actor& two = start_process();
  Values pids = {std::min(one.pid(), two.pid()), std::max(one.pid(), two.pid())};
  EXPECT_EQ(active_pids(main()), pids);
}

CLAUSE_TEST(process_active_children_ended, AreNotListed) {
  Actor& child = start_process();
  child.bye();
  EXPECT_BECOMES(main(), Step::call("active_children"), List{});
}

CLAUSE_TEST(process_active_children_unstarted, AreNotListed) {
  make_process();
  EXPECT_EQ(main().call("active_children"), List{});
}

CLAUSE_TEST(process_active_children_own_only, NoGrandchild) {
  Actor& child = start_process();
  start_process({}, {.parent = &child});
  EXPECT_EQ(active_pids(main()), Values{child.pid()});
}

CLAUSE_TEST(process_active_children_in_child, NotThoseOfItsParent) {
  start_process();
  Actor& child = start_process();
  EXPECT_EQ(child.call("active_children"), List{});
}

CLAUSE_TEST(process_active_children_joins, ForgetsThoseThatEnded) {
  Actor& child = start_process();
  end(child);
  main().call("active_children");
  EXPECT_FORGOTTEN(child);
}

CLAUSE_TEST(process_cpu_count_positive, IsOneOrMore) { EXPECT_GE(main().call("cpu_count"), 1); }

// The runner is on the same machine.
CLAUSE_TEST(process_cpu_count_not_less_than_usable, CountsThemAll) {
  EXPECT_GE(main().call("cpu_count"), std::thread::hardware_concurrency());
}

}  // namespace mp::conformance
