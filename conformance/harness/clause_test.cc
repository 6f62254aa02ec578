#include "conformance/harness/clause_test.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <tuple>
#include <utility>

#include "conformance/harness/guard.h"
#include "conformance/harness/trial.h"

namespace mp::conformance {
namespace {

std::vector<ClauseTest>& registry() {
  static std::vector<ClauseTest> tests;
  return tests;
}

std::function<void(const Outcome&)>& sink() {
  static std::function<void(const Outcome&)> sink;
  return sink;
}

// One clause test as GoogleTest sees it: it passes, fails or is skipped as the outcome says.
class Registered : public testing::Test {
 public:
  Registered(const ClauseTest& test, std::string start_method) : test_(test), start_method_(std::move(start_method)) {}

 private:
  void TestBody() override {
    const Outcome outcome = run_clause_test(test_, start_method_);
    if (sink()) sink()(outcome);
    const std::string what = outcome.cause + ": " + outcome.message;
    if (outcome.verdict == Verdict::kFail || outcome.verdict == Verdict::kUnresolved) {
      ADD_FAILURE_AT(test_.file, test_.line) << to_string(outcome.verdict) << ", " << what;
    } else if (outcome.verdict == Verdict::kUnsupported) {
      GTEST_SKIP() << what;
    }
  }

  const ClauseTest& test_;
  const std::string start_method_;
};

bool has_word(std::string_view words, std::string_view word) {
  std::istringstream stream{std::string(words)};
  for (std::string one; stream >> one;) {
    if (one == word || one == "all") return true;
  }
  return words.empty();
}

// "3.11" as numbers, so that it is later than "3.9".
std::vector<int> edition(std::string_view text) {
  std::vector<int> numbers;
  std::istringstream stream{std::string(text)};
  for (std::string number; std::getline(stream, number, '.');) numbers.push_back(std::atoi(number.c_str()));
  return numbers;
}

}  // namespace

bool add_clause_test(ClauseTest test) {
  registry().push_back(std::move(test));
  return true;
}

const std::vector<ClauseTest>& all_clause_tests() {
  std::vector<ClauseTest>& tests = registry();
  const auto order = [](const ClauseTest& a, const ClauseTest& b) {
    return std::tie(a.clause->id, a.name) < std::tie(b.clause->id, b.name);
  };
  if (!std::is_sorted(tests.begin(), tests.end(), order)) std::sort(tests.begin(), tests.end(), order);
  return tests;
}

std::string unsupported_because(const spec::Clause& clause, const Implementation& testee, std::string_view start_method) {
  const std::string profile(clause.profile);
  if (!testee.profiles.empty() && std::ranges::find(testee.profiles, profile) == testee.profiles.end()) {
    return "the testee does not offer the profile " + profile;
  }
  if (!has_word(clause.systems, testee.platform)) return "the clause is about " + std::string(clause.systems) + " only";
  if (!has_word(clause.methods, start_method)) return "the clause is about " + std::string(clause.methods) + " only";
  if (testee.edition.empty()) return "";  // it claims the newest
  if (!clause.since.empty() && edition(testee.edition) < edition(clause.since)) {
    return "the clause holds since " + std::string(clause.since) + ", the testee keeps edition " + testee.edition;
  }
  if (!clause.until.empty() && edition(clause.until) < edition(testee.edition)) {
    return "the clause holds until " + std::string(clause.until) + ", the testee keeps edition " + testee.edition;
  }
  return "";
}

// A machine that was too slow to judge a time may be quicker a moment later.
Outcome run_clause_test(const ClauseTest& test, const std::string& start_method) {
  Outcome outcome;
  for (int attempt = 0; attempt < 3; ++attempt) {
    outcome = try_once(test, start_method);
    if (outcome.cause != "slow machine") break;
  }
  return outcome;
}

std::optional<int> run_as_guard(int argc, char** argv) {
  if (argc < 2 || std::string_view(argv[1]) != kGuardArgument) return std::nullopt;
  return guard_main();
}

void set_outcome_sink(std::function<void(const Outcome&)> sink) { mp::conformance::sink() = std::move(sink); }

void register_clause_test(const ClauseTest& test, const std::string& start_method) {
  const std::string name = test.name + "/" + start_method;
  testing::RegisterTest(test.constant.c_str(), name.c_str(), nullptr, nullptr, test.file, test.line,
                        [&test, start_method]() -> testing::Test* { return new Registered(test, start_method); });
}

}  // namespace mp::conformance
