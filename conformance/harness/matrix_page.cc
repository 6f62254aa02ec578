#include "conformance/harness/matrix_page.h"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <string_view>

#include "conformance/harness/markup.h"
#include "conformance/harness/matrix.h"
#include "conformance/harness/plain_text.h"

namespace mp::conformance {
namespace {

struct Sign {
  std::string_view verdict;
  std::string_view sign;
  std::string_view meaning;
};

// Each is told by its form, too, never by its colour alone.
constexpr Sign kSigns[] = {
    {"pass", "✓", "kept"},
    {"fail", "✗", "broken"},
    {"unresolved", "?", "could not be judged"},
    {"unsupported", "–", "not offered"},
    {"untested", "○", "no test"},
};

std::string_view sign_of(std::string_view verdict) {
  const auto found = std::ranges::find(kSigns, verdict, &Sign::verdict);
  return found == std::end(kSigns) ? "" : found->sign;
}

// "fail" or, when somebody has said why, "fail known".
std::string classes(const std::string& verdict, bool is_unexpected) {
  const bool is_known = (verdict == "fail" || verdict == "unresolved") && !is_unexpected;
  return escaped(verdict) + (is_known ? " known" : "");
}

void write_score(const KeptCount& kept, std::string_view name, std::ostream& out) {
  if (kept.judged == 0) return;
  const double share = 100.0 * kept.kept / kept.judged;
  out << "<dt>" << name << "</dt><dd><b>" << kept.kept << "</b> of " << kept.judged << " clauses kept"
      << "<span class=\"bar\"><span style=\"width:" << share << "%\"></span></span></dd>\n";
}

void write_card(const ResultFile& file, std::ostream& out) {
  const auto unexpected = static_cast<std::size_t>(std::ranges::count_if(file.results, &Result::is_unexpected));
  out << "<article><h2>" << escaped(file.name) << " <small>" << escaped(file.version) << "</small></h2>\n<p>"
      << escaped(file.platform);
  for (const std::string& method : file.start_methods) out << " · " << escaped(method);
  out << "</p>\n<dl>";
  write_score(kept_by_the_book(file), "By the book", out);
  write_score(kept_beyond_it(file), "Robust", out);
  out << "</dl>\n<p class=\"" << (unexpected == 0 ? "fine" : "alarm") << "\">"
      << (unexpected == 0 ? "All is as expected" : counted(unexpected, "result") + " not as expected") << "</p><footer>"
      << escaped(file.started) << "</footer></article>\n";
}

void write_tools(std::ostream& out) {
  out << "<form id=\"tools\"><label>Clause or text <input type=\"search\" id=\"search\" "
         "placeholder=\"queue.put\"></label>\n"
         "<label>Show <select id=\"show\"><option value=\"all\">all clauses</option><option value=\"broken\">not kept "
         "by all</option>"
         "<option value=\"alarm\">not as expected</option><option value=\"differ\">where columns "
         "differ</option></select></label>\n"
         "<output id=\"count\"></output><ul>";
  for (const Sign& sign : kSigns) {
    out << "<li><span class=\"cell " << sign.verdict << "\">" << sign.sign << "</span> " << sign.meaning << "</li>";
  }
  out << "<li><span class=\"cell fail known\">✗</span> broken, and known</li></ul></form>\n";
}

void write_head(const Matrix& matrix, std::ostream& out) {
  out << "<thead><tr><th rowspan=\"2\">Clause</th>";
  for (auto column = matrix.columns.begin(); column != matrix.columns.end();) {
    const auto end =
        std::find_if(column, matrix.columns.end(), [&](const Column& other) { return other.file != column->file; });
    out << "<th class=\"first\" colspan=\"" << end - column << "\">" << escaped(column->file->name) << "<br><small>"
        << escaped(column->file->version) << "</small></th>";
    column = end;
  }
  out << "</tr><tr>";
  const ResultFile* last = nullptr;
  for (const Column& column : matrix.columns) {
    out << "<th" << (column.file != last ? " class=\"first\"" : "") << ">" << escaped(column.start_method) << "</th>";
    last = column.file;
  }
  out << "</tr></thead>\n";
}

void write_result(const Column& column, const Result& result, std::ostream& out) {
  out << "<section class=\"" << classes(result.verdict, result.is_unexpected) << "\"><h4>" << sign_of(result.verdict)
      << " " << escaped(column.file->name) << ", " << escaped(column.start_method) << ": " << escaped(result.verdict);
  if (!result.cause.empty()) out << " (" << escaped(result.cause) << ")";
  out << "</h4>";
  if (!result.message.empty()) out << "<pre>" << escaped(result.message) << "</pre>";
  if (!result.reason.empty()) out << "<p><b>" << escaped(result.kind) << "</b> " << escaped(result.reason) << "</p>";
  if (!result.reproduce.empty()) out << "<p>Again: <code>" << escaped(result.reproduce) << "</code></p>";
  if (!result.transcript.empty())
    out << "<details><summary>What each process was asked</summary><pre>" << escaped(result.transcript)
        << "</pre></details>";
  out << "</section>\n";
}

void write_details(const Matrix& matrix, const Row& row, std::ostream& out) {
  out << "<tr class=\"details\" hidden><td colspan=\"" << matrix.columns.size() + 1 << "\"><div>";
  if (row.spec != nullptr) {
    out << "<p>" << escaped(row.spec->statement) << "</p><p class=\"source\">" << escaped(row.spec->source) << "</p>\n";
  } else {
    out << "<p>This suite does not know the clause.</p>\n";
  }
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    for (const Result* result : row.cells[i].results) write_result(matrix.columns[i], *result, out);
  }
  out << "</div></td></tr>\n";
}

void write_row(const Matrix& matrix, const Row& row, std::ostream& out) {
  const bool is_alarm = std::ranges::any_of(row.cells, &Cell::is_unexpected);
  out << "<tr class=\"clause" << (is_alarm ? " alarm" : "") << "\" id=\"" << escaped(row.clause)
      << "\"><th scope=\"row\"><button type=\"button\""
      << " aria-expanded=\"false\">" << escaped(row.clause) << "</button>";
  if (row.spec != nullptr) {
    if (row.spec->level != spec::Level::kMust) out << " <i>" << spec::to_string(row.spec->level) << "</i>";
    out << "<span class=\"says\">" << escaped(row.spec->statement) << "</span>";
  }
  out << "</th>";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    const bool is_first = i == 0 || matrix.columns[i].file != matrix.columns[i - 1].file;
    out << "<td class=\"cell " << classes(cell.verdict, cell.is_unexpected) << (is_first ? " first" : "") << "\">"
        << sign_of(cell.verdict) << "</td>";
  }
  out << "</tr>\n";
  write_details(matrix, row, out);
}

void write_section(const Matrix& matrix, const NounRows& section, std::ostream& out) {
  out << "<tbody><tr class=\"noun\"><th colspan=\"" << matrix.columns.size() + 1 << "\">" << escaped(section.noun)
      << " <small>" << counted(section.rows.size(), "clause") << "</small></th></tr>\n";
  for (const Row& row : section.rows) write_row(matrix, row, out);
  out << "</tbody>\n";
}

}  // namespace

std::string matrix_page(const std::vector<ResultFile>& files) {
  const Matrix matrix = matrix_of(files);
  std::ostringstream out;
  out << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\">\n"
      << "<title>Conformance: who keeps the process model</title>\n<style>" << kMatrixStyle
      << "</style></head>\n<body>\n"
      << "<header><h1>Who keeps the process model</h1><p>Each row is one documented behaviour, each column an "
         "implementation under one start "
         "method. Open a row for what it demands and what was seen.</p></header>\n<div class=\"cards\">\n";
  for (const ResultFile& file : files) write_card(file, out);
  out << "</div>\n";
  write_tools(out);
  out << "<table>";
  write_head(matrix, out);
  for (const NounRows& section : matrix.sections) write_section(matrix, section, out);
  out << "</table>\n<script>" << kMatrixScript << "</script>\n</body></html>\n";
  return out.str();
}

}  // namespace mp::conformance
