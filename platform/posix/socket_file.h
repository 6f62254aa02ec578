#ifndef PLATFORM_POSIX_SOCKET_FILE_H_
#define PLATFORM_POSIX_SOCKET_FILE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "platform/handle.h"

namespace mp::platform {

// A new directory for one socket file, which nobody but this user can enter, below the directory for temporary files.
//
// Owns:    the directory, and what is in it, until remove().
// Shares:  with copies made by fork: while one of them lives, nobody takes it for abandoned.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  OsError when no directory for temporary files takes one, or their names are too long for the address of a socket.
//
// Its owner holds a lock (flock) on the directory, which the system gives back when the last copy of the handle goes, however that
// happens. So a directory that can be locked was abandoned, and create() removes those it finds. The race between the two:
//
//     owner: makes and opens X      cleaner: opens X, locks X, removes X
//     owner: locks X                -> what it has locked is not at that path any more: it makes another one
class PrivateDirectory {
 public:
  static PrivateDirectory create();

  const std::string& path() const { return path_; }
  std::string socket_path() const;
  void remove() noexcept;

 private:
  PrivateDirectory(std::string path, Handle lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  Handle lock_;
};

// The longest path that fits into the address of a socket.
std::size_t longest_socket_path();

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_SOCKET_FILE_H_
