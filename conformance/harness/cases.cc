#include "conformance/harness/cases.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include "conformance/harness/cannot_run.h"
#include "spec/nearest.h"

namespace mp::conformance {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

bool has_word(std::string_view words, std::string_view word) {
  std::istringstream stream{std::string(words)};
  for (std::string one; stream >> one;) {
    if (one == word || one == "all") return true;
  }
  return false;
}

bool names_anything(std::string_view glob) {
  return std::ranges::any_of(spec::all_clauses(),
                             [&](const spec::Clause* clause) { return names(glob, clause->id, ""); }) ||
         std::ranges::any_of(all_clause_tests(),
                             [&](const ClauseTest& test) { return names(glob, "", test.full_name()); });
}

// The ids of all clauses and all that lies above them: "queue", "queue.put", "queue.put.full".
std::set<std::string_view> ids_and_their_beginnings() {
  std::set<std::string_view> all;
  for (const spec::Clause* clause : spec::all_clauses()) {
    all.insert(clause->id);
    for (auto dot = clause->id.find('.'); dot != std::string_view::npos; dot = clause->id.find('.', dot + 1)) {
      all.insert(clause->id.substr(0, dot));
    }
  }
  return all;
}

// "no clause and no test is named queue.putt: did you mean queue.put?"
std::string nothing_is_named(const std::string& glob) {
  std::vector<std::string> tests;
  for (const ClauseTest& test : all_clause_tests()) tests.push_back(test.full_name());
  const std::set<std::string_view> ids = ids_and_their_beginnings();
  std::vector<std::string_view> known(ids.begin(), ids.end());
  known.insert(known.end(), tests.begin(), tests.end());
  const std::string suggestion = spec::did_you_mean(glob, known);
  return "no clause and no test is named " + glob +
         (suggestion.empty() ? ": see \"list\" and \"list --tests\"" : ": " + suggestion);
}

}  // namespace

bool speaks_of(const spec::Clause& clause, std::string_view start_method) {
  return has_word(clause.methods, start_method);
}

bool has_test(const spec::Clause& clause) {
  return std::ranges::any_of(all_clause_tests(), [&](const ClauseTest& test) { return test.clause == &clause; });
}

std::vector<std::string> choose_start_methods(const Implementation& implementation,
                                              const std::vector<std::string>& wanted) {
  const std::vector<std::string>& offered = implementation.start_methods;
  if (offered.empty()) {
    throw CannotRun(implementation.name +
                    " offers no start method: its hello needs start_methods with at least one of fork, spawn, "
                    "forkserver (protocol.md, section 2)");
  }
  for (const std::string& method : wanted) {
    if (std::ranges::find(offered, method) != offered.end()) continue;
    throw CannotRun(implementation.name + " does not offer the start method " + method + ": choose from " +
                    joined(offered));
  }
  if (wanted.empty()) return offered;
  std::vector<std::string> chosen;
  std::ranges::copy_if(offered, std::back_inserter(chosen),
                       [&](const std::string& method) { return std::ranges::find(wanted, method) != wanted.end(); });
  return chosen;
}

std::vector<Case> choose_cases(const Selection& selection, const Implementation& implementation,
                               const std::vector<std::string>& start_methods) {
  std::vector<Case> cases;
  for (const ClauseTest& test : all_clause_tests()) {
    if (!selection.has(test.clause->id, test.full_name())) continue;
    for (const std::string& method : start_methods) {
      if (!speaks_of(*test.clause, method)) continue;
      cases.push_back({&test, method, unsupported_because(*test.clause, implementation, method)});
    }
  }
  if (cases.empty()) {
    throw CannotRun("no test is left to run under " + joined(start_methods) +
                    " with these filters: see \"list --tests\" for what there is");
  }
  return cases;
}

void check_names(const Selection& selection) {
  for (const std::string& glob : selection.wanted()) {
    if (!names_anything(glob)) throw CannotRun(nothing_is_named(glob));
  }
}

void check_names(const std::vector<Expectation>& expectations) {
  std::string complaints;
  for (const Expectation& line : expectations) {
    if (names_anything(line.pattern)) continue;
    complaints += (complaints.empty() ? "" : "\n") + line.where + ": " + nothing_is_named(line.pattern);
  }
  if (!complaints.empty()) throw CannotRun(complaints);
}

}  // namespace mp::conformance
