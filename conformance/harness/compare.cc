#include "conformance/harness/compare.h"

#include <map>
#include <sstream>
#include <string_view>
#include <tuple>

#include "conformance/harness/plain_text.h"

namespace mp::conformance {
namespace {

// A clause without a test has no test's name; its id tells it apart.
using Key = std::tuple<std::string, std::string, std::string>;

std::map<Key, Change> side_by_side(const ResultFile& before, const ResultFile& after) {
  std::map<Key, Change> changes;
  const auto at = [&](const Result& result) -> Change& {
    Change& change = changes[{result.clause, result.test, result.start_method}];
    change.test = result.test;
    change.clause = result.clause;
    change.start_method = result.start_method;
    return change;
  };
  for (const Result& result : before.results) at(result).before = result.verdict;
  for (const Result& result : after.results) {
    Change& change = at(result);
    change.after = result.verdict;
    change.message = result.message;
  }
  return changes;
}

void write_list(std::string_view title, const std::vector<Change>& changes, std::ostream& out) {
  if (changes.empty()) return;
  out << title << " (" << changes.size() << ")\n";
  for (const Change& change : changes) {
    out << "  " << change.clause;
    if (!change.start_method.empty()) out << " [" << change.start_method << "]";
    if (!change.before.empty() && !change.after.empty()) {
      out << "  " << change.before << " -> " << change.after;
    } else {
      out << "  " << change.before << change.after;
    }
    if (!change.test.empty()) out << "  " << change.test;
    if (!change.message.empty() && change.after != "pass")
      out << "\n      " << harmless(change.message.substr(0, change.message.find('\n')));
    out << "\n";
  }
  out << "\n";
}

}  // namespace

Comparison compare(const ResultFile& before, const ResultFile& after) {
  Comparison comparison;
  for (auto& [key, change] : side_by_side(before, after)) {
    if (change.before == change.after) {
      ++comparison.same;
    } else if (change.before.empty()) {
      comparison.added.push_back(change);
    } else if (change.after.empty()) {
      comparison.gone.push_back(change);
    } else if (change.before == "pass") {
      comparison.regressions.push_back(change);
    } else if (change.after == "pass") {
      comparison.fixes.push_back(change);
    } else {
      comparison.others.push_back(change);
    }
  }
  return comparison;
}

std::string comparison_text(const ResultFile& before, const ResultFile& after, const Comparison& comparison) {
  std::ostringstream out;
  out << "before  " << before.name << " " << before.version << "  (" << before.path << ")\n"
      << "after   " << after.name << " " << after.version << "  (" << after.path << ")\n\n";
  write_list("Regressions: passed before, do not now", comparison.regressions, out);
  write_list("Fixes: pass now, did not before", comparison.fixes, out);
  write_list("Other changes", comparison.others, out);
  write_list("New: only in the newer result", comparison.added, out);
  write_list("Gone: only in the older result", comparison.gone, out);
  out << comparison.regressions.size() << " regressions, " << comparison.fixes.size() << " fixes, "
      << comparison.others.size() << " other changes, " << comparison.added.size() << " new, " << comparison.gone.size()
      << " gone, " << comparison.same << " the same\n";
  return out.str();
}

}  // namespace mp::conformance
