#include "conformance/harness/programs.h"

#include <filesystem>
#include <string_view>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/path_text.h"
#include "conformance/harness/this_process.h"

namespace mp::conformance {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Under Windows the file has an ending.
fs::path with_any_ending(const fs::path& path) {
  fs::path executable = path;
  executable += ".exe";
  return !is_file(path) && is_file(executable) ? executable : path;
}

std::vector<std::string> sibling(const std::string& own_program, const char* variable, std::string_view place,
                                 std::string_view what, std::string_view target) {
  const std::string told = environment_variable(variable);
  const bool is_told = !told.empty();
  const fs::path path = is_told ? path_of(told) : with_any_ending(path_of(own_program).parent_path() / place);
  if (is_file(path)) return {text_of(fs::absolute(path))};
  throw CannotRun(std::string(what) + " is not at " + text_of(path) +
                  (is_told ? ", where " + std::string(variable) + " says" : "") + ": build it (bazel build " +
                  std::string(target) + "), or say in " + variable + " where it is");
}

}  // namespace

std::vector<std::string> reference_command(const std::string& own_program) {
  return sibling(own_program, "CONFORM_REFERENCE", "adapters/reference/reference_adapter", "the reference's adapter",
                 "//conformance/adapters/reference:reference_adapter");
}

std::vector<std::string> mutants_command(const std::string& own_program) {
  return sibling(own_program, "CONFORM_MUTANTS", "mutants/mutants", "the program of mutants",
                 "//conformance/mutants:mutants");
}

}  // namespace mp::conformance
