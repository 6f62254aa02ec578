// conform: says clause by clause what an implementation of the process model keeps and what it breaks.
#include <exception>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/clause_test.h"
#include "conformance/harness/commands.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/options.h"
#include "conformance/harness/plain_text.h"
#include "conformance/harness/this_process.h"
#include "conformance/harness/worker.h"

namespace mp::conformance {
namespace {

template <class... Cases>
struct Visitor : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Visitor(Cases...) -> Visitor<Cases...>;

int print(const OnlyPrint& print) {
  (print.status == 0 ? std::cout : std::cerr) << print.text;
  return print.status;
}

int obey(const Options& options, const std::string& own_program) {
  std::ostream& out = std::cout;
  return std::visit(Visitor{[](const OnlyPrint& only) { return print(only); },
                            [&](const RunOptions& options) { return run(options, own_program, out); },
                            [&](const ListOptions& options) { return list(options, out); },
                            [&](const ExplainOptions& options) { return explain(options, own_program, out); },
                            [&](const CoverageOptions&) { return coverage(out); },
                            [&](const MutantsOptions& options) { return mutants(options, own_program, out); },
                            [&](const CompareOptions& options) { return compare(options, out); },
                            [&](const ReportOptions& options) { return report(options, out); }},
                    options);
}

int conform(const std::vector<std::string>& words) {
  if (words.size() > 1 && words[1] == kWorkerArgument) work();
  survive_broken_pipes();
  make_room_for_descriptors();
  try {
    const int status = obey(parse_options(words), this_program());
    if (std::cout.flush()) return status;
    throw CannotRun("not all could be written to standard output: is it closed, or without room?");
  } catch (const std::exception& error) {
    std::cout << std::flush;
    std::cerr << "conform: " << harmless(error.what(), true) << "\n";  // it may quote the testee
    return 2;
  }
}

}  // namespace
}  // namespace mp::conformance

int main(int argc, char** argv) {
  if (const auto status = mp::conformance::run_as_guard(argc, argv)) return *status;
  return mp::conformance::conform(mp::conformance::words_of_the_command(argc, argv));
}
