#include "conformance/harness/workers.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "conformance/harness/cannot_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;

Crew crew_of(int size) {
  Crew crew;
  crew.program = {std::getenv("STRANGE_WORKER")};
  crew.size = size;
  return crew;
}

Jobs jobs_of(const std::vector<std::string>& tests) {
  return {tests.size(), [tests](std::size_t job) { return Job{tests[job], "clause", "fork", {}}; }};
}

std::map<std::size_t, Outcome> run_all(const std::vector<std::string>& tests, const Crew& crew) {
  std::map<std::size_t, Outcome> outcomes;
  const Ended ended = run_jobs(jobs_of(tests), crew, [&](std::size_t job, const Outcome& outcome) {
    EXPECT_FALSE(outcomes.contains(job)) << "reported twice: " << job;
    outcomes[job] = outcome;
    return true;
  });
  EXPECT_EQ(ended, Ended::kAllDone);
  EXPECT_EQ(outcomes.size(), tests.size());
  return outcomes;
}

TEST(Workers, RunEveryJobOnce) {
  for (const int size : {1, 3, 50}) {
    for (const auto& [job, outcome] : run_all(std::vector<std::string>(40, "pass"), crew_of(size))) {
      EXPECT_EQ(outcome.verdict, Verdict::kPass) << job << ": " << outcome.cause << ", " << outcome.message;
    }
  }
}

TEST(Workers, NothingToDoIsDoneAtOnce) { EXPECT_TRUE(run_all({}, crew_of(2)).empty()); }

TEST(Workers, AWorkerThatDiesTakesOneTestWithItAndIsReplaced) {
  for (const int size : {1, 2}) {
    auto outcomes = run_all({"pass", "exit", "pass", "abort", "pass"}, crew_of(size));
    for (const std::size_t lost : {1, 3}) {
      EXPECT_EQ(outcomes[lost].verdict, Verdict::kUnresolved);
      EXPECT_EQ(outcomes[lost].cause, "worker died");
      EXPECT_EQ(outcomes[lost].clause, "clause");
      EXPECT_EQ(outcomes[lost].start_method, "fork");
    }
    EXPECT_THAT(outcomes[1].message, HasSubstr("3"));
    for (const std::size_t kept : {0, 2, 4}) EXPECT_EQ(outcomes[kept].verdict, Verdict::kPass);
  }
}

TEST(Workers, AWorkerThatDiesBetweenJobsIsReplaced) {
  auto outcomes = run_all({"leave", "leave", "pass"}, crew_of(1));
  EXPECT_EQ(outcomes[0].verdict, Verdict::kPass);
  // Whether the next job was already on its way when the worker left is a matter of luck; it is never lost in silence.
  EXPECT_EQ(outcomes.size(), 3u);
}

TEST(Workers, OneThatHangsIsEnded) {
  Crew crew = crew_of(2);
  crew.patience = std::chrono::seconds(1);
  auto outcomes = run_all({"hang", "pass"}, crew);
  EXPECT_EQ(outcomes[0].cause, "runner hangs");
  EXPECT_EQ(outcomes[0].verdict, Verdict::kUnresolved);
  EXPECT_EQ(outcomes[1].verdict, Verdict::kPass);
}

TEST(Workers, WhatATestPrintsDoesNotSpoilItsOutcome) {
  testing::internal::CaptureStderr();
  auto outcomes = run_all({"print", "pass"}, crew_of(1));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "a line\nhalf a line\n");
  EXPECT_EQ(outcomes[0].verdict, Verdict::kPass);
}

TEST(Workers, AnAnswerWithoutSenseIsReported) {
  auto outcomes = run_all({"garbage", "pass"}, crew_of(1));
  EXPECT_EQ(outcomes[0].cause, "worker broken");
  EXPECT_EQ(outcomes[1].verdict, Verdict::kPass);
}

TEST(Workers, StopWhenTheyAreTold) {
  int seen = 0;
  const Ended ended = run_jobs(jobs_of({"pass", "pass", "pass", "hang"}), crew_of(1),
                               [&](std::size_t, const Outcome&) { return ++seen < 2; });
  EXPECT_EQ(ended, Ended::kStopped);
  EXPECT_EQ(seen, 2);
}

TEST(Workers, StopAtAnInterruptInTheMiddleOfATest) {
  int seen = 0;
  const Ended ended = run_jobs(jobs_of({"pass", "hang"}), crew_of(1), [&](std::size_t, const Outcome&) {
    std::raise(SIGINT);
    return ++seen < 2;
  });
  EXPECT_EQ(ended, Ended::kInterrupted);
  EXPECT_EQ(seen, 1);
}

TEST(Workers, AProgramThatIsNotThereIsReported) {
  Crew crew = crew_of(1);
  crew.program = {"/no/such/worker"};
  EXPECT_THROW(run_jobs(jobs_of({"pass"}), crew, [](std::size_t, const Outcome&) { return true; }), CannotRun);
}

// Its results so far are not lost with an exception.
TEST(Workers, TheLastThatCannotBeReplacedEndsTheRun) {
  namespace fs = std::filesystem;
  const fs::path program = fs::path(testing::TempDir()) / "worker_for_a_while";
  fs::copy_file(std::getenv("STRANGE_WORKER"), program, fs::copy_options::overwrite_existing);
  Crew crew = crew_of(1);
  crew.program = {program.string()};
  std::vector<std::string> causes;
  const Ended ended = run_jobs(jobs_of({"pass", "exit", "pass"}), crew, [&](std::size_t, const Outcome& outcome) {
    fs::remove(program);
    causes.push_back(outcome.cause);
    return true;
  });
  EXPECT_EQ(ended, Ended::kNoWorkers);
  EXPECT_THAT(causes, testing::ElementsAre("", "worker died"));
}

TEST(Workers, HaveThePatienceOfTheRun) {
  EXPECT_EQ(conformance::crew_of({"conform"}, 1, 1).patience, std::chrono::minutes(10));
  EXPECT_EQ(conformance::crew_of({"conform"}, 1, 100).patience, std::chrono::minutes(1000));
  EXPECT_EQ(conformance::crew_of({"conform"}, 1, 0.1).patience, std::chrono::minutes(10));
}

}  // namespace
}  // namespace mp::conformance
