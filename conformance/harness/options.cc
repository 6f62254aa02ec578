#include "conformance/harness/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <thread>

#include "conformance/harness/reproduce.h"
#include "spec/nearest.h"

namespace mp::conformance {
namespace {

constexpr const char* kExamples = R"(
Examples:
  conform run                                          judge the reference
  conform run --testee "python3 adapter.py"            judge another implementation
  conform run --filter queue --filter '!queue.put'     all of queue, but not what lies below queue.put
  conform run --start-method spawn --jobs 8 --json now.json
  conform compare before.json now.json                 what got worse, what got better
  conform report a.json b.json --html matrix.html      implementations beside each other, as a page
  conform list --filter queue                          the clauses of queues
  conform explain queue.put.full                       what a clause demands, and which tests check it

Exit status: 0 all is as expected, 1 something is not, 2 it could not run.
)";

constexpr const char* kRunExamples = R"(
A GLOB names clauses (queue.put.full) or tests (queue_put_full.Waits); * stands for any text and ? for one character. What
lies below a name belongs to it: "queue" names every clause of queues. A GLOB behind a ! leaves out what it names.

CMD is split into words at blanks; '...' and "..." hold a word together, and nothing is expanded. A backslash escapes only a
quote, a blank or another backslash (within "..." no blank or ', within '...' nothing), and the two that begin a word as in
\\server\share stay two: so C:\python\python.exe is what it seems to be.

The first run on a new implementation: conform run --testee CMD --write-expected FILE. Then write a class and a reason
on each line of FILE, and from then on: conform run --testee CMD --expected FILE. A FILE that lies beside the adapter as
expected/NAME.txt is read by itself.

Exit status: 0 all is as expected, 1 something is not, 2 it could not run.
)";

// How often an option may be given and how many values it takes each time: one, so that a word after it is never
// swallowed.
CLI::Option* each_time_one(CLI::Option* option) {
  return option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

template <typename T>
std::optional<T> number_of(const std::string& word) {
  T number{};
  if constexpr (std::integral<T>) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc() && end == word.data() + word.size() ? std::optional(number) : std::nullopt;
  } else {
    return CLI::detail::lexical_cast(word, number) ? std::optional(number) : std::nullopt;
  }
}

// With our words for what is wrong, and none of CLI11's in the help.
template <typename T>
CLI::Validator in_range(T least, T most) {
  return CLI::Validator(
      [=](const std::string& word) -> std::string {
        if (const std::optional<T> number = number_of<T>(word); number && *number >= least && *number <= most)
          return "";
        std::ostringstream complaint;
        complaint << "\"" << word << "\" is no " << (std::integral<T> ? "whole number" : "number") << " from " << least
                  << " to " << most;
        return complaint.str();
      },
      "");
}

// What a script's unset variable leaves is seldom what was meant.
CLI::Validator not_empty(const std::string& instead) {
  return CLI::Validator([=](const std::string& word) { return word.empty() ? "it is empty: " + instead : ""; }, "");
}

void add_jobs(CLI::App& app, int& jobs) {
  app.add_option("--jobs", jobs, "how many tests run at the same time")
      ->check(in_range(1, 1024))
      ->type_name("N")
      ->capture_default_str();
}

void add_seed(CLI::App& app, std::uint64_t& seed) {
  app.add_option("--seed", seed, "what everything random is drawn from")
      ->check(in_range(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()))
      ->type_name("S")
      ->capture_default_str();
}

void add_timeout_scale(CLI::App& app, double& scale) {
  app.add_option("--timeout-scale", scale,
                 "multiplies every limit of the runner, for slow machines; never a time under test")
      ->check(in_range(0.01, 1000.0))
      ->type_name("X")
      ->capture_default_str();
}

void add_filter(CLI::App& app, std::vector<std::string>& filters) {
  each_time_one(app.add_option("--filter", filters, "only these clauses or tests; may be repeated"))
      ->check(not_empty("name a clause or a test"))
      ->type_name("GLOB");
}

CLI::App* add_run(CLI::App& app, RunOptions& run) {
  CLI::App* sub = app.add_subcommand("run", "judge an implementation, clause by clause");
  sub->footer(kRunExamples);
  const CLI::Validator named = not_empty("name a file, or leave the option out");
  sub->add_option("--testee", run.testee,
                  "the command that starts the implementation's adapter; without it: the reference")
      ->check(not_empty("give the command that starts an adapter, or leave the option out to judge the reference"))
      ->type_name("CMD");
  each_time_one(sub->add_option("--start-method", run.start_methods,
                                "fork, spawn or forkserver; may be repeated; without it: all"))
      ->check(not_empty("say fork, spawn or forkserver"))
      ->type_name("M");
  add_filter(*sub, run.filters);
  add_jobs(*sub, run.jobs);
  sub->add_option("--repeat", run.repeat, "run each test so often, with the seeds S, S+1, ...")
      ->check(in_range(1, 1000000))
      ->type_name("N")
      ->capture_default_str();
  add_seed(*sub, run.seed);
  sub->add_option("--expected", run.expected,
                  "the failures that are known, with their reasons; without it: expected/NAME.txt beside the adapter, "
                  "where NAME is "
                  "the implementation's")
      ->check(named)
      ->type_name("FILE");
  const auto add_written = [&](const char* name, std::string& path, const char* what) {
    sub->add_option(name, path, what)->check(named)->type_name("FILE");
  };
  add_written("--write-expected", run.write_expected,
              "write such a file from this run, with reasons to fill in; FILE must not exist");
  add_written("--json", run.json, "write the result as JSON");
  add_written("--junit", run.junit, "write the result as JUnit XML");
  add_written("--html", run.html, "write the result as a page for a browser");
  add_timeout_scale(*sub, run.timeout_scale);
  sub->add_flag("--keep-going", run.keep_going,
                "do not stop when the testee breaks the protocol: count it as a failure");
  return sub;
}

CLI::App* add_mutants(CLI::App& app, MutantsOptions& mutants) {
  CLI::App* sub =
      app.add_subcommand("mutants", "prove that each test can fail: run it on implementations made wrong on purpose");
  add_filter(*sub, mutants.filters);
  add_jobs(*sub, mutants.jobs);
  add_seed(*sub, mutants.seed);
  add_timeout_scale(*sub, mutants.timeout_scale);
  return sub;
}

// A test waits for most of its time: for its testee, or to see that nothing comes. One on a mutant mostly waits for what never comes.
constexpr int kTestsPerProcessor = 3;
constexpr int kMutantsPerProcessor = 8;

int usual_jobs(int per_processor) {
  return std::clamp(per_processor * static_cast<int>(std::thread::hardware_concurrency()), 1, 1024);
}

OnlyPrint complaint(const std::string& command, const std::string& what) {
  return {"conform: " + what + "\n\"" + command + " --help\" tells what there is.\n", 2};
}

// "--jbos 2 is not understood; did you mean --jobs?"
std::string not_understood(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining(true);
  std::vector<std::string> options;
  for (const CLI::Option* option : app.get_options()) options.push_back("--" + option->get_single_name());
  const std::vector<std::string_view> names(options.begin(), options.end());
  std::string question;
  for (const std::string& word : words) {
    if (question.empty() && word.starts_with("--")) question = spec::did_you_mean(word, names);
  }
  return CLI::detail::join(words, " ") + " is not understood" + (question.empty() ? "" : "; " + question);
}

OnlyPrint complaint(const CLI::App& app, const CLI::ParseError& error) {
  std::string command = program_name();
  const CLI::App* innermost = &app;
  for (const CLI::App* sub : app.get_subcommands()) {
    command += " " + sub->get_name();
    innermost = sub;
  }
  const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  return complaint(command, is_extra ? not_understood(*innermost) : error.what());
}

}  // namespace

Options parse_options(const std::vector<std::string>& words) {
  CLI::App app("Says clause by clause what an implementation of the process model keeps and what it breaks.",
               program_name());
  app.footer(kExamples);

  RunOptions run;
  ListOptions list;
  ExplainOptions explain;
  MutantsOptions mutants;
  CompareOptions compare;
  ReportOptions report;
  run.jobs = usual_jobs(kTestsPerProcessor);
  mutants.jobs = usual_jobs(kMutantsPerProcessor);

  const CLI::App* run_command = add_run(app, run);
  CLI::App* list_command = app.add_subcommand("list", "the clauses");
  list_command->add_flag("--tests", list.tests, "the tests instead");
  add_filter(*list_command, list.filters);
  CLI::App* explain_command = app.add_subcommand("explain", "all about one clause");
  explain_command->add_option("CLAUSE", explain.clause, "its id, e.g. queue.put.full")->required();
  const CLI::App* coverage_command =
      app.add_subcommand("coverage", "which clauses have a test, and which have none and why");
  const CLI::App* mutants_command = add_mutants(app, mutants);
  CLI::App* compare_command = app.add_subcommand("compare", "two results: what got worse, what got better");
  compare_command->add_option("OLD", compare.before, "an older result file")->required();
  compare_command->add_option("NEW", compare.after, "a newer result file")->required();

  CLI::App* report_command =
      app.add_subcommand("report", "one or more results as a page: the matrix of clauses and implementations");
  report_command->add_option("RESULT", report.results, "result files, each a column for each of its start methods")
      ->required();
  report_command->add_option("--html", report.html, "where the page is written")->required()->type_name("FILE");

  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend() - 1));  // CLI11 wants the last one first
  } catch (const CLI::CallForHelp&) {
    return OnlyPrint{app.help(), 0};
  } catch (const CLI::ParseError& error) {
    return complaint(app, error);
  }
  if (run_command->parsed()) return run;
  if (list_command->parsed()) return list;
  if (explain_command->parsed()) return explain;
  if (coverage_command->parsed()) return CoverageOptions{};
  if (mutants_command->parsed()) return mutants;
  if (compare_command->parsed()) return compare;
  if (report_command->parsed()) return report;
  return complaint(program_name(), "say what to do: run, list, explain, coverage, mutants, compare or report");
}

}  // namespace mp::conformance
