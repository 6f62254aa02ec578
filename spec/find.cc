#include "spec/find.h"

#include <algorithm>
#include <vector>

#include "spec/nearest.h"

namespace mp::spec {
// The compiler refuses two ids that make one constant, so that this finds at most one.
const Clause* find_clause(std::string_view id_or_constant) {
  const std::string wanted = constant_name(id_or_constant);
  for (const Clause* clause : all_clauses()) {
    if (constant_name(clause->id) == wanted) return clause;
  }
  return nullptr;
}

std::string no_such_clause(std::string_view asked) {
  std::vector<std::string_view> ids;
  for (const Clause* clause : all_clauses()) ids.push_back(clause->id);
  const std::string beginning = std::string(asked) + ".";
  const auto below = std::ranges::count_if(ids, [&](std::string_view id) { return id.starts_with(beginning); });
  if (below > 0) {
    return "\"" + std::string(asked) + "\" is the beginning of " + std::to_string(below) +
           " clauses, not one of them; `conform list --filter " + std::string(asked) + "` shows them.";
  }
  const std::string question = did_you_mean(asked, ids);
  return "there is no clause \"" + std::string(asked) + "\"; " +
         (question.empty() ? "`conform list` shows all of them." : question);
}

}  // namespace mp::spec
