#include "platform/posix/spawn_system.h"

#include <fcntl.h>
#include <libproc.h>
#include <unistd.h>

#include <cerrno>

#include "platform/child.h"
#include "platform/error.h"

namespace mp::platform {

// Nothing is inherited but what an action names, whatever other threads open meanwhile.
const short kSpawnFlags = POSIX_SPAWN_CLOEXEC_DEFAULT;

int close_others(posix_spawn_file_actions_t& actions, int) {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) continue;  // this process has none, either
    if (const int code = ::posix_spawn_file_actions_addinherit_np(&actions, stream); code != 0) return code;
  }
  return 0;
}

std::string file_to_run(const std::string& path) { return path; }

std::string this_program() {
  char path[PROC_PIDPATHINFO_MAXSIZE];
  const int size = ::proc_pidpath(::getpid(), path, sizeof(path));
  if (size <= 0) throw OsError("find this program's own file", errno);
  return std::string(path, static_cast<std::size_t>(size));
}

}  // namespace mp::platform
