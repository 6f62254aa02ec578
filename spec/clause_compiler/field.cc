#include "spec/clause_compiler/field.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "spec/nearest.h"

namespace mp::spec {
namespace {

using Names = std::span<const std::string_view>;
using Problem = std::optional<std::string>;

constexpr std::array<std::string_view, 8> kFields = {"Source", "Platforms", "Methods", "Since",
                                                     "Until",  "Profile",   "Answer",  "Unobservable"};
constexpr std::array<std::string_view, 11> kProfiles = {"process", "queue", "sync",       "shared", "manager", "remote",
                                                        "pool",    "spawn", "forkserver", "robust", "python"};
constexpr std::array<std::string_view, 3> kSystems = {"linux", "macos", "windows"};
constexpr std::array<std::string_view, 3> kMethods = {"fork", "spawn", "forkserver"};
constexpr std::array<Level, 3> kLevels = {Level::kMust, Level::kShould, Level::kMay};
constexpr std::array<Answer, 7> kAnswers = {Answer::kExact,   Answer::kOneOf,      Answer::kNotBefore,
                                            Answer::kWithin,  Answer::kEventually, Answer::kMustNotHang,
                                            Answer::kRecorded};

std::string join(Names words, std::string_view separator) {
  std::string joined;
  for (std::string_view word : words) {
    if (!joined.empty()) joined += separator;
    joined += word;
  }
  return joined;
}

std::string unknown(std::string_view what, std::string_view word, Names known) {
  std::string text = "unknown " + std::string(what) + " \"" + std::string(word) + "\"; ";
  if (const std::string question = did_you_mean(word, known); !question.empty()) text += question + " ";
  return text + "Use one of: " + join(known, ", ") + ".";
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" ,");
    if (begin == std::string_view::npos) return words;
    const std::size_t end = std::min(text.find_first_of(" ,", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

// Reads "all" or a list of names into `list`, in the order of `known`, so that equal sets are equal texts.
Problem read_list(std::string_view what, std::string_view value, Names known, std::string& list) {
  if (value == "all") return std::nullopt;
  const std::vector<std::string_view> words = words_of(value);
  for (std::string_view word : words) {
    if (std::find(known.begin(), known.end(), word) == known.end()) return unknown(what, word, known);
    if (std::count(words.begin(), words.end(), word) > 1)
      return "\"" + std::string(word) + "\" stands here twice; delete one.";
  }
  std::vector<std::string_view> ordered;
  std::copy_if(known.begin(), known.end(), std::back_inserter(ordered),
               [&](std::string_view name) { return std::find(words.begin(), words.end(), name) != words.end(); });
  list = ordered.size() == known.size() ? "all" : join(ordered, " ");
  return std::nullopt;
}

Problem read_platforms(std::string_view value, ParsedClause& clause) {
  return read_list("system", value == "posix" ? "linux macos" : value, kSystems, clause.systems);
}

// The two numbers of "3.14".
std::optional<std::pair<int, int>> edition_of(std::string_view text) {
  std::pair<int, int> edition;
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, edition.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, edition.second);
  if (minor.ec != std::errc() || minor.ptr != end || edition.first < 0 || edition.second < 0) return std::nullopt;
  return edition;
}

Problem read_edition(std::string_view value, std::string& edition) {
  if (!edition_of(value)) {
    return "\"" + std::string(value) + "\" is no edition of the documentation; write it as 3.14.";
  }
  edition = value;
  return std::nullopt;
}

Problem read_answer(std::string_view value, ParsedClause& clause) {
  std::vector<std::string_view> words;
  for (Answer answer : kAnswers) {
    if (to_string(answer) == value) {
      clause.answer = answer;
      return std::nullopt;
    }
    words.push_back(to_string(answer));
  }
  return unknown("kind of answer", value, words);
}

Problem read_profile(std::string_view value, ParsedClause& clause) {
  clause.profile = value;
  return check_profile(value);
}

}  // namespace

bool looks_like_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || line[0] < 'A' || line[0] > 'Z') return false;
  return line.substr(0, colon).find(' ') == std::string_view::npos;
}

std::vector<Field> split_fields(std::string_view line) {
  std::vector<Field> fields;
  while (!line.empty()) {
    const std::size_t gap = std::min(line.find("  "), line.size());
    const std::string_view piece = line.substr(0, gap);
    line.remove_prefix(std::min(line.find_first_not_of(' ', gap), line.size()));
    if (!looks_like_field(piece)) {
      fields.push_back({"", std::string(piece)});
      continue;
    }
    const std::size_t colon = piece.find(':');
    const std::size_t begin = std::min(piece.find_first_not_of(' ', colon + 1), piece.size());
    fields.push_back({std::string(piece.substr(0, colon)), std::string(piece.substr(begin))});
  }
  return fields;
}

Problem apply_field(const Field& field, ParsedClause& clause) {
  const std::string& key = field.key;
  if (key.empty()) {
    return "\"" + field.value +
           "\" is no field; write `Key: value`, with two or more blanks between the fields of a line, and the "
           "statement before them.";
  }
  if (std::find(kFields.begin(), kFields.end(), key) == kFields.end()) return unknown("field", key, kFields);
  if (field.value.empty()) return "the field " + key + " is empty; give it a value or delete it.";
  if (key == "Platforms") return read_platforms(field.value, clause);
  if (key == "Methods") return read_list("start method", field.value, kMethods, clause.methods);
  if (key == "Since") return read_edition(field.value, clause.since);
  if (key == "Until") return read_edition(field.value, clause.until);
  if (key == "Profile") return read_profile(field.value, clause);
  if (key == "Answer") return read_answer(field.value, clause);
  (key == "Source" ? clause.source : clause.unobservable) = field.value;
  return std::nullopt;
}

Problem check_profile(std::string_view name) {
  if (std::find(kProfiles.begin(), kProfiles.end(), name) != kProfiles.end()) return std::nullopt;
  return unknown("profile", name, kProfiles);
}

bool later(std::string_view edition, std::string_view than) { return edition_of(edition) > edition_of(than); }

std::optional<Level> level_of(std::string_view word) {
  const auto found =
      std::find_if(kLevels.begin(), kLevels.end(), [&](Level level) { return to_string(level) == word; });
  return found == kLevels.end() ? std::nullopt : std::optional<Level>(*found);
}

}  // namespace mp::spec
