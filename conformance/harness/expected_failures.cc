#include "conformance/harness/expected_failures.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/path_text.h"
#include "conformance/harness/selection.h"

namespace mp::conformance {
namespace {

constexpr std::array kStartMethods = {"fork", "spawn", "forkserver"};
constexpr std::array kSystems = {"linux", "windows", "macos"};
constexpr std::array kKinds = {"bug", "by-design", "platform", "not-implemented", "docs-unclear"};
constexpr std::array kVerdicts = {Verdict::kFail, Verdict::kUnresolved, Verdict::kUnsupported};

template <typename Words, typename Word>
bool is_one_of(const Words& words, const Word& word) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// What is wrong with a line and what to do about it; the caller adds where.
struct BadLine : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Takes one line apart, from left to right.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(trimmed(text)) {}

  std::string_view rest() const { return rest_; }
  std::string_view word() { return take(std::min(rest_.find_first_of(" \t"), rest_.size())); }

  // What stands between the marks, if the first mark is next.
  std::optional<std::string_view> between(char open, char close) {
    if (!rest_.starts_with(open)) return std::nullopt;
    const auto end = rest_.find(close, 1);
    if (end == std::string_view::npos) {
      throw BadLine(std::string("a ") + open + " has no " + close + " behind it: add the " + close);
    }
    return take(end + 1).substr(1, end - 1);
  }

 private:
  std::string_view take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_ = trimmed(rest_.substr(length));
    return taken;
  }

  std::string_view rest_;
};

std::vector<int> numbers(std::string_view version) {
  std::vector<int> found;
  while (!version.empty()) {
    int number = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), number);
    if (error != std::errc()) break;
    found.push_back(number);
    version.remove_prefix(end - version.data());
    if (!version.starts_with('.')) break;
    version.remove_prefix(1);
  }
  return found;
}

VersionBound parse_version(Line condition) {
  VersionBound bound{std::string(condition.word()), std::string(condition.word())};
  const bool known = is_one_of(std::array{"<", "<=", "=", ">=", ">"}, bound.comparison);
  if (!known || numbers(bound.version).empty() || !condition.rest().empty()) {
    throw BadLine("a version condition is not one: write it as \"version >= 3.8\", with one of < <= = >= >");
  }
  return bound;
}

void parse_condition(std::string_view text, Expectation& expectation) {
  Line condition(text);
  while (!condition.rest().empty()) {
    const std::string word(condition.word());
    if (word == "version") {
      expectation.versions.push_back(parse_version(condition));
      return;
    }
    if (word == "some") {
      expectation.some = true;
    } else if (is_one_of(kStartMethods, word)) {
      expectation.start_methods.push_back(word);
    } else if (is_one_of(kSystems, word)) {
      expectation.systems.push_back(word);
    } else {
      throw BadLine("the condition \"" + word + "\" is unknown: use start methods (fork spawn forkserver), systems " +
                    "(linux windows macos), some or \"version >= 3.8\", with ; between them");
    }
  }
}

void parse_conditions(std::string_view text, Expectation& expectation) {
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    parse_condition(text.substr(0, end), expectation);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

Verdict parse_verdict(std::string_view word) {
  const auto found = std::ranges::find(kVerdicts, word, [](Verdict verdict) { return to_string(verdict); });
  if (found == kVerdicts.end()) {
    throw BadLine("\"" + std::string(word) +
                  "\" stands where the verdict is expected: write fail, unresolved or unsupported");
  }
  return *found;
}

// "bug gh-87971: reason" or "by-design: reason".
void parse_reason(Line& line, Expectation& expectation) {
  const auto without_colon = [](std::string_view word) {
    return std::string(word.substr(0, word.size() - word.ends_with(':')));
  };
  expectation.kind = without_colon(line.word());
  if (expectation.kind.empty() || expectation.kind == "?") {
    throw BadLine(
        "nobody has said yet why this is expected: end the line with a class and a reason, for example "
        "\"bug gh-12345: put returns before ...\" (classes: bug ADDRESS, by-design, platform, not-implemented, "
        "docs-unclear)");
  }
  if (!is_one_of(kKinds, expectation.kind)) {
    throw BadLine("the class \"" + expectation.kind +
                  "\" is unknown: use bug ADDRESS, by-design, platform, not-implemented or docs-unclear");
  }
  if (expectation.kind == "bug") expectation.address = without_colon(line.word());
  if (expectation.kind == "bug" && expectation.address.empty()) {
    throw BadLine("the bug has no address: write \"bug ADDRESS: reason\", or give another class");
  }
  expectation.reason = std::string(line.rest());
  if (expectation.reason.empty()) {
    throw BadLine("the reason is missing: name behind the colon the sentence of the documentation that is broken");
  }
}

Expectation parse_line(std::string_view text, std::string where) {
  Line line(text);
  Expectation expectation;
  expectation.where = std::move(where);
  expectation.pattern = std::string(line.word());
  parse_conditions(line.between('[', ']').value_or(""), expectation);
  expectation.verdict = parse_verdict(line.word());
  const auto symptom = line.between('"', '"');
  if (!symptom || symptom->empty()) {
    throw BadLine(
        "the symptom is missing: write behind the verdict, in quotes, the cause or a part of the message, e.g. "
        "\"hang\"");
  }
  expectation.symptom = std::string(*symptom);
  parse_reason(line, expectation);
  return expectation;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// The cause if there is one; else the message's first line, with its quotes open so that the line can be read back.
std::string symptom_of(const Outcome& outcome) {
  std::string symptom = outcome.cause.empty() ? outcome.message.substr(0, outcome.message.find('\n')) : outcome.cause;
  std::ranges::replace(symptom, '"', '?');
  return symptom.empty() ? "*" : symptom;
}

}  // namespace

bool VersionBound::holds_for(std::string_view other) const {
  const std::vector<int> bound = numbers(version);
  std::vector<int> mine = numbers(other);
  mine.resize(bound.size());  // compare as many numbers as are written
  if (comparison == "<") return mine < bound;
  if (comparison == "<=") return mine <= bound;
  if (comparison == ">") return mine > bound;
  if (comparison == ">=") return mine >= bound;
  return mine == bound;
}

bool Expectation::is_for(const Implementation& implementation) const {
  return (systems.empty() || is_one_of(systems, implementation.platform)) &&
         std::ranges::all_of(versions,
                             [&](const VersionBound& bound) { return bound.holds_for(implementation.version); });
}

bool Expectation::concerns(const Outcome& outcome, const Implementation& implementation) const {
  return names(pattern, outcome.clause, outcome.test) &&
         (start_methods.empty() || is_one_of(start_methods, outcome.start_method)) && is_for(implementation) &&
         (!some || foresees(outcome));
}

bool Expectation::foresees(const Outcome& outcome) const {
  return outcome.verdict == verdict &&
         (glob_matches(symptom, outcome.cause) || glob_matches("*" + symptom + "*", outcome.message));
}

std::vector<Expectation> parse_expected_failures(std::string_view file_name, std::string_view text) {
  std::vector<Expectation> expectations;
  std::string complaints;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    const std::string where = std::string(file_name) + ":" + std::to_string(number);
    try {
      expectations.push_back(parse_line(line, where));
    } catch (const BadLine& bad) {
      complaints += (complaints.empty() ? "" : "\n") + where + ": " + bad.what();
    }
  }
  if (!complaints.empty()) throw CannotRun(complaints);
  return expectations;
}

std::vector<Expectation> read_expected_failures(const std::string& path) {
  std::ifstream file(path_of(path));
  std::ostringstream text;
  // Reading a directory opens well and fails here, hence the second look.
  if (!file || (file.peek() != std::ifstream::traits_type::eof() && !(text << file.rdbuf())) || file.bad()) {
    throw CannotRun("the file of expected failures " + path +
                    " cannot be read: check the path that follows --expected");
  }
  return parse_expected_failures(path, text.str());
}

std::string draft_expected_failures(const std::vector<Outcome>& outcomes, const Implementation& implementation,
                                    const std::vector<std::string>& start_methods) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::string>> methods_of;
  for (const Outcome& outcome : outcomes) {
    if (!is_one_of(kVerdicts, outcome.verdict)) continue;
    const std::string verdict(to_string(outcome.verdict));
    methods_of[{outcome.test, verdict, symptom_of(outcome)}].push_back(outcome.start_method);
  }
  std::ostringstream file;
  file << "# What " << implementation.name << " " << implementation.version << " on " << implementation.platform
       << " is known to get wrong. Replace each ? by a class and a reason:\n"
       << "# bug ADDRESS: ...   by-design: ...   platform: ...   not-implemented: ...   docs-unclear: ...\n";
  for (const auto& [line, methods] : methods_of) {
    const auto& [test, verdict, symptom] = line;
    file << test;
    if (methods.size() < start_methods.size()) file << "  [" << joined(methods) << "]";
    file << "  " << verdict << " \"" << symptom << "\"  ?:\n";
  }
  return file.str();
}

std::string expected_failures_beside(const std::vector<std::string>& command, const Implementation& implementation) {
  std::string name;
  for (const char c : implementation.name) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    name += is_plain ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '-';
  }
  std::error_code error;
  for (const std::string& word : command) {
    if (!std::filesystem::is_regular_file(path_of(word), error)) continue;
    const auto file = path_of(word).parent_path() / "expected" / (name + ".txt");
    if (std::filesystem::is_regular_file(file, error)) return text_of(file);
  }
  return "";
}

}  // namespace mp::conformance
