#include "conformance/suites/output_moments.h"

#include <sstream>

#include "conformance/suites/comes_true.h"

namespace mp::conformance {
namespace {

// A line that is still without its end counts: the rest of it may never come.
bool has_line(const std::string& output, const std::string& wanted) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line == wanted) return true;
  }
  return false;
}

bool prints(Testee& testee, const std::string& line) {
  return comes_true(testee, [&] { return has_line(testee.output(), line); });
}

std::string quoted(const std::string& output) { return output.empty() ? "nothing" : "\n" + output; }

}  // namespace

void await_printed(Actor& anybody, const std::string& line) {
  Testee& testee = anybody.testee();
  if (prints(testee, line)) return;
  throw Unresolved("not reached", "the line '" + line + "' was to be printed; printed was " + quoted(testee.output()));
}

testing::AssertionResult printed_line(const char*, const char*, Actor& anybody, const std::string& line) {
  Testee& testee = anybody.testee();
  if (prints(testee, line)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "what is printed\n  expected: the line '" << line
                                     << "'\n  seen:     " << quoted(testee.output());
}

testing::AssertionResult never_printed(const char*, const char*, Actor& anybody, const std::string& text) {
  const std::string output = anybody.testee().output();
  if (output.find(text) == std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "what is printed\n  expected: nowhere '" << text
                                     << "'\n  seen:     " << quoted(output);
}

}  // namespace mp::conformance
