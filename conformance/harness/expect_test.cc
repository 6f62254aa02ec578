// What the words of a suite mean: the rule of arrangement and act, and each EXPECT_ by a testee that keeps it and one that does not.
#include "conformance/harness/expect.h"

#include <gtest/gtest.h>

#include <functional>

#include "conformance/harness/trial.h"

namespace mp::conformance {
namespace {

// Opens what a body may use to a lambda.
class Stage : public Scene {
 public:
  explicit Stage(std::function<void(Stage&)> play) : play_(std::move(play)) {}
  using Scene::finish;
  using Scene::main;
  using Scene::make_process;
  using Scene::start_process;

 private:
  void body() override { play_(*this); }
  const std::function<void(Stage&)> play_;
};

Outcome judge(const std::string& mode, std::function<void(Stage&)> play, double timeout_scale = 1) {
  Settings settings;
  settings.timeout_scale = timeout_scale;
  settings.command = {"conformance/fakes/fake", mode};
  set_settings(settings);
  spec::Clause clause{};
  return run_clause_test({&clause, "fake", "Plays", __FILE__, __LINE__, [&] { return std::make_unique<Stage>(play); }},
                         "fork");
}

// "fail wrong answer", "pass"
std::string verdict(const std::string& mode, std::function<void(Stage&)> play, double timeout_scale = 1) {
  const Outcome outcome = judge(mode, std::move(play), timeout_scale);
  return std::string(to_string(outcome.verdict)) + (outcome.cause.empty() ? "" : " " + outcome.cause);
}

TEST(Rule, WhatIsComparedIsTheAct) {
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_EQ(s.main().call("act"), 42); }), "fail wrong error");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_NE(s.main().call("act"), 42); }), "fail wrong error");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_LT(s.main().call("act"), 50); }), "fail wrong error");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_RETURNED(s.main().call("act")); }), "fail wrong error");
  EXPECT_EQ(verdict("raise", [](Stage& s) { see(s.main().call("act")); }), "fail wrong error");
  EXPECT_EQ(verdict("crash", [](Stage& s) { EXPECT_EQ(s.main().call("act"), s.main().call("echo", 42)); }),
            "fail crash");
}

TEST(Rule, WhatNobodyLooksAtIsArrangement) {
  EXPECT_EQ(verdict("raise", [](Stage& s) { s.main().call("act"); }), "unresolved wrong error");
  EXPECT_EQ(verdict("raise",
                    [](Stage& s) {
                      s.main().call("act");
                      EXPECT_EQ(s.main().call("echo", 1), 2) << "is never reached";
                    }),
            "unresolved wrong error");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_EQ(Value(s.main().call("act")), 42); }), "unresolved wrong error");
  EXPECT_EQ(verdict("wrong", [](Stage& s) { static_cast<void>(Ref(s.main().call("act"))); }),
            "unresolved wrong answer");
  EXPECT_EQ(verdict("raise", [](Stage& s) { std::vector<Reply> kept{s.main().call("act")}; }),
            "unresolved wrong error");
}

TEST(Rule, AKeptReplyIsJudgedWhenItIsLookedAt) {
  EXPECT_EQ(verdict("raise",
                    [](Stage& s) {
                      const Reply reply = s.main().call("act");
                      s.main().call("echo", 1);
                      EXPECT_RAISES(reply, "Full");
                    }),
            "pass");
}

TEST(Rule, AFailureCountsMoreThanALaterSurprise) {
  EXPECT_EQ(verdict("raise",
                    [](Stage& s) {
                      EXPECT_EQ(s.main().call("echo", 1), 2);
                      s.main().call("act");
                    }),
            "fail wrong answer");
}

TEST(Rule, WhatIsNotOfferedIsUnsupported) {
  EXPECT_EQ(verdict("good", [](Stage& s) { s.main().make("Nothing"); }), "unsupported not offered");
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_EQ(s.main().make("Nothing"), 1); }), "unsupported not offered");
}

// Named threads are one, which this fake does not claim.
TEST(Rule, WhatNeedsAFeatureThatIsNotClaimedIsUnsupported) {
  EXPECT_EQ(verdict("good", [](Stage& s) { s.main().thread("one").call("act"); }), "unsupported not claimed");
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_EQ(s.main().thread("one").call("act"), 42); }), "unsupported not claimed");
}

TEST(Rule, AFinishedProcessIsNotOfTheArrangement) {
  EXPECT_EQ(verdict("good",
                    [](Stage& s) {
                      Actor& child = s.start_process();
                      child.bye();
                      EXPECT_ENDED(child);
                      EXPECT_EQ(s.main().call("act"), 42);
                    }),
            "pass");
}

TEST(Expect, Raises) {
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_RAISES(s.main().call("act"), "Full"); }), "pass");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_RAISES(s.main().call("act"), "Exception"); }), "pass");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_RAISES(s.main().call("act"), "Empty"); }), "fail wrong error");
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_RAISES(s.main().call("act"), "Full"); }), "fail wrong answer");
}

TEST(Expect, Returned) {
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_RETURNED(s.main().begin("act"), 42); }), "pass");
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_RETURNED(s.main().begin("act"), 43); }), "fail wrong answer");
}

TEST(Expect, Blocked) {
  EXPECT_EQ(verdict("hang", [](Stage& s) { EXPECT_BLOCKED(s.main().begin("act")); }), "pass");
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_BLOCKED(s.main().begin("act")); }), "fail early");
  EXPECT_EQ(verdict("raise", [](Stage& s) { EXPECT_BLOCKED(s.main().begin("act")); }), "fail wrong error");
  EXPECT_EQ(verdict("crash", [](Stage& s) { EXPECT_BLOCKED(s.main().begin("act")); }), "fail crash");
}

TEST(Expect, TookAtLeastIsExact) {
  EXPECT_EQ(verdict("sloth", [](Stage& s) { EXPECT_TOOK_AT_LEAST(s.main().call("act"), 0.9); }), "pass");
  EXPECT_EQ(verdict("sloth", [](Stage& s) { EXPECT_TOOK_AT_LEAST(s.main().call("act"), 0.900001); }), "fail early");
}

TEST(Expect, BoundedBlamesNobodyOnASlowMachine) {
  const auto play = [](double bound) {
    return [bound](Stage& s) {
      Control control = begin_control(s.main(), bound);
      EXPECT_BOUNDED(s.main().call("act"), control);
    };
  };
  EXPECT_EQ(verdict("sloth", play(0.5)), "pass");
  EXPECT_EQ(verdict("sloth", play(0.3)), "fail late");  // three times its bound
  EXPECT_EQ(verdict("sloth", play(0)), "fail late");
  EXPECT_EQ(verdict("snail", play(0.3)), "unresolved slow machine");
  EXPECT_EQ(verdict("good", play(0)), "pass");
}

// Each act takes one second, of 2 for an answer and 12 for a test.
TEST(Expect, ATestThatIsTooLongBlamesNoCall) {
  const auto play = [](int times) {
    return [times](Stage& s) {
      for (int i = 0; i < times; ++i) EXPECT_EQ(s.main().call("act"), 42);
    };
  };
  EXPECT_EQ(verdict("plodder", play(1), 0.2), "pass");
  EXPECT_EQ(verdict("plodder", play(13), 0.2), "unresolved out of time");
}

TEST(Expect, StartedAndEnded) {
  const auto start = [](Stage& s) -> Actor& {
    Actor& child = s.make_process();
    s.main().call(child.process(), "start");
    EXPECT_STARTED(child);
    return child;
  };
  EXPECT_EQ(verdict("good", [&](Stage& s) { start(s); }), "pass");
  EXPECT_EQ(verdict("good",
                    [&](Stage& s) {
                      Actor& child = start(s);
                      EXPECT_FALSE(child.has_ended());
                      child.kill();
                      EXPECT_ENDED(child);
                      EXPECT_EQ(s.main().call("act"), 42);
                    }),
            "pass");
}

TEST(Rule, AChildThatNobodyAwaitsIsToldToLeaveAllTheSame) {
  EXPECT_EQ(verdict("late-child", [](Stage& s) { s.main().call(s.make_process().process(), "start"); }), "pass");
}

TEST(Expect, FinishTellsWhatIsLeft) {
  EXPECT_EQ(verdict("leftovers", [](Stage& s) { EXPECT_EQ(s.finish().files.size(), 1u); }), "pass");
  EXPECT_EQ(verdict("good", [](Stage& s) { EXPECT_TRUE(s.finish().empty()); }), "pass");
}

TEST(Objects, AreTheSameInEveryProcessThatHasThem) {
  EXPECT_EQ(
      verdict("good",
              [](Stage& s) {
                Ref first = s.main().make("Object"), second = s.main().make("Object");
                Actor& child = s.start_process({second, Tuple{first, 5}});
                EXPECT_EQ(child.args().at(0), second);
                EXPECT_EQ(child.call("echo", first), first);
                EXPECT_NE(child.call("echo", first), second);
                EXPECT_EQ(child.call("echo", List{second, Dict{{"k", first}}}), List({second, Dict{{"k", first}}}));
              }),
      "pass");
}

TEST(Objects, ThatAProcessDoesNotHaveCannotBeGivenToIt) {
  EXPECT_EQ(verdict("good",
                    [](Stage& s) {
                      Actor& child = s.start_process();
                      EXPECT_EQ(child.call("echo", Ref(s.main().make("Object"))), 1);
                    }),
            "unresolved not given");
}

}  // namespace
}  // namespace mp::conformance
