#include "platform/posix/socket_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "platform/error.h"

namespace mp::platform {
namespace {

constexpr std::string_view kPrefix = "mp-listener-";
constexpr std::string_view kRandomPart = "XXXXXX";
constexpr std::string_view kSocketName = "/socket";

// In the order in which they are tried.
std::vector<std::string> temporary_directories() {
  std::vector<std::string> directories;
  for (const char* variable : {"TMPDIR", "TEMP", "TMP"}) {
    const char* const value = std::getenv(variable);
    if (value != nullptr && *value != '\0') directories.emplace_back(value);
  }
  directories.emplace_back("/tmp");
  directories.emplace_back("/var/tmp");
  return directories;
}

// Empty when the system refuses, which errno then explains.
Handle lock_directory(const std::string& path) {
  Handle lock(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (lock && ::flock(static_cast<int>(lock.native()), LOCK_EX | LOCK_NB) != 0) lock.close();
  return lock;
}

// Zero when what is locked is the directory at that path, else the reason why not.
int lock_new_directory(const std::string& path, Handle& lock) {
  lock = lock_directory(path);
  struct stat held {
  }, named{};
  if (!lock || ::fstat(static_cast<int>(lock.native()), &held) != 0 || ::lstat(path.c_str(), &named) != 0) return errno;
  return held.st_dev == named.st_dev && held.st_ino == named.st_ino ? 0 : ENOENT;
}

// A cleaner has locked or removed it before its maker could lock it (see the header).
bool was_taken_for_abandoned(int code) { return code == EWOULDBLOCK || code == ENOENT; }

void remove_with_socket(const std::string& path) {
  ::unlink((path + std::string(kSocketName)).c_str());
  ::rmdir(path.c_str());  // not if somebody put something else there
}

bool belongs_to_this_user(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

// Those whose owners were killed.
void remove_abandoned(const std::string& parent) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(parent.c_str()), ::closedir);
  if (directory == nullptr) return;
  while (const dirent* const entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + kRandomPart.size()) continue;
    const std::string path = parent + "/" + std::string(name);
    if (!belongs_to_this_user(path)) continue;
    if (const Handle lock = lock_directory(path)) remove_with_socket(path);
  }
}

}  // namespace

std::size_t longest_socket_path() { return sizeof(sockaddr_un::sun_path) - 1; }

PrivateDirectory PrivateDirectory::create() {
  int code = ENOENT;
  for (const std::string& parent : temporary_directories()) {
    const std::string pattern = parent + "/" + std::string(kPrefix) + std::string(kRandomPart);
    if (pattern.size() + kSocketName.size() > longest_socket_path()) {
      code = ENAMETOOLONG;
      continue;
    }
    remove_abandoned(parent);
    do {
      std::string path = pattern;
      if (::mkdtemp(path.data()) == nullptr) {  // mode 0700
        code = errno;
        break;
      }
      Handle lock;
      code = lock_new_directory(path, lock);
      if (code == 0) return PrivateDirectory(std::move(path), std::move(lock));
      if (!was_taken_for_abandoned(code)) ::rmdir(path.c_str());
    } while (was_taken_for_abandoned(code));
  }
  throw OsError("make a directory for a socket where temporary files are (TMPDIR, /tmp)", code);
}

std::string PrivateDirectory::socket_path() const { return path_ + std::string(kSocketName); }

void PrivateDirectory::remove() noexcept {
  remove_with_socket(path_);
  lock_.close();
}

}  // namespace mp::platform
