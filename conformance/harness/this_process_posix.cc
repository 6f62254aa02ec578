#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "conformance/harness/this_process.h"

namespace mp::conformance {

std::vector<std::string> words_of_the_command(int argc, const char* const* argv) { return {argv, argv + argc}; }

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool is_terminal() { return isatty(STDOUT_FILENO) == 1; }

int terminal_width() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

void survive_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

void make_room_for_descriptors() {
  constexpr rlim_t kEnough = 4096;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kEnough) return;
  limit.rlim_cur = std::min(limit.rlim_max, kEnough);
  setrlimit(RLIMIT_NOFILE, &limit);  // else the usual limit is what there is
}

void keep_from_children(std::intptr_t handle) {
  const int descriptor = static_cast<int>(handle);
  fcntl(descriptor, F_SETFD, fcntl(descriptor, F_GETFD) | FD_CLOEXEC);
}

// A handler, because an ignored signal would stay ignored in the programs that this process starts.
void leave_interrupts_to_the_runner() {
  std::signal(SIGINT, [](int) {});
}

bool sees_the_system_below() { return true; }

}  // namespace mp::conformance
