#include <stdlib.h>
#include <unistd.h>

#include "conformance/mutants/program.h"

namespace mp::conformance {
namespace {

constexpr const char* kName = "CONFORM_MUTANT";
constexpr const char* kMainProcess = "CONFORM_MUTANT_MAIN";

std::string variable(const char* name) {
  const char* const value = ::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

void become_mutant(const std::string& name) {
  ::setenv(kName, name.c_str(), 1);
  ::setenv(kMainProcess, std::to_string(::getpid()).c_str(), 1);
}

std::string mutant_name() { return variable(kName); }
bool in_main_process() { return variable(kMainProcess) == std::to_string(::getpid()); }

}  // namespace mp::conformance
