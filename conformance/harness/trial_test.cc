// The harness against testees that misbehave: each costs one test its pass, is named by its cause, and leaves no process.
#include "conformance/harness/trial.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/marked.h"

namespace mp::conformance {
namespace {

spec::Clause make_clause() {
  spec::Clause clause{};
  clause.id = "fake.clause";
  return clause;
}
const spec::Clause kClause = make_clause();

// A test that looks at what "act" gives, in main or in a child.
class PlainScene : public Scene {
 public:
  explicit PlainScene(std::string who) : who_(std::move(who)) {}

 private:
  void body() override {
    Ref object = main().make("Object");
    Actor& actor = who_ == "child" ? start_process({object}) : main();
    if (who_ == "arrangement") {
      main().call(object, "act");
      main().call(object, "echo", 1);
    } else if (who_ == "time") {
      Control control = begin_control(actor, 0.2);
      EXPECT_BOUNDED(actor.call(object, "act"), control);
    } else if (who_ == "batch") {
      for (const Reply& reply : actor.batch({Step::call(object, "act"), Step::call(object, "act")}, 2)) EXPECT_EQ(reply, 42);
    } else if (who_ == "from outside") {
      Actor& child = start_process({object});
      child.pause();
      child.resume();
      child.kill();
      EXPECT_EQ(main().call(object, "act"), 42);
    } else {
      EXPECT_EQ(actor.call(object, "act"), 42);
      EXPECT_EQ(actor.call(object, "echo", object), object);
    }
  }

  const std::string who_;
};

Outcome judge(const std::string& mode, const std::string& who, double scale = 1) {
  Settings settings;
  settings.command = {"conformance/fakes/fake", mode};
  settings.timeout_scale = scale;
  set_settings(settings);
  const ClauseTest test{&kClause, "fake_clause", "Acts", __FILE__, __LINE__, [&] { return std::make_unique<PlainScene>(who); }};
  return run_clause_test(test, "fork");
}

struct Case {
  const char* mode;
  const char* who;
  Verdict verdict;
  const char* cause;
  const char* isolation = "";
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.mode << " in " << one.who; }

std::string words(Verdict verdict, const std::string& cause) { return std::string(to_string(verdict)) + " " + cause; }

class Fakes : public testing::TestWithParam<Case> {};

TEST_P(Fakes, AreNamedAndLeaveNothing) {
  const Marked marked;
  const Case& expected = GetParam();
  ::setenv(kIsolationVariable, expected.isolation, 1);
  // Those that are only found by waiting are waited for less long.
  const std::string cause = expected.cause;
  const double scale = cause == "hang" || cause == "mute" || cause == "orphans" ? 0.15 : 1;
  const Outcome outcome = judge(expected.mode, expected.who, scale);
  EXPECT_EQ(words(outcome.verdict, outcome.cause), words(expected.verdict, expected.cause))
      << outcome.message << "\n" << outcome.transcript;
  EXPECT_EQ(outcome.message.empty(), outcome.verdict == Verdict::kPass);
  EXPECT_EQ(marked.left(), std::vector<std::string>());
}

constexpr Verdict kPass = Verdict::kPass, kFail = Verdict::kFail, kUnresolved = Verdict::kUnresolved;

INSTANTIATE_TEST_SUITE_P(
    All, Fakes,
    testing::Values(
        // Before and in the hello.
        Case{"mute", "main", kUnresolved, "mute"}, Case{"silent", "main", kUnresolved, "mute"},
        Case{"stillborn", "main", kUnresolved, "crash"}, Case{"garbage-hello", "main", kUnresolved, "garbage"},
        Case{"wrong-token", "main", kUnresolved, "liar"}, Case{"wrong-protocol", "main", kUnresolved, "liar"},
        Case{"two-hellos", "main", kUnresolved, "garbage"}, Case{"unasked", "main", kUnresolved, "liar"},
        Case{"mute-child", "child", kUnresolved, "mute"}, Case{"dead-child", "child", kUnresolved, "mute"},
        Case{"stranger", "child", kUnresolved, "liar"}, Case{"usurper", "child", kUnresolved, "liar"},
        Case{"exhibitionist", "child", kUnresolved, "not given"},
        // In a call.
        Case{"good", "main", kPass, ""}, Case{"good", "child", kPass, ""}, Case{"good", "batch", kPass, ""},
        Case{"hang", "main", kFail, "hang"}, Case{"hang", "child", kFail, "hang"},
        Case{"hang", "arrangement", kUnresolved, "hang"}, Case{"crash", "main", kFail, "crash"},
        Case{"crash", "child", kFail, "crash"}, Case{"crash", "arrangement", kUnresolved, "crash"},
        Case{"exit", "child", kFail, "crash"}, Case{"garbage", "main", kUnresolved, "garbage"},
        Case{"garbage", "child", kUnresolved, "garbage"}, Case{"binary", "main", kUnresolved, "garbage"},
        Case{"wrong-types", "main", kUnresolved, "garbage"}, Case{"two-results", "main", kUnresolved, "garbage"},
        Case{"short-batch", "batch", kUnresolved, "garbage"}, Case{"deep", "main", kUnresolved, "garbage"},
        Case{"liar", "main", kUnresolved, "liar"}, Case{"double", "main", kUnresolved, "double reply"},
        Case{"double", "child", kUnresolved, "double reply"}, Case{"cut-reply", "main", kFail, "cut reply"},
        Case{"cut-reply", "child", kFail, "cut reply"}, Case{"cut-reply", "arrangement", kUnresolved, "cut reply"},
        Case{"flood", "main", kUnresolved, "flood"}, Case{"chatter", "main", kPass, ""},
        Case{"wrong", "main", kFail, "wrong answer"}, Case{"wrong", "arrangement", kPass, ""},
        Case{"raise", "main", kFail, "wrong error"}, Case{"raise", "arrangement", kUnresolved, "wrong error"},
        Case{"puzzled", "main", kUnresolved, "protocol error"}, Case{"deserter", "main", kFail, "crash"},
        Case{"sloth", "time", kFail, "late"}, Case{"snail", "time", kUnresolved, "slow machine"},
        // At the end.
        Case{"mute-bye", "main", kFail, "hang"}, Case{"immortal", "main", kFail, "hang"},
        Case{"bad-exit", "main", kFail, "crash"}, Case{"orphans", "main", kFail, "orphans"},
        Case{"leftovers", "main", kFail, "leftovers"},
        // Where the system gives no namespaces.
        Case{"good", "child", kPass, "", "none"}, Case{"crash", "child", kFail, "crash", "none"},
        Case{"immortal", "main", kFail, "hang", "none"}, Case{"orphans", "main", kFail, "orphans", "none"},
        Case{"leftovers", "main", kFail, "leftovers", "none"}, Case{"mute", "main", kUnresolved, "mute", "none"}),
    [](const testing::TestParamInfo<Case>& info) {
      std::string name = std::string(info.param.mode) + "_" + info.param.who + info.param.isolation;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(Trial, AHangShowsWhoWaitsWhere) {
  const Outcome outcome = judge("hang", "child", 0.15);
  EXPECT_NE(outcome.message.find("expected 42, seen no answer to object1.act(): hang\n"), std::string::npos) << outcome.message;
  EXPECT_NE(outcome.message.find("a1 (pid "), std::string::npos) << outcome.message;
  EXPECT_NE(outcome.message.find("object1.act() open for "), std::string::npos) << outcome.message;
}

TEST(Trial, AFailureShowsTheCallsAndWhatWasPrinted) {
  const Outcome outcome = judge("wrong", "main");
  EXPECT_TRUE(outcome.message.ends_with("actor.call(object, \"act\"): expected 42, seen 41")) << outcome.message;
  EXPECT_NE(outcome.transcript.find("object1.act()  # 41"), std::string::npos) << outcome.transcript;
  EXPECT_NE(judge("stillborn", "main").transcript.find("no such module"), std::string::npos);
}

TEST(Trial, AFailureShowsWhatTheRunnerDidToAProcess) {
  const std::string transcript = judge("wrong", "from outside").transcript;
  std::size_t place = 0;
  for (const char* act : {"process1.start()", "a1       # stopped from outside\n", "a1       # goes on\n",
                          "a1       # killed from outside, signal 9\n", "object1.act()"}) {
    place = transcript.find(act, place);
    ASSERT_NE(place, std::string::npos) << act << "\n" << transcript;
  }
}

TEST(Trial, AFailureShowsTheStepsOfABatch) {
  const std::string transcript = judge("wrong", "batch").transcript;
  EXPECT_NE(transcript.find("batch of object1.act(); object1.act(), 2 times"), std::string::npos) << transcript;
}

TEST(Trial, ATesteeThatCannotBeExaminedCannotRun) {
  for (const char* mode : {"stillborn", "garbage-hello", "bad-exit", "wrong-protocol"}) {
    Settings settings;
    settings.command = {"conformance/fakes/fake", mode};
    set_settings(settings);
    EXPECT_THROW(examine_testee(), CannotRun) << mode;
  }
  Settings settings;
  settings.command = {"conformance/fakes/no-such-fake"};
  set_settings(settings);
  EXPECT_THROW(examine_testee(), CannotRun);
}

}  // namespace
}  // namespace mp::conformance
