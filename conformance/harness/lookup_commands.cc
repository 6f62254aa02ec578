#include <algorithm>
#include <array>
#include <iomanip>
#include <map>
#include <ostream>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/cases.h"
#include "conformance/harness/commands.h"
#include "conformance/harness/compare.h"
#include "conformance/harness/matrix_page.h"
#include "conformance/harness/mutant.h"
#include "conformance/harness/plain_text.h"
#include "conformance/harness/result_file.h"
#include "spec/find.h"

namespace mp::conformance {
namespace {

std::vector<const ClauseTest*> tests_of(const spec::Clause& clause) {
  std::vector<const ClauseTest*> tests;
  for (const ClauseTest& test : all_clause_tests()) {
    if (test.clause == &clause) tests.push_back(&test);
  }
  return tests;
}

void write_field(std::ostream& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out << "  " << std::left << std::setw(15) << name << value << "\n";
}

// Explaining works without the mutants being built.
std::vector<Mutant> mutants_if_built(const std::string& own_program) {
  try {
    return list_mutants(own_program);
  } catch (const CannotRun&) {
    return {};
  }
}

struct Coverage {
  int tested = 0;
  int excused = 0;
  int untested = 0;
};

void write_row(std::ostream& out, std::string_view name, const Coverage& row) {
  out << std::left << std::setw(14) << name << std::right << std::setw(10) << row.tested << std::setw(10)
      << row.untested << std::setw(10) << row.excused << "\n";
}

}  // namespace

int list(const ListOptions& options, std::ostream& out) {
  const Selection selection(options.filters);
  check_names(selection);
  if (options.tests) {
    for (const ClauseTest& test : all_clause_tests()) {
      if (selection.has(test.clause->id, test.full_name())) out << test.full_name() << "\n";
    }
    return 0;
  }
  for (const spec::Clause* clause : spec::all_clauses()) {
    const std::vector<const ClauseTest*> tests = tests_of(*clause);
    const bool is_wanted = selection.has(clause->id, "") || std::ranges::any_of(tests, [&](const ClauseTest* test) {
                             return selection.has(clause->id, test->full_name());
                           });
    if (!is_wanted) continue;
    out << std::left << std::setw(52) << clause->id << " " << std::setw(7) << spec::to_string(clause->level)
        << std::setw(12) << clause->profile << counted(tests.size(), "test") << "\n";
  }
  return 0;
}

int explain(const ExplainOptions& options, const std::string& own_program, std::ostream& out) {
  const spec::Clause* clause = spec::find_clause(options.clause);
  if (clause == nullptr) throw CannotRun(spec::no_such_clause(options.clause));
  out << clause->id << " (" << spec::to_string(clause->level) << ")\n  " << clause->statement << "\n\n";
  write_field(out, "source", clause->source);
  write_field(out, "profile", clause->profile);
  write_field(out, "answer", spec::to_string(clause->answer));
  write_field(out, "systems", clause->systems);
  write_field(out, "start methods", clause->methods);
  write_field(out, "since", clause->since);
  write_field(out, "until", clause->until);
  write_field(out, "unobservable", clause->unobservable);
  write_field(out, "written in", clause->place);
  const std::vector<const ClauseTest*> tests = tests_of(*clause);
  for (const ClauseTest* test : tests) {
    write_field(out, "test", test->full_name() + "  (" + test->file + ":" + std::to_string(test->line) + ")");
  }
  if (tests.empty() && clause->unobservable.empty()) write_field(out, "test", "none yet");
  for (const Mutant& mutant : mutants_if_built(own_program)) {
    if (mutant.clause == clause->id) write_field(out, "mutant", mutant.name + ": " + mutant.what);
  }
  return 0;
}

int coverage(std::ostream& out) {
  std::map<std::string_view, Coverage> rows;
  Coverage all;
  for (const spec::Clause* clause : spec::all_clauses()) {
    const bool tested = has_test(*clause), excused = !tested && !clause->unobservable.empty();
    for (Coverage* row : {&rows[clause->profile], &all}) {
      row->tested += tested;
      row->excused += excused;
      row->untested += !tested && !excused;
    }
    if (excused) out << "excused   " << clause->id << ": " << clause->unobservable << "\n";
    if (!tested && !excused) out << "untested  " << clause->id << " (" << spec::to_string(clause->level) << ")\n";
  }
  out << "\n"
      << std::left << std::setw(14) << "profile" << std::right << std::setw(10) << "tested" << std::setw(10)
      << "untested" << std::setw(10) << "excused"
      << "\n";
  for (const auto& [profile, row] : rows) write_row(out, profile, row);
  write_row(out, "all", all);
  return all.untested == 0 ? 0 : 1;
}

int compare(const CompareOptions& options, std::ostream& out) {
  const ResultFile before = read_result_file(options.before);
  const ResultFile after = read_result_file(options.after);
  const Comparison comparison = compare(before, after);
  out << comparison_text(before, after, comparison);
  return comparison.regressions.empty() ? 0 : 1;
}

int report(const ReportOptions& options, std::ostream& out) {
  for (const std::string& path : options.results) {
    if (is_same_file(path, options.html))
      throw CannotRun("--html " + options.html + " would overwrite a result: name another file");
  }
  std::vector<ResultFile> files;
  for (const std::string& path : options.results) files.push_back(read_result_file(path));
  write_file(options.html, matrix_page(files));
  out << "Open " << options.html << " in a browser.\n";
  return 0;
}

}  // namespace mp::conformance
