#include "conformance/harness/job.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

TEST(Job, ComesBackAsItWent) {
  const Job sent{
      "queue_put.Works", "queue.put", "fork", {{"python3", "a b.py", "\n"}, 18446744073709551615u, 2.5, true}};
  const std::string line = line_of(sent);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const Job come = job_of(line);
  EXPECT_EQ(come.test, sent.test);
  EXPECT_EQ(come.clause, sent.clause);
  EXPECT_EQ(come.start_method, sent.start_method);
  EXPECT_EQ(come.settings.command, sent.settings.command);
  EXPECT_EQ(come.settings.seed, sent.settings.seed);
  EXPECT_EQ(come.settings.timeout_scale, sent.settings.timeout_scale);
  EXPECT_EQ(come.settings.keep_going, sent.settings.keep_going);
}

TEST(OutcomeLine, ComesBackAsItWent) {
  Outcome sent;
  sent.test = "queue_put.Works";
  sent.clause = "queue.put";
  sent.start_method = "spawn";
  sent.verdict = Verdict::kFail;
  sent.cause = "hang";
  sent.message = "expected 1\nseen \"2\"";
  sent.transcript = "main: put\n";
  sent.seconds = 0.125;
  sent.isolation = "namespaces";
  const std::string line = line_of(sent);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const Outcome come = outcome_of(line);
  EXPECT_EQ(come.test + come.clause + come.start_method, sent.test + sent.clause + sent.start_method);
  EXPECT_EQ(come.verdict, sent.verdict);
  EXPECT_EQ(come.cause + come.message + come.transcript, sent.cause + sent.message + sent.transcript);
  EXPECT_EQ(come.seconds, sent.seconds);
  EXPECT_EQ(come.isolation, sent.isolation);
}

TEST(OutcomeLine, SurvivesBytesThatAreNoText) {
  Outcome sent;
  sent.verdict = Verdict::kFail;
  sent.message = "seen \xff\x1e";
  const std::string line = line_of(sent);
  EXPECT_EQ(line.find(kOutcomeMark), std::string::npos);
  EXPECT_EQ(outcome_of(line).message, "seen \xEF\xBF\xBD\x1e");
}

TEST(Lines, WhatWasNotMadeSoIsRefused) {
  for (const char* line : {"", "{", "[]", "{\"test\": 1}"}) {
    EXPECT_ANY_THROW(job_of(line)) << line;
    EXPECT_ANY_THROW(outcome_of(line)) << line;
  }
}

}  // namespace
}  // namespace mp::conformance
