#include "conformance/harness/cases.h"

#include "conformance/harness/cannot_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "spec/clauses/lock.h"

namespace mp::conformance {

CLAUSE_TEST(lock_initially_free, FirstAcquireTakesIt) {}
CLAUSE_TEST(lock_acquire_blocks, WaitsForAProcess) {}
CLAUSE_TEST(lock_acquire_blocks, WaitsForAThread) {}

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Implementation testee() { return {"CPython", "3.11.7", "linux", "python", "3.11", {"fork", "spawn"}, {"sync"}, {}}; }

std::vector<std::string> names_of(const std::vector<Case>& cases) {
  std::vector<std::string> all;
  for (const Case& one : cases) all.push_back(one.test->full_name() + "/" + one.start_method);
  return all;
}

template <class Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const CannotRun& error) {
    return error.what();
  }
  return "no complaint";
}

TEST(StartMethods, AllThatAreOfferedUnlessSomeAreWanted) {
  EXPECT_THAT(choose_start_methods(testee(), {}), ElementsAre("fork", "spawn"));
  EXPECT_THAT(choose_start_methods(testee(), {"spawn"}), ElementsAre("spawn"));
  EXPECT_THAT(choose_start_methods(testee(), {"spawn", "fork", "spawn"}), ElementsAre("fork", "spawn"));
}

TEST(StartMethods, OneThatIsNotOfferedIsRefusedWithThoseThatAre) {
  EXPECT_EQ(refusal([] {
              choose_start_methods(testee(), {"fork", "vfork"});
            }),
            "CPython does not offer the start method vfork: choose from fork, spawn");
}

TEST(StartMethods, ATesteeWithoutAnyIsRefused) {
  Implementation none = testee();
  none.start_methods.clear();
  EXPECT_THAT(refusal([&] { choose_start_methods(none, {}); }), HasSubstr("offers no start method"));
}

TEST(Cases, EachTestUnderEachStartMethod) {
  EXPECT_THAT(names_of(choose_cases(Selection({"lock.acquire.blocks"}), testee(), {"fork", "spawn"})),
              ElementsAre("lock_acquire_blocks.WaitsForAProcess/fork", "lock_acquire_blocks.WaitsForAProcess/spawn",
                          "lock_acquire_blocks.WaitsForAThread/fork", "lock_acquire_blocks.WaitsForAThread/spawn"));
}

TEST(Cases, ATestCanBeSelectedAlone) {
  EXPECT_THAT(names_of(choose_cases(Selection({"lock_acquire_blocks.WaitsForAThread"}), testee(), {"fork"})),
              ElementsAre("lock_acquire_blocks.WaitsForAThread/fork"));
}

TEST(Cases, WhatTheTesteeDoesNotClaimIsNotRun) {
  Implementation other = testee();
  other.profiles = {"queue"};
  for (const Case& one : choose_cases(Selection(), other, {"fork"}))
    EXPECT_THAT(one.not_offered, HasSubstr("profile sync"));
  for (const Case& one : choose_cases(Selection(), testee(), {"fork"})) EXPECT_THAT(one.not_offered, IsEmpty());
}

TEST(Cases, NothingLeftIsRefused) {
  EXPECT_THAT(refusal([] { choose_cases(Selection({"!lock"}), testee(), {"fork"}); }), HasSubstr("no test is left"));
}

TEST(Names, OfAClauseOrOfWhatLiesAboveItOrOfATestAreKnown) {
  for (const char* glob : {"lock", "lock.acquire", "lock.acquire.bl*", "lock_acquire_blocks", "*.WaitsForAThread"}) {
    EXPECT_NO_THROW(check_names(Selection({glob}))) << glob;
  }
}

TEST(Names, OthersAreRefusedWithASuggestion) {
  EXPECT_THAT(refusal([] { check_names(Selection({"lock.acquir"})); }), HasSubstr("lock.acquire"));
  EXPECT_THAT(refusal([] { check_names(parse_expected_failures("f", "\nlock.acquir fail \"x\" platform: y")); }),
              testing::StartsWith("f:2: no clause and no test is named lock.acquir"));
}

}  // namespace
}  // namespace mp::conformance
