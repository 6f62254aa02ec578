// Making and starting processes: constructor, run, start, isolation.
#include <chrono>
#include <map>
#include <string>

#include "conformance/suites/process_moments.h"
#include "spec/clauses/process.h"

namespace mp::conformance {
namespace {

// It is an error, and nobody is started.
void expect_no_second_start(Caller& caller, Ref process, const Values& alive) {
  EXPECT_RAISES(caller.call(process, "start"), "Exception");
  EXPECT_EQ(active_pids(caller), alive);
}

std::map<std::string, Value> by_name(const Kwargs& kwargs) { return {kwargs.items.begin(), kwargs.items.end()}; }

}  // namespace

CLAUSE_TEST(process_ctor_defaults, RunsNothingAndEndsWithZero) {
  const Reply made = main().make("Process");
  ASSERT_RETURNED(made);
  const Ref process = made;
  ASSERT_RETURNED(main().call(process, "start"));
  main().call(process, "join");
  EXPECT_EQ(main().get(process, "exitcode"), 0);
}

CLAUSE_TEST(process_ctor_starts_nothing, UntilStartIsCalled) {
  Actor& child = make_process();
  EXPECT_EQ(main().call("active_children"), List{});
  main().testee().pass(std::chrono::milliseconds(60));
  EXPECT_EQ(child.pid(), 0) << "it said hello";
}

// The function takes none, so it would fail with any.
CLAUSE_TEST(process_ctor_no_arguments, TheTargetGetsNone) {
  const Ref process = run(main(), Kwargs{{"target", Function{"pid"}}});
  EXPECT_EQ(main().get(process, "exitcode"), 0);
}

CLAUSE_TEST(process_ctor_args_tuple, ReachTheTargetInTheirOrder) {
  Actor& child = make_process({1, "two", 3.5});
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_EQ(child.args(), (Values{1, "two", 3.5}));
}

CLAUSE_TEST(process_ctor_args_list, ReachesTheTarget) {
  const Reply made = main().make("Process", Kwargs{{"target", Function{"exit"}}, {"args", List{7}}});
  ASSERT_RETURNED(made);
  const Ref process = made;
  ASSERT_RETURNED(main().call(process, "start"));
  main().call(process, "join");
  EXPECT_EQ(main().get(process, "exitcode"), 7);
}

CLAUSE_TEST(process_ctor_kwargs, ReachTheTargetByName) {
  Actor& child = make_process({}, {.kwargs = {{"colour", "red"}, {"number", 5}}});
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_EQ(by_name(child.kwargs()), (std::map<std::string, Value>{{"colour", "red"}, {"number", 5}}));
}

CLAUSE_TEST(process_ctor_args_and_kwargs, BothReachTheTarget) {
  Actor& child = make_process({1, 2}, {.kwargs = {{"number", 5}}});
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_EQ(child.args(), (Values{1, 2}));
  EXPECT_EQ(by_name(child.kwargs()), (std::map<std::string, Value>{{"number", 5}}));
}

CLAUSE_TEST(process_ctor_argument_kinds, ArriveEqual) {
  const Values given = {None,
                        true,
                        -7,
                        big("-123456789012345678901234567890"),
                        0.1,
                        "gr\u00fc\u00df dich",
                        "",
                        Bytes(std::string_view("a\0\xff", 3)),
                        List{1, List{}, None},
                        Tuple{1, Tuple{}, "x"},
                        Dict{{"key", 1}, {2, List{3}}},
                        Set{1, "x"}};
  Actor& child = make_process(given);
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_EQ(child.args(), given);
}

CLAUSE_TEST(process_ctor_large_argument, ArrivesWhole) {
  Actor& child = make_process({large_item()});
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_TRUE(child.args() == Values{large_item()}) << "it arrived as " << ::testing::PrintToString(child.args());
}

CLAUSE_TEST(process_ctor_daemon_keyword_only, ByPlaceIsRefused) {
  EXPECT_RAISES(main().make("Process", None, None, None, Tuple{}, Dict{}, true), "TypeError");
}

CLAUSE_TEST(process_ctor_group_none, AnotherIsRefused) {
  EXPECT_RAISES(main().make("Process", Kwargs{{"group", 5}}), "Exception");
}

CLAUSE_TEST(process_nested, AChildStartsAChild) {
  Actor& child = start_process();
  Actor& grandchild = make_process({}, {.parent = &child});
  ASSERT_RETURNED(child.call(grandchild.process(), "start"));
  EXPECT_STARTED(grandchild);
}

CLAUSE_TEST(process_run_called_directly, CallsTheTargetHere) {
  const Ref process = make(main(), runs("fail", {"ValueError", "called"}));
  EXPECT_RAISES(main().call(process, "run"), "ValueError");
  EXPECT_EQ(main().call("active_children"), List{});
}

CLAUSE_TEST(process_run_no_target, DoesNothing) {
  const Ref process = main().make("Process");
  EXPECT_EQ(main().call(process, "run"), None);
}

CLAUSE_TEST(process_run_overridden, RunsInTheChild) {
  Actor& child = make_process({}, {.class_name = "ServeProcess"});
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_NE(child.pid(), main().pid());
}

CLAUSE_TEST(process_run_subclass_state, ReachesRun) {
  Actor& child = make_process({1, "two", List{3}}, {.class_name = "ServeProcess"});
  ASSERT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  EXPECT_EQ(child.args(), (Values{1, "two", List{3}}));
}

CLAUSE_TEST(process_start_other_process, HasAnotherProcessId) {
  Actor& child = make_process();
  const Pending start = main().begin(child.process(), "start");
  ASSERT_STARTED(child);
  EXPECT_NE(child.pid(), main().pid());
}

CLAUSE_TEST(process_start_does_not_wait, ReturnsWhileTheChildWorks) {
  Actor& child = make_process();
  ASSERT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(process_start_several_at_once, AllAreThere) {
  const std::vector<Actor*> children = {&make_process(), &make_process(), &make_process()};
  for (Actor* child : children) {
    ASSERT_RETURNED(main().call(child->process(), "start"));
    ASSERT_STARTED(*child);
  }
  for (Actor* child : children) EXPECT_RETURNED(child->call("current_process"));
}

CLAUSE_TEST(process_start_once, OfARunningProcessIsRefused) {
  Actor& child = start_process();
  expect_no_second_start(main(), child.process(), {child.pid()});
}

CLAUSE_TEST(process_start_once_ended, OfAnEndedProcessIsRefused) {
  expect_no_second_start(main(), run(main(), runs("nothing")), {});
}

CLAUSE_TEST(process_start_from_thread, IsAllowed) {
  Actor& child = make_process();
  ASSERT_RETURNED(main().thread("starter").call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(process_start_joins_ended, ForgetsThemAtTheNextStart) {
  Actor& ended = start_process();
  end(ended);
  main().call(make(main(), runs("nothing")), "start");
  EXPECT_FORGOTTEN(ended);
}

CLAUSE_TEST(process_isolation_memory, TheParentKeepsItsOwn) {
  main().call("remember", "number", 1);
  Actor& child = start_process();
  child.call("remember", "number", 2);
  EXPECT_EQ(main().call("recall", "number"), 1);
}

CLAUSE_TEST(process_isolation_crash, ParentAndSiblingsGoOn) {
  Actor& crashed = start_process();
  Actor& sibling = start_process();
  end(crashed, {"signal", 11, ""});
  ASSERT_RETURNED(main().call(crashed.process(), "join"));
  EXPECT_RETURNED(main().call("current_process"));
  EXPECT_RETURNED(sibling.call("current_process"));
}

CLAUSE_TEST(process_robust_many, ThirtyRunAtOnce) {
  constexpr std::size_t kMany = 30;
  std::vector<Actor*> children;
  for (std::size_t i = 0; i < kMany; ++i) {
    children.push_back(&make_process());
    ASSERT_RETURNED(main().call(children.back()->process(), "start"));
  }
  for (Actor* child : children) ASSERT_STARTED(*child);
  for (std::size_t i = 0; i < kMany; ++i) children[i]->bye({"exit", i, ""});
  for (std::size_t i = 0; i < kMany; ++i) {
    ASSERT_RETURNED(main().call(children[i]->process(), "join"));
    ASSERT_EQ(main().get(children[i]->process(), "exitcode"), i);
  }
}

}  // namespace mp::conformance
