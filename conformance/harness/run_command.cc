#include <algorithm>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/cases.h"
#include "conformance/harness/commands.h"
#include "conformance/harness/junit.h"
#include "conformance/harness/ledger.h"
#include "conformance/harness/matrix_page.h"
#include "conformance/harness/programs.h"
#include "conformance/harness/report.h"
#include "conformance/harness/reproduce.h"
#include "conformance/harness/result_file.h"
#include "conformance/harness/settings.h"
#include "conformance/harness/worker.h"
#include "conformance/harness/workers.h"

namespace mp::conformance {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::ostringstream text;
  text << std::put_time(std::gmtime(&now), "%Y-%m-%dT%H:%M:%SZ");
  return text.str();
}

Settings settings_of(const RunOptions& options, const std::string& own_program) {
  Settings settings;
  settings.command = split_command(options.testee);
  if (settings.command.empty() && !options.testee.empty()) {
    throw CannotRun(
        "the command that follows --testee is blank: say how the testee is started, or leave --testee out for the "
        "reference");
  }
  if (settings.command.empty()) settings.command = reference_command(own_program);
  settings.seed = options.seed;
  settings.timeout_scale = options.timeout_scale;
  settings.keep_going = options.keep_going;
  return settings;
}

RunRecord record_of(const RunOptions& options, const std::string& expected, const std::vector<std::string>& start_methods,
                    const std::vector<Case>& cases) {
  RunRecord record;
  record.how = {split_command(options.testee), options.seed, options.timeout_scale};
  record.start_methods = start_methods;
  record.filters = options.filters;
  for (const Case& one : cases) record.tests.push_back(one.test->full_name() + "/" + one.start_method);
  record.expected_failures = expected;
  record.repeat = options.repeat;
  record.jobs = options.jobs;
  record.started = utc_now();
  return record;
}

Implementation examine(const std::vector<std::string>& command) {
  try {
    return examine_testee();
  } catch (const CannotRun& error) {
    throw CannotRun(std::string(error.what()) + "\nIt was started as: " + shell_quoted(command));
  }
}

// The adapter itself is at fault, not what it adapts: nothing that it says can be relied on.
bool breaks_protocol(const Outcome& outcome) {
  constexpr std::string_view kBreaks[] = {"garbage", "double reply", "flood", "liar"};
  return outcome.verdict != Verdict::kPass && std::ranges::find(kBreaks, outcome.cause) != std::end(kBreaks);
}

// One run of the selected cases: hands them to workers, and their outcomes to the ledger and to the report.
class Run {
 public:
  Run(const std::vector<Case>& cases, int repeat, const Settings& settings, Ledger& ledger, Report& report)
      : cases_(cases),
        repeat_(repeat),
        keep_going_(settings.keep_going),
        ledger_(ledger),
        report_(report),
        outcomes_(cases.size()),
        ended_(cases.size()) {
    for (std::size_t i = 0; i < cases.size(); ++i) add_jobs(i, settings);
  }

  Ended run(const Crew& crew) {
    add_not_offered();
    return run_jobs(jobs_, crew, [this](std::size_t job, const Outcome& outcome) { return add(job, outcome); });
  }

  // The outcome at which the run was stopped.
  const Outcome& broken() const { return broken_; }

 private:
  void add_jobs(std::size_t number, const Settings& settings) {
    const Case& one = cases_[number];
    if (!one.not_offered.empty()) return;
    for (int i = 0; i < repeat_; ++i) {
      jobs_.push_back({one.test->full_name(), std::string(one.test->clause->id), one.start_method, settings});
      jobs_.back().settings.seed += static_cast<std::uint64_t>(i);
      case_of_.push_back(number);
    }
    outcomes_[number].resize(repeat_);
  }

  void add_not_offered() {
    for (const Case& one : cases_) {
      if (one.not_offered.empty()) continue;
      Outcome outcome;
      outcome.test = one.test->full_name();
      outcome.clause = one.test->clause->id;
      outcome.start_method = one.start_method;
      outcome.verdict = Verdict::kUnsupported;
      outcome.cause = "not offered";
      outcome.message = one.not_offered;
      report_.add(ledger_.add_not_offered(*one.test->clause, std::move(outcome)));
    }
  }

  // Repetitions end in any order; the ledger gets them together and in the order of their seeds.
  bool add(std::size_t job, const Outcome& outcome) {
    const std::size_t number = case_of_[job];
    const auto first = std::ranges::lower_bound(case_of_, number) - case_of_.begin();
    std::vector<Outcome>& all = outcomes_[number];
    all[job - first] = outcome;
    if (++ended_[number] == repeat_) {
      report_.add(ledger_.add(*cases_[number].test->clause, all));
      all = {};
    }
    if (keep_going_ || !breaks_protocol(outcome)) return true;
    broken_ = outcome;
    return false;
  }

  const std::vector<Case>& cases_;
  const int repeat_;
  const bool keep_going_;
  Ledger& ledger_;
  Report& report_;
  std::vector<Job> jobs_;
  std::vector<std::size_t> case_of_;            // of each job; ascending
  std::vector<std::vector<Outcome>> outcomes_;  // of each case
  std::vector<int> ended_;                      // repetitions of each case
  Outcome broken_;
};

void add_untested(const Selection& selection, Ledger& ledger) {
  for (const spec::Clause* clause : spec::all_clauses()) {
    if (!has_test(*clause) && clause->unobservable.empty() && selection.has(clause->id, ""))
      ledger.add_untested(*clause);
  }
}

void write_drafted_expectations(const RunOptions& options, const Ledger& ledger,
                                const std::vector<std::string>& start_methods) {
  std::vector<Outcome> outcomes;
  for (const Entry& entry : ledger.entries()) {
    const bool worth_a_line = is_unexpected(entry.standing) || entry.standing == Standing::kExpectedFailure;
    if (worth_a_line) outcomes.push_back(entry.outcome);
  }
  write_file(options.write_expected, draft_expected_failures(outcomes, ledger.implementation(), start_methods));
}

void write_files(const RunOptions& options, const Ledger& ledger, const RunRecord& record) {
  const bool is_wanted = !options.json.empty() || !options.html.empty();
  const std::string json = is_wanted ? result_json(ledger, record) : "";
  if (!options.json.empty()) write_file(options.json, json);
  if (!options.html.empty()) write_file(options.html, matrix_page({parse_result_file(options.html, json)}));
  if (!options.junit.empty()) write_file(options.junit, junit_xml(ledger, record.how));
  if (!options.write_expected.empty()) write_drafted_expectations(options, ledger, record.start_methods);
}

// Files that cannot be written are better known before the run than after it.
void check_files(const RunOptions& options) {
  for (const std::string& path : {options.json, options.junit, options.html, options.write_expected}) {
    if (!path.empty()) check_writable(path);
  }
}

// No file: nothing is expected to fail.
std::vector<Expectation> read_expectations(const std::string& file) {
  if (file.empty()) return {};
  std::vector<Expectation> expectations = read_expected_failures(file);
  check_names(expectations);
  return expectations;
}

}  // namespace

int run(const RunOptions& options, const std::string& own_program, std::ostream& out) {
  std::string expected = options.expected;
  std::vector<Expectation> expectations = read_expectations(expected);
  const Selection selection(options.filters);
  check_names(selection);
  const Settings settings = settings_of(options, own_program);
  set_settings(settings);
  check_files(options);
  const Implementation implementation = examine(settings.command);
  if (expected.empty() && options.write_expected.empty()) {
    expected = expected_failures_beside(settings.command, implementation);
    expectations = read_expectations(expected);
  }
  const std::vector<std::string> start_methods = choose_start_methods(implementation, options.start_methods);
  const std::vector<Case> cases = choose_cases(selection, implementation, start_methods);

  RunRecord record = record_of(options, expected, start_methods, cases);
  Ledger ledger(implementation, expectations);
  Report report(out, Paint::of_standard_output(), record);
  const auto begin = std::chrono::steady_clock::now();
  report.begin(implementation, cases.size());
  Run run(cases, options.repeat, settings, ledger, report);
  const Ended ended = run.run({{own_program, std::string(kWorkerArgument)}, options.jobs});
  add_untested(selection, ledger);
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  report.end(ledger, ended == Ended::kAllDone);
  write_files(options, ledger, record);
  if (ended == Ended::kInterrupted) {
    throw CannotRun("interrupted: not all tests were run, and the result is not whole");
  }
  if (ended == Ended::kStopped) {
    throw CannotRun(
        "stopped at " + run.broken().test + " [" + run.broken().start_method + "], " + run.broken().cause + ": " +
        run.broken().message +
        "\nCorrect the adapter (protocol.md says what it may answer), or go on all the same with --keep-going");
  }
  return ledger.all_as_expected() ? 0 : 1;
}

}  // namespace mp::conformance
