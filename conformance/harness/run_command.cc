#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/cases.h"
#include "conformance/harness/commands.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/junit.h"
#include "conformance/harness/ledger.h"
#include "conformance/harness/matrix_page.h"
#include "conformance/harness/path_text.h"
#include "conformance/harness/programs.h"
#include "conformance/harness/report.h"
#include "conformance/harness/reproduce.h"
#include "conformance/harness/result_file.h"
#include "conformance/harness/settings.h"
#include "conformance/harness/this_process.h"
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

RunRecord record_of(const RunOptions& options, const std::string& expected,
                    const std::vector<std::string>& start_methods, const std::vector<Case>& cases) {
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
  Run(const std::vector<Case>& cases, std::size_t repeat, const Settings& settings, Ledger& ledger, Report& report)
      : cases_(cases),
        repeat_(repeat),
        settings_(settings),
        keep_going_(settings.keep_going),
        ledger_(ledger),
        report_(report),
        outcomes_(cases.size()) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (cases[i].not_offered.empty()) offered_.push_back(i);
    }
  }

  Ended run(const Crew& crew) {
    add_not_offered();
    const Jobs jobs{offered_.size() * repeat_, [this](std::size_t job) { return job_of(job); }};
    const Ended ended =
        run_jobs(jobs, crew, [this](std::size_t job, const Outcome& outcome) { return add(job, outcome); });
    for (const std::size_t number : offered_) add_what_ended(number);  // where not all of them did
    return ended;
  }

  // The outcome at which the run was stopped.
  const Outcome& broken() const { return broken_; }

 private:
  // The repetitions of a case follow each other.
  std::size_t case_of(std::size_t job) const { return offered_[job / repeat_]; }

  Job job_of(std::size_t job) const {
    const Case& one = cases_[case_of(job)];
    Job made{one.test->full_name(), std::string(one.test->clause->id), one.start_method, settings_};
    made.settings.seed += job % repeat_;
    return made;
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
    const std::size_t number = case_of(job);
    outcomes_[number].emplace(job % repeat_, outcome);
    if (outcomes_[number].size() == repeat_) add_what_ended(number);
    if (keep_going_ || !breaks_protocol(outcome)) return true;
    broken_ = outcome;
    return false;
  }

  void add_what_ended(std::size_t number) {
    std::vector<Outcome> all;
    for (auto& [repetition, outcome] : std::exchange(outcomes_[number], {})) all.push_back(std::move(outcome));
    if (!all.empty()) report_.add(ledger_.add(*cases_[number].test->clause, all));
  }

  const std::vector<Case>& cases_;
  const std::size_t repeat_;
  const Settings& settings_;
  const bool keep_going_;
  Ledger& ledger_;
  Report& report_;
  std::vector<std::size_t> offered_;                      // the numbers of the cases that are run
  std::vector<std::map<std::size_t, Outcome>> outcomes_;  // of each case, by repetition, until all have ended
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
  std::optional<CannotRun> trouble;
  const auto attempt = [&](const std::string& path,
                           const std::function<void()>& write) {  // one that has no room costs no other
    try {
      if (!path.empty()) write();
    } catch (const CannotRun& error) {
      if (!trouble) trouble = error;
    }
  };
  attempt(options.json, [&] { write_file(options.json, json); });
  attempt(options.html, [&] { write_file(options.html, matrix_page({parse_result_file(options.html, json)})); });
  attempt(options.junit, [&] { write_file(options.junit, junit_xml(ledger, record.how)); });
  attempt(options.write_expected, [&] { write_drafted_expectations(options, ledger, record.start_methods); });
  if (trouble) throw *trouble;
}

// What cannot be written, or must not be, is better known before the run than after it.
void check_files(const RunOptions& options) {
  std::error_code ignored;
  const std::uintmax_t size = std::filesystem::file_size(path_of(options.write_expected), ignored);
  if (!ignored && size > 0) {
    throw CannotRun("the file of --write-expected, " + options.write_expected +
                    ", exists already, and the reasons in it would be lost: name another one, or remove it first");
  }
  std::vector<std::string> paths;
  for (const std::string& path : {options.json, options.junit, options.html, options.write_expected}) {
    if (path.empty()) continue;
    for (const std::string& other : paths) {
      if (is_same_file(path, other))
        throw CannotRun("two results cannot be written to one file, " + path + ": name another one");
    }
    check_writable(path);
    paths.push_back(path);
  }
}

void check_isolation() {
  const std::string wanted = environment_variable(kIsolationVariable);
  if (!wanted.empty() && wanted != "none") {
    throw CannotRun(std::string(kIsolationVariable) + " is \"" + wanted + "\": it may be \"none\", or not set");
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
  check_isolation();
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
  const Ended ended =
      run.run(crew_of({own_program, std::string(kWorkerArgument)}, options.jobs, options.timeout_scale));
  add_untested(selection, ledger);
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  report.end(ledger, ended == Ended::kAllDone);
  write_files(options, ledger, record);
  if (ended == Ended::kInterrupted) {
    throw CannotRun("interrupted: not all tests were run, and the result is not whole");
  }
  if (ended == Ended::kNoWorkers) {
    throw CannotRun(
        "no worker is left, and no other can be started: not all tests were run, and the result is not whole");
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
