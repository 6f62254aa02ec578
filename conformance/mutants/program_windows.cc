#include <windows.h>

#include <cstdlib>

#include "conformance/mutants/program.h"

namespace mp::conformance {
namespace {

constexpr const char* kName = "CONFORM_MUTANT";
constexpr const char* kMainProcess = "CONFORM_MUTANT_MAIN";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

void become_mutant(const std::string& name) {
  ::_putenv_s(kName, name.c_str());
  ::_putenv_s(kMainProcess, std::to_string(::GetCurrentProcessId()).c_str());
}

std::string mutant_name() { return variable(kName); }
bool in_main_process() { return variable(kMainProcess) == std::to_string(::GetCurrentProcessId()); }

bool was_stopped() { return false; }

}  // namespace mp::conformance
