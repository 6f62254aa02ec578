#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/cases.h"
#include "conformance/harness/commands.h"
#include "conformance/harness/mutant.h"
#include "conformance/harness/programs.h"
#include "conformance/harness/settings.h"
#include "conformance/harness/worker.h"
#include "conformance/harness/workers.h"
#include "spec/find.h"

namespace mp::conformance {
namespace {

// A mutant together with how its clause's tests judged it. `caught` needs a verdict `fail` from a test of that very
// clause, which passes when nothing is wrong: unresolved, or a test of another clause, proves nothing.
struct Trial {
  Mutant mutant;
  std::vector<std::string> caught_by;  // "queue_put_full.Waits (hang)"
  std::vector<std::string> escaped;    // "queue_put_full.Waits (pass)"
};

// fork if it may be had: it is the quickest.
std::optional<std::string> start_method_for(const spec::Clause& clause, const Implementation& implementation) {
  std::vector<std::string> methods = implementation.start_methods;
  std::stable_partition(methods.begin(), methods.end(), [](const std::string& method) { return method == "fork"; });
  for (const std::string& method : methods) {
    if (speaks_of(clause, method) && unsupported_because(clause, implementation, method).empty()) return method;
  }
  return std::nullopt;
}

class Trials {
 public:
  Trials(const MutantsOptions& options, std::vector<std::string> command, const Implementation& unbroken)
      : options_(options), command_(std::move(command)), unbroken_(unbroken), selection_(options.filters) {}

  void add(const Mutant& mutant) {
    const spec::Clause* clause = spec::find_clause(mutant.clause);
    if (clause == nullptr)
      throw CannotRun("the mutant " + mutant.name + " breaks no clause: " + spec::no_such_clause(mutant.clause));
    if (!is_wanted(*clause) || !is_offered(*clause)) return;
    trials_.push_back({mutant, {}, {}});
    with_mutant_.insert(clause);
    for (const ClauseTest& test : all_clause_tests()) {
      if (test.clause == clause) add_jobs(test, trials_.size() - 1);
    }
  }

  void judge(const Crew& crew, std::ostream& out) {
    std::size_t ended = 0;
    const Jobs jobs{jobs_.size(), [this](std::size_t job) { return jobs_[job]; }};
    const Ended how = run_jobs(jobs, crew, [&](std::size_t job, const Outcome& outcome) {
      outcomes_[job] = outcome;
      if (++ended % 50 == 0) out << "  " << ended << " of " << jobs_.size() << "\n" << std::flush;
      return true;
    });
    if (how == Ended::kInterrupted) throw CannotRun("interrupted: not all mutants were judged");
    if (how == Ended::kNoWorkers)
      throw CannotRun("no worker is left, and no other can be started: not all mutants were judged");
    for (const auto& [job, trial] : trial_of_) weigh(outcomes_.at(job), trials_[trial]);
  }

  // 0 if every mutant is caught and every clause with a test has one. What the unbroken implementation does not claim (what only
  // makes sense for Python, what came with a later edition) it cannot be made to break either: that is told, not blamed.
  int write(std::ostream& out) const {
    const auto caught = std::ranges::count_if(trials_, [](const Trial& trial) { return !trial.caught_by.empty(); });
    for (const Trial& trial : trials_) write_trial(trial, out);
    const auto [without, unclaimed] = clauses_without_mutant();
    for (const spec::Clause* clause : unclaimed) out << "unclaimed  " << clause->id << "\n";
    for (const spec::Clause* clause : without) out << "no mutant  " << clause->id << "\n";
    out << "\n"
        << caught << " of " << trials_.size() << " mutants caught, " << without.size()
        << " clauses with a test but no mutant, " << unclaimed.size() << " that the implementation does not claim\n";
    return caught == std::ssize(trials_) && without.empty() ? 0 : 1;
  }

 private:
  bool is_wanted(const spec::Clause& clause) const { return has_test(clause) && selection_.has(clause.id, ""); }
  bool is_offered(const spec::Clause& clause) const { return start_method_for(clause, unbroken_).has_value(); }

  void add_jobs(const ClauseTest& test, std::size_t trial) {
    const std::optional<std::string> method = start_method_for(*test.clause, unbroken_);
    std::vector<std::string> command = command_;
    if (!control_of_.contains(test.full_name())) control_of_[test.full_name()] = add_job(test, *method, command);
    command.insert(command.end(), {"--mutant", trials_[trial].mutant.name});
    trial_of_[add_job(test, *method, command)] = trial;
  }

  std::size_t add_job(const ClauseTest& test, const std::string& method, const std::vector<std::string>& command) {
    jobs_.push_back({test.full_name(),
                     std::string(test.clause->id),
                     method,
                     {command, options_.seed, options_.timeout_scale, true}});
    return jobs_.size() - 1;
  }

  void weigh(const Outcome& outcome, Trial& trial) {
    const Outcome& control = outcomes_.at(control_of_.at(outcome.test));
    if (control.verdict != Verdict::kPass) {
      trial.escaped.push_back(outcome.test + " (does not pass without a mutant either: " +
                              std::string(to_string(control.verdict)) + ", " + control.cause + ")");
    } else if (outcome.verdict == Verdict::kFail) {
      trial.caught_by.push_back(outcome.test + " (" + outcome.cause + ")");
    } else {
      trial.escaped.push_back(outcome.test + " (" + std::string(to_string(outcome.verdict)) +
                              (outcome.cause.empty() ? "" : ", " + outcome.cause) + ")");
    }
  }

  static void write_trial(const Trial& trial, std::ostream& out) {
    const bool caught = !trial.caught_by.empty();
    out << (caught ? "caught     " : "ESCAPED    ") << std::left << std::setw(44) << trial.mutant.clause << " "
        << trial.mutant.name;
    if (caught) out << "  by " << trial.caught_by.front();
    out << "\n";
    if (caught) return;
    out << "           what is wrong with it: " << trial.mutant.what << "\n";
    for (const std::string& test : trial.escaped) out << "           " << test << "\n";
  }

  // Those that should have one, and those that are not claimed.
  std::pair<std::vector<const spec::Clause*>, std::vector<const spec::Clause*>> clauses_without_mutant() const {
    std::vector<const spec::Clause*> without, unclaimed;
    for (const spec::Clause* clause : spec::all_clauses()) {
      if (!is_wanted(*clause) || with_mutant_.contains(clause)) continue;
      (is_offered(*clause) ? without : unclaimed).push_back(clause);
    }
    return {without, unclaimed};
  }

  const MutantsOptions& options_;
  const std::vector<std::string> command_;
  const Implementation& unbroken_;
  const Selection selection_;
  std::vector<Trial> trials_;
  std::vector<Job> jobs_;
  std::map<std::size_t, std::size_t> trial_of_;    // job -> trial; controls have none
  std::map<std::string, std::size_t> control_of_;  // test -> the job that runs it on what is not broken
  std::map<std::size_t, Outcome> outcomes_;        // of each job
  std::set<const spec::Clause*> with_mutant_;
};

}  // namespace

int mutants(const MutantsOptions& options, const std::string& own_program, std::ostream& out) {
  check_names(Selection(options.filters));
  const std::vector<std::string> command = mutants_command(own_program);
  set_settings({command, options.seed, options.timeout_scale, true});
  const std::vector<Mutant> mutants = list_mutants(own_program);
  const Implementation unbroken = examine_testee();
  Trials trials(options, command, unbroken);
  for (const Mutant& mutant : mutants) trials.add(mutant);
  trials.judge(crew_of({own_program, std::string(kWorkerArgument)}, options.jobs, options.timeout_scale), out);
  return trials.write(out);
}

}  // namespace mp::conformance
