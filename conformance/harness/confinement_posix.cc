#include <sys/wait.h>

#include <cerrno>

#include "conformance/harness/confinement.h"

namespace mp::conformance {

int Confinement::await_exit(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace mp::conformance
