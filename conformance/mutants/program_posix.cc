#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>

#include "conformance/mutants/program.h"

namespace mp::conformance {
namespace {

constexpr const char* kName = "CONFORM_MUTANT";
constexpr const char* kMainProcess = "CONFORM_MUTANT_MAIN";

std::atomic<bool> g_was_stopped{false};

extern "C" void note_continued(int) { g_was_stopped = true; }

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

// In a forked child, too, the handler is there, and what the parent has seen.
bool was_stopped() {
  static const bool kWatching = [] {
    struct sigaction action {};
    action.sa_handler = note_continued;
    action.sa_flags = SA_RESTART;
    return ::sigaction(SIGCONT, &action, nullptr) == 0;
  }();
  return kWatching && g_was_stopped;
}

}  // namespace mp::conformance
