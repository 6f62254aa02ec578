#include "spec/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mp::spec {
namespace {

// Levenshtein's distance, one row of the table at a time.
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row[to.size()];
}

}  // namespace

std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> names,
                                      std::size_t most) {
  const std::size_t far = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (std::string_view name : names) {
    const bool part = word.size() >= 3 && name.find(word) != std::string_view::npos;
    const std::size_t distance = part ? 0 : edits(word, name);
    if (distance < far) near.emplace_back(distance, name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> best;
  for (std::size_t i = 0; i < near.size() && i < most && near[i].first <= near[0].first + 1; ++i)
    best.push_back(near[i].second);
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  std::string question;
  for (std::string_view name : nearest(word, names, 3)) {
    question += question.empty() ? "did you mean " : " or ";
    question += name;
  }
  return question.empty() ? question : question + "?";
}

}  // namespace mp::spec
