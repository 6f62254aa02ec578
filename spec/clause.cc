#include "spec/clause.h"

#include <algorithm>

namespace mp::spec {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::kMust: return "must";
    case Level::kShould: return "should";
    case Level::kMay: return "may";
  }
  return "?";
}

std::string_view to_string(Answer answer) {
  switch (answer) {
    case Answer::kExact: return "exact";
    case Answer::kOneOf: return "one-of";
    case Answer::kNotBefore: return "not-before";
    case Answer::kWithin: return "within";
    case Answer::kEventually: return "eventually";
    case Answer::kMustNotHang: return "must-not-hang";
    case Answer::kRecorded: return "recorded";
  }
  return "?";
}

std::string constant_name(std::string_view id) {
  std::string name(id);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

}  // namespace mp::spec
