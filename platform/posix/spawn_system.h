#ifndef PLATFORM_POSIX_SPAWN_SYSTEM_H_
#define PLATFORM_POSIX_SPAWN_SYSTEM_H_

#include <spawn.h>

#include <string>

// What posix_spawn() does not do in the same way everywhere.
namespace mp::platform {

extern const short kSpawnFlags;  // further attributes

// The last of the actions: a new process keeps its standard streams and what other actions have put below `end`. An errno, or zero.
int close_others(posix_spawn_file_actions_t& actions, int end);

// What to execute for this program, which has that path.
std::string file_to_run(const std::string& path);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_SPAWN_SYSTEM_H_
