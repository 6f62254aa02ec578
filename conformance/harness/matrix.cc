#include "conformance/harness/matrix.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "spec/find.h"

namespace mp::conformance {
namespace {

std::ptrdiff_t badness(std::string_view verdict) {
  constexpr std::array<std::string_view, 6> kFromGoodToBad = {"",         "pass",       "unsupported",
                                                              "untested", "unresolved", "fail"};
  return std::ranges::find(kFromGoodToBad, verdict) - kFromGoodToBad.begin();
}

void add(const Result& result, Cell& cell) {
  if (badness(result.verdict) > badness(cell.verdict)) cell.verdict = result.verdict;
  cell.is_unexpected |= result.is_unexpected;
  if (result.verdict != "pass") cell.results.push_back(&result);
}

std::string noun_of(const std::string& clause) { return clause.substr(0, clause.find('.')); }

// The clauses that any file speaks of: first those of the specification, in its order.
std::vector<Row> rows_of(const std::vector<ResultFile>& files) {
  std::map<std::string, Row> found;
  for (const ResultFile& file : files) {
    for (const Result& result : file.results) found[result.clause].clause = result.clause;
  }
  std::vector<Row> rows;
  for (const spec::Clause* clause : spec::all_clauses()) {
    auto row = found.extract(std::string(clause->id));
    if (row.empty()) continue;
    row.mapped().spec = clause;
    rows.push_back(std::move(row.mapped()));
  }
  for (auto& [id, row] : found) rows.push_back(std::move(row));
  return rows;
}

KeptCount kept(const ResultFile& file, bool robust) {
  std::map<std::string_view, bool> is_kept;
  for (const Result& result : file.results) {
    if ((result.profile == "robust") != robust || (result.verdict != "pass" && result.verdict != "fail")) continue;
    bool& still = is_kept.try_emplace(result.clause, true).first->second;
    still = still && result.verdict == "pass";
  }
  return {static_cast<int>(is_kept.size()),
          static_cast<int>(std::ranges::count_if(is_kept, [](const auto& one) { return one.second; }))};
}

}  // namespace

Matrix matrix_of(const std::vector<ResultFile>& files) {
  Matrix matrix;
  for (const ResultFile& file : files) {
    for (const std::string& method : file.start_methods) matrix.columns.push_back({&file, method});
  }
  for (Row& row : rows_of(files)) {
    row.cells.resize(matrix.columns.size());
    const std::string noun = noun_of(row.clause);
    auto section = std::ranges::find(matrix.sections, noun, &NounRows::noun);
    if (section == matrix.sections.end()) section = matrix.sections.insert(section, {noun, {}});
    section->rows.push_back(std::move(row));
  }
  std::map<std::string_view, Row*> row_of;
  for (NounRows& section : matrix.sections) {
    for (Row& row : section.rows) row_of[row.clause] = &row;
  }
  for (std::size_t i = 0; i < matrix.columns.size(); ++i) {
    const Column& column = matrix.columns[i];
    for (const Result& result : column.file->results) {
      // What has no test has no start method either: it is said of each.
      if (result.start_method.empty() || result.start_method == column.start_method)
        add(result, row_of[result.clause]->cells[i]);
    }
  }
  return matrix;
}

KeptCount kept_by_the_book(const ResultFile& file) { return kept(file, false); }
KeptCount kept_beyond_it(const ResultFile& file) { return kept(file, true); }

}  // namespace mp::conformance
