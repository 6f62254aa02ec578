#include "conformance/harness/trial.h"

#include <gtest/gtest-spi.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/plain_text.h"
#include "conformance/harness/settings.h"
#include "conformance/harness/testee.h"

namespace mp::conformance {
namespace {

struct Finding {
  Verdict verdict = Verdict::kPass;
  std::string cause, message;
};

std::string place_of(const testing::TestPartResult& part) {
  if (part.file_name() == nullptr) return "";
  const std::string file = part.file_name();
  return file.substr(file.rfind('/') + 1) + ":" + std::to_string(part.line_number()) + ": ";
}

bool takes(std::string& line, std::string_view start) {
  if (!line.starts_with(start)) return false;
  line.erase(0, start.size());
  return true;
}

// GoogleTest spreads a comparison over many lines; here the first tells all: "main().call(queue, "get"): expected 1, seen 2".
std::string retold(const std::string& message) {
  std::istringstream lines(message);
  std::string line, act, seen, details, expected;
  std::getline(lines, line);
  if (!takes(line, "Expected equality of these values:") || !std::getline(lines, act) || !takes(act, "  "))
    return message;
  if (!std::getline(lines, seen) || !takes(seen, "    Which is: ")) return message;
  while (std::getline(lines, line) && !(line.starts_with("  ") && !line.starts_with("   "))) details += "\n" + line;
  expected = line.substr(std::min<std::size_t>(line.size(), 2));
  if (std::getline(lines, line) && takes(line, "    Which is: ")) expected = line;
  while (std::getline(lines, line)) details += "\n" + line;
  return act + ": expected " + expected + ", seen " + seen + details;
}

// What the EXPECT_ and ASSERT_ lines of the body found.
std::optional<std::string> failures(const testing::TestPartResultArray& parts) {
  std::string text;
  for (int i = 0; i < parts.size(); ++i) {
    const testing::TestPartResult& part = parts.GetTestPartResult(i);
    if (part.failed()) text += (text.empty() ? "" : "\n") + place_of(part) + retold(part.message());
  }
  return text.empty() ? std::nullopt : std::optional(text);
}

// What an exception says that left the body.
template <class Run>
Finding caught(Run run) {
  try {
    run();
    return {};
  } catch (const Unresolved& error) {
    return {Verdict::kUnresolved, error.cause, error.what()};
  } catch (const Broken& error) {
    return {Verdict::kFail, error.cause, error.what()};
  } catch (const NotOffered& error) {
    return {Verdict::kUnsupported, "not offered", error.what()};
  } catch (const NotClaimed& error) {
    return {Verdict::kUnsupported, std::string(kNotClaimed), error.what()};
  } catch (const WrongKind& error) {
    return {Verdict::kFail, "wrong answer", error.what()};
  } catch (const std::exception& error) {
    return {Verdict::kUnresolved, "wrong test", error.what()};
  }
}

// Who wins when several things went wrong: a testee that breaks the protocol cannot be believed at all; after that, what was seen to
// be wrong is a failure, whatever happened later.
Finding perform(Testee& testee, const ClauseTest& test, const std::string& start_method) {
  testing::TestPartResultArray parts;
  Finding finding;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
    finding = caught([&] {
      const std::unique_ptr<Scene> scene = test.scene();
      scene->enter(testee, start_method);
      scene->body();
      testee.check();
    });
  }
  const auto failed = failures(parts);
  if (!failed && finding.verdict == Verdict::kPass) {
    finding = caught([&] {
      if (const auto trouble = testee.end()) throw Broken(trouble->cause, trouble->message);
    });
  }
  if (testee.breach()) return {Verdict::kUnresolved, testee.breach()->cause, testee.breach()->what()};
  if (failed) return {Verdict::kFail, testee.cause().empty() ? "wrong answer" : testee.cause(), *failed};
  return finding;
}

// It goes to terminals and into files that are read line by line.
Implementation without_control_characters(Implementation implementation) {
  for (std::string* text : {&implementation.name, &implementation.version, &implementation.platform,
                            &implementation.language, &implementation.edition}) {
    *text = harmless(*text);
  }
  for (std::vector<std::string>* texts :
       {&implementation.start_methods, &implementation.profiles, &implementation.features}) {
    for (std::string& text : *texts) text = harmless(text);
  }
  return implementation;
}

std::string story_of(Testee& testee) {
  const std::string output = testee.output();
  return testee.transcript() + (output.empty() ? "" : "--- printed by the testee ---\n" + output);
}

}  // namespace

Outcome try_once(const ClauseTest& test, const std::string& start_method) {
  Outcome outcome;
  outcome.test = test.full_name();
  outcome.clause = test.clause->id;
  outcome.start_method = start_method;
  const auto begun = Clock::now();
  std::optional<Testee> testee;
  Finding finding;
  try {
    testee.emplace(settings(), start_method);
  } catch (const CannotRun& error) {
    finding = {Verdict::kUnresolved, "cannot be started", error.what()};
  }
  if (testee) {
    finding = caught([&] { testee->await_main(); });
    if (finding.verdict == Verdict::kPass) finding = perform(*testee, test, start_method);
    outcome.transcript = story_of(*testee);
    outcome.isolation = testee->isolation();
  }
  outcome.verdict = finding.verdict;
  outcome.cause = finding.cause;
  outcome.message = finding.message;
  testee.reset();
  outcome.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return outcome;
}

Implementation examine_testee() {
  Testee testee(settings(), "");
  const Finding finding = caught([&] {
    testee.await_main();
    if (const auto trouble = testee.end()) throw Broken(trouble->cause, trouble->message);
  });
  if (finding.verdict == Verdict::kPass) return without_control_characters(testee.implementation());
  const std::string output = testee.output();
  throw CannotRun("the testee cannot be judged: " + finding.cause + ": " + finding.message +
                  (output.empty() ? "" : "\n--- printed by the testee ---\n" + output));
}

}  // namespace mp::conformance
