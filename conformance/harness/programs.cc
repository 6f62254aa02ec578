#include "conformance/harness/programs.h"

#include <boost/system/error_code.hpp>  // missing in the next one
//
#include <boost/process/search_path.hpp>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "conformance/harness/cannot_run.h"

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
  const char* told = std::getenv(variable);
  const bool is_told = told != nullptr && *told != '\0';
  const fs::path path = is_told ? fs::path(told) : with_any_ending(fs::path(own_program).parent_path() / place);
  if (is_file(path)) return {fs::absolute(path).string()};
  throw CannotRun(std::string(what) + " is not at " + path.string() +
                  (is_told ? ", where " + std::string(variable) + " says" : "") + ": build it (bazel build " +
                  std::string(target) + "), or say in " + variable + " where it is");
}

}  // namespace

std::string own_program(const char* argv0) {
  const fs::path name = argv0;
  if (name.has_parent_path()) return fs::absolute(name).string();
  const fs::path found = boost::process::search_path(name.string());
  return found.empty() ? fs::absolute(name).string() : fs::absolute(found).string();
}

std::vector<std::string> reference_command(const std::string& own_program) {
  return sibling(own_program, "CONFORM_REFERENCE", "adapters/reference/reference_adapter", "the reference's adapter",
                 "//conformance/adapters/reference:reference_adapter");
}

std::vector<std::string> mutants_command(const std::string& own_program) {
  return sibling(own_program, "CONFORM_MUTANTS", "mutants/mutants", "the program of mutants",
                 "//conformance/mutants:mutants");
}

}  // namespace mp::conformance
