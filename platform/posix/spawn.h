#ifndef PLATFORM_POSIX_SPAWN_H_
#define PLATFORM_POSIX_SPAWN_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "platform/message.h"

namespace mp::platform {

// Starts a program that will find `message` with entered(); see Child::spawn. The handles remain the caller's.
//
//     starter                                     new process
//     message as a frame -> letter (.h)   ──exec──>  descriptor 3: the letter
//     handles that are not empty          ──exec──>  descriptors 4, 5 ...
//     number of those                     ──exec──>  first argument: --mp-entered=N
//
// Everything is there before the program runs: nobody waits for anybody, whoever dies.
pid_t spawn_process(const std::string& program, const std::vector<std::string>& arguments, const Message& message);

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_SPAWN_H_
