#include "platform/posix/spawn_system.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/child.h"
#include "platform/error.h"

namespace mp::platform {

const short kSpawnFlags = 0;

int close_others(posix_spawn_file_actions_t& actions, int end) {
  return ::posix_spawn_file_actions_addclosefrom_np(&actions, end);
}

// Its own path, as `ps` shows it, unless another file is there by now.
std::string file_to_run(const std::string& path) {
  struct stat running, named;
  const char* const self = "/proc/self/exe";
  const bool same = ::stat(self, &running) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    running.st_dev == named.st_dev && running.st_ino == named.st_ino;
  return same ? path : self;
}

std::string this_program() {
  std::string path(PATH_MAX, '\0');
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size < 0) throw OsError("find this program's own file in /proc", errno);
  path.resize(static_cast<std::size_t>(size));
  return path;
}

}  // namespace mp::platform
