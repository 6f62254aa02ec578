#include "platform/linux/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <climits>
#include <optional>
#include <string_view>

#include "platform/child.h"
#include "platform/error.h"
#include "platform/frame.h"

extern char** environ;

namespace mp::platform {
namespace {

constexpr std::string_view kEnteredArgument = "--mp-entered=";
constexpr int kMessageDescriptor = 3;
constexpr int kFirstHandleDescriptor = 4;
constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

int descriptor(const Handle& handle) { return static_cast<int>(handle.native()); }

// The message's bytes as a file that nobody can change any more.
Handle message_file(const Message& message) {
  Handle file(::memfd_create("mp-message", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) throw OsError("make room for a child's message", errno);
  std::string prefix = frame_prefix(message.bytes.size(), message.handles);
  std::array<iovec, 2> parts{iovec{prefix.data(), prefix.size()},
                             iovec{const_cast<std::byte*>(message.bytes.data()), message.bytes.size()}};
  for (iovec& part : parts) {
    while (part.iov_len > 0) {
      const ssize_t written = ::write(descriptor(file), part.iov_base, part.iov_len);
      if (written < 0 && errno != EINTR) throw OsError("write a child's message", errno);
      if (written < 0) continue;
      part.iov_base = static_cast<char*>(part.iov_base) + written;
      part.iov_len -= static_cast<std::size_t>(written);
    }
  }
  if (::fcntl(descriptor(file), F_ADD_SEALS, kSeals) != 0) throw OsError("seal a child's message", errno);
  return file;
}

// What the new process does with its descriptors: source i becomes descriptor 3 + i, the standard streams stay, all others close.
class Descriptors {
 public:
  // The sources must be beyond the places that they go to, so that no step overwrites what a later one needs.
  explicit Descriptors(const std::vector<int>& sources) {
    check(::posix_spawn_file_actions_init(&actions_));
    const int end = kMessageDescriptor + static_cast<int>(sources.size());
    int place = kMessageDescriptor;
    for (int source : sources) {
      if (source < end) source = descriptor(lifted_.emplace_back(::fcntl(source, F_DUPFD_CLOEXEC, end)));
      if (source < 0) throw OsError("hand a descriptor to a child", errno);
      check(::posix_spawn_file_actions_adddup2(&actions_, source, place++));
    }
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, end));
  }
  ~Descriptors() { ::posix_spawn_file_actions_destroy(&actions_); }
  Descriptors(const Descriptors&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  static void check(int code) {
    if (code != 0) throw OsError("prepare a child's descriptors", code);
  }

  posix_spawn_file_actions_t actions_;
  std::vector<Handle> lifted_;
};

// No signal blocked or ignored, but SIGHUP as it is: who was started by nohup starts its children so.
class Signals {
 public:
  Signals() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t set;
    sigemptyset(&set);
    ::posix_spawnattr_setsigmask(&attributes_, &set);
    sigfillset(&set);
    sigdelset(&set, SIGHUP);
    ::posix_spawnattr_setsigdefault(&attributes_, &set);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Signals() { ::posix_spawnattr_destroy(&attributes_); }
  Signals(const Signals&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

// What to execute for this program: its own path, as `ps` shows it, unless another file is there by now.
std::string own_file(const std::string& path) {
  struct stat running, named;
  const char* const self = "/proc/self/exe";
  const bool same = ::stat(self, &running) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    running.st_dev == named.st_dev && running.st_ino == named.st_ino;
  return same ? path : self;
}

// The number after --mp-entered=, if this process was spawned.
std::optional<int> entered_handles(int argc, char** argv) {
  if (argc < 2) return std::nullopt;
  const std::string_view argument = argv[1];
  if (!argument.starts_with(kEnteredArgument)) return std::nullopt;
  int count = -1;
  const char* const end = argument.data() + argument.size();
  const auto parsed = std::from_chars(argument.data() + kEnteredArgument.size(), end, count);
  if (parsed.ec != std::errc() || parsed.ptr != end || count < 0 || count > static_cast<int>(kMostHandles)) {
    throw OsError("enter: the first argument '" + std::string(argument) + "' is none that a starter gives", EINVAL);
  }
  return count;
}

// Descriptor 3 is a starter's message only if it is a sealed file of our own user; anything else was opened by somebody else.
void require_message_file() {
  struct stat status;
  if (::fcntl(kMessageDescriptor, F_GET_SEALS) == kSeals && ::fstat(kMessageDescriptor, &status) == 0 &&
      status.st_uid == ::geteuid()) {
    return;
  }
  throw OsError("enter: descriptor 3 is not a starter's message; do not give --mp-entered by hand", EBADF);
}

void take_handles(int count, std::vector<Handle>& handles) {
  handles.reserve(static_cast<std::size_t>(count));
  for (int fd = kFirstHandleDescriptor; fd < kFirstHandleDescriptor + count; ++fd) {
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw OsError("enter: handle " + std::to_string(fd) + " is missing", errno);
    handles.emplace_back(fd);
  }
}

}  // namespace

pid_t spawn_process(const std::string& program, const std::vector<std::string>& arguments, const Message& message) {
  const Handle file = message_file(message);
  std::vector<int> sources{descriptor(file)};
  for (const Handle& handle : message.handles) {
    if (handle) sources.push_back(descriptor(handle));
  }
  const Descriptors descriptors(sources);
  const Signals signals;

  std::string name = program.empty() ? this_program() : program;
  std::string entered_argument = std::string(kEnteredArgument) + std::to_string(sources.size() - 1);
  std::vector<char*> argv{name.data(), entered_argument.data()};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  pid_t pid;
  const std::string path = program.empty() ? own_file(name) : program;
  const int code = ::posix_spawn(&pid, path.c_str(), descriptors.get(), signals.get(), argv.data(), environ);
  if (code != 0) throw OsError("start the program " + name, code);
  return pid;
}

std::optional<Entry> entered(int argc, char** argv) {
  static std::atomic<bool> done = false;
  const std::optional<int> count = entered_handles(argc, argv);
  if (!count || done.exchange(true)) return std::nullopt;
  require_message_file();
  const Handle file(kMessageDescriptor);
  ArrivingFrame frame;
  take_handles(*count, frame.arrived_handles());
  for (off_t offset = 0; !frame.is_complete();) {
    const auto room = frame.room();
    const ssize_t got = ::pread(kMessageDescriptor, room.data(), room.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) frame.came(static_cast<std::size_t>(got));
    if (got <= 0 || frame.state() == ArrivingFrame::State::kBroken) {
      throw OsError("enter: the starter's message cannot be read", got < 0 ? errno : EBADMSG);
    }
    offset += got;
  }
  return Entry{frame.take()};
}

std::string this_program() {
  std::string path(PATH_MAX, '\0');
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size < 0) throw OsError("find this program's own file in /proc", errno);
  path.resize(static_cast<std::size_t>(size));
  return path;
}

}  // namespace mp::platform
