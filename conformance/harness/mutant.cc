#include "conformance/harness/mutant.h"

#include <boost/system/error_code.hpp>  // missing in the next ones, on Windows
//
#include <algorithm>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/pipe.hpp>
#include <iterator>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/path_text.h"
#include "conformance/harness/programs.h"

namespace mp::conformance {
namespace {

constexpr const char* kIsIt = ": is it the program of mutants (bazel build //conformance/mutants:mutants)?";

Mutant parse_mutant(std::string_view line) {
  const auto first = line.find('\t');
  const auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
  if (second == std::string_view::npos) {
    throw CannotRun("the program of mutants printed a line that is not CLAUSE, tab, NAME, tab, WHAT IS WRONG: " +
                    std::string(line));
  }
  return {std::string(line.substr(0, first)), std::string(line.substr(first + 1, second - first - 1)),
          std::string(line.substr(second + 1))};
}

}  // namespace

std::vector<Mutant> parse_mutants(std::string_view text) {
  std::vector<Mutant> mutants;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty()) mutants.push_back(parse_mutant(line));
  }
  return mutants;
}

std::vector<Mutant> list_mutants(const std::string& own_program) {
  const std::vector<std::string> command = mutants_command(own_program);
  namespace process = boost::process;
  process::ipstream printed;
  std::string text;
  int status = 0;
  try {
    process::child child(process::exe = path_of(command.at(0)).native(), process::args = {std::string("--list")},
                         process::std_in<process::null, process::std_out> printed);
    text.assign(std::istreambuf_iterator<char>(printed), {});
    child.wait();
    status = child.exit_code();
  } catch (const process::process_error& error) {
    throw CannotRun("the program of mutants, " + command.at(0) + ", cannot be started: " + error.what());
  }
  if (status != 0)
    throw CannotRun("\"" + command.at(0) + " --list\" ended with status " + std::to_string(status) + " instead of 0" +
                    kIsIt);
  std::vector<Mutant> mutants = parse_mutants(text);
  if (mutants.empty()) throw CannotRun("\"" + command.at(0) + " --list\" named no mutant" + kIsIt);
  return mutants;
}

}  // namespace mp::conformance
