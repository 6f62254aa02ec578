#include "conformance/harness/selection.h"

#include <algorithm>

namespace mp::conformance {
namespace {

bool names_whole_or_beginning(std::string_view glob, std::string_view name) {
  if (name.empty()) return false;
  return glob_matches(glob, name) || glob_matches(std::string(glob) + ".*", name);
}

}  // namespace

bool glob_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;  // the last star, and where its text may grow from
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g, ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

bool names(std::string_view glob, std::string_view clause, std::string_view test) {
  return names_whole_or_beginning(glob, clause) || names_whole_or_beginning(glob, test);
}

Selection::Selection(std::vector<std::string> globs) {
  for (std::string& glob : globs) {
    if (glob.starts_with('!')) {
      unwanted_.push_back(glob.substr(1));
    } else {
      wanted_.push_back(std::move(glob));
    }
  }
}

bool Selection::has(std::string_view clause, std::string_view test) const {
  const auto named = [&](const std::string& glob) { return names(glob, clause, test); };
  return (wanted_.empty() || std::ranges::any_of(wanted_, named)) && std::ranges::none_of(unwanted_, named);
}

}  // namespace mp::conformance
