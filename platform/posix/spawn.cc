#include "platform/posix/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

#include "platform/child.h"
#include "platform/error.h"
#include "platform/frame.h"
#include "platform/posix/letter.h"
#include "platform/posix/spawn_system.h"

extern char** environ;

namespace mp::platform {
namespace {

constexpr std::string_view kEnteredArgument = "--mp-entered=";
constexpr int kMessageDescriptor = 3;
constexpr int kFirstHandleDescriptor = 4;

int descriptor(const Handle& handle) { return static_cast<int>(handle.native()); }

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
    check(close_others(actions_, end));
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
    ::posix_spawnattr_setflags(&attributes_,
                               static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | kSpawnFlags));
  }
  ~Signals() { ::posix_spawnattr_destroy(&attributes_); }
  Signals(const Signals&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

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

void take_handles(int count, std::vector<Handle>& handles) {
  handles.reserve(static_cast<std::size_t>(count));
  for (int fd = kFirstHandleDescriptor; fd < kFirstHandleDescriptor + count; ++fd) {
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
      throw OsError("enter: handle " + std::to_string(fd) + " is missing", errno);
    handles.emplace_back(fd);
  }
}

}  // namespace

pid_t spawn_process(const std::string& program, const std::vector<std::string>& arguments, const Message& message) {
  const Handle file = write_letter(message);
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
  const std::string path = program.empty() ? file_to_run(name) : program;
  const int code = ::posix_spawn(&pid, path.c_str(), descriptors.get(), signals.get(), argv.data(), environ);
  if (code != 0) throw OsError("start the program " + name, code);
  return pid;
}

std::optional<Entry> entered(int argc, char** argv) {
  static std::atomic<bool> done = false;
  const std::optional<int> count = entered_handles(argc, argv);
  if (!count || done.exchange(true)) return std::nullopt;
  require_letter(kMessageDescriptor);
  const Handle file(kMessageDescriptor);
  ArrivingFrame frame;
  take_handles(*count, frame.arrived_handles());
  read_letter(file, frame);
  return Entry{frame.take()};
}

}  // namespace mp::platform
