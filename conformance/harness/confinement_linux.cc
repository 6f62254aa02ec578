#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "conformance/harness/confinement.h"
#include "conformance/harness/guard.h"

namespace mp::conformance {
namespace {

namespace fs = std::filesystem;

constexpr int kNoSuchRoom = 113;  // exit status of a first process that could not furnish its namespaces
constexpr int kPrivate = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC;

std::string content(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool write(const char* path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

// Without root a user namespace of one's own gives the right to make the others; the user stays who it is, inside.
bool map_user(uid_t user, gid_t group) {
  const std::string uid = std::to_string(user), gid = std::to_string(group);
  return write("/proc/self/setgroups", "deny") && write("/proc/self/uid_map", uid + " " + uid + " 1") &&
         write("/proc/self/gid_map", gid + " " + gid + " 1");
}

// Process ids begin at 2 in every namespace of their own, but the names of abstract sockets belong to all: implementations that make such
// a name from their process id (CPython before CVE-2022-42919) would meet those of another test. So each room counts from elsewhere. Where
// that is not allowed, they begin at 2.
void count_processes_from(std::int64_t number_of_room) {
  constexpr std::int64_t kReserved = 300;  // what the system itself skips when it begins again
  constexpr std::int64_t kMostOfATest = 64;
  const std::int64_t most = std::atoll(content("/proc/sys/kernel/pid_max").c_str());
  if (most <= 2 * kReserved) return;
  write("/proc/sys/kernel/ns_last_pid",
        std::to_string(kReserved + number_of_room * kMostOfATest % (most - 2 * kReserved)));
}

bool furnish(std::int64_t number_of_room) {
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) return false;
  count_processes_from(number_of_room);
  return ::mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") == 0;
}

// As fork(), into new namespaces. The caller has one thread, so no lock can be taken by another.
pid_t fork_into(int flags) {
  return static_cast<pid_t>(::syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

std::optional<std::int64_t> number(const std::string& name) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return value;
}

// The fields of a stat file behind the command, which may itself hold blanks and brackets: state, parent ...
struct Stat {
  char state = 0;
  std::int64_t parent = 0;
};
std::optional<Stat> read_stat(const fs::path& path) {
  const std::string text = content(path);
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  Stat stat;
  std::istringstream(text.substr(end + 1)) >> stat.state >> stat.parent;
  return stat;
}

std::map<std::int64_t, Stat> all_processes() {
  std::map<std::int64_t, Stat> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const auto pid = number(entry.path().filename());
    if (!pid) continue;
    if (const auto stat = read_stat(entry.path() / "stat")) found[*pid] = *stat;
  }
  return found;
}

// How often it was given a processor, or rather gave one up.
std::int64_t turns_of(const fs::path& thread) {
  constexpr std::string_view kBoth = "voluntary_ctxt_switches:";  // "nonvoluntary_ctxt_switches:" ends with it, too
  const std::string text = content(thread / "status");
  std::int64_t turns = 0;
  for (std::size_t at = text.find(kBoth); at != std::string::npos; at = text.find(kBoth, at + 1)) {
    turns += std::atoll(text.c_str() + at + kBoth.size());
  }
  return turns;
}

bool descends(const std::map<std::int64_t, Stat>& all, std::int64_t pid, std::int64_t ancestor) {
  for (auto it = all.find(pid); it != all.end(); it = all.find(it->second.parent)) {
    if (it->second.parent == ancestor) return true;
  }
  return false;
}

}  // namespace

int Confinement::run(bool closely, const std::function<int(const Confinement&)>& inside) {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  const int own_user = user == 0 ? 0 : CLONE_NEWUSER;
  const pid_t outside = ::getpid();
  pid_t pid = closely ? fork_into(kPrivate | own_user) : -1;
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if ((own_user != 0 && !map_user(user, group)) || !furnish(outside)) ::_exit(kNoSuchRoom);
    ::_exit(inside(Confinement("private process, mount and IPC namespaces", true)));
  }
  if (pid > 0) {
    const int status = await_exit(pid);
    if (status != kNoSuchRoom) return status;
  }
  pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::_exit(inside(Confinement("none, orphans are adopted", false)));
  }
  return pid > 0 ? await_exit(pid) : 1;
}

// vfork() copies no tables of pages, which is most of what a fork costs.
pid_t Confinement::begin(const std::function<void()>& become) const {
  const pid_t pid = ::vfork();
  if (pid != 0) return pid;
  if (!is_private_) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  become();
  ::_exit(127);
}

// Whoever loses its parent becomes a child of the guard.
bool Confinement::is_empty() const { return true; }

std::vector<std::int64_t> Confinement::processes() const {
  const auto all = all_processes();
  std::vector<std::int64_t> found;
  for (const auto& [pid, stat] : all) {
    if (stat.state == 'Z' || stat.state == 'X' || pid == ::getpid()) continue;
    if (is_private_ || descends(all, pid, ::getpid())) found.push_back(pid);
  }
  return found;
}

bool Confinement::kill(std::int64_t pid, int signal) const {
  constexpr std::int64_t kMost =
      std::numeric_limits<pid_t>::max();  // what is above would be another number, perhaps that of a group
  if (pid <= 0 || pid > kMost || pid == ::getpid()) return false;
  if (!is_private_ && !descends(all_processes(), pid, ::getpid())) return false;
  return ::kill(static_cast<pid_t>(pid), signal) == 0;
}

std::string Confinement::command_of(std::int64_t pid) const {
  std::string command = content("/proc/" + std::to_string(pid) + "/cmdline");
  std::replace(command.begin(), command.end(), '\0', ' ');
  return command;
}

std::vector<SeenThread> Confinement::look(std::int64_t pid) const {
  std::vector<SeenThread> threads;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", error)) {
    const auto stat = read_stat(entry.path() / "stat");
    if (!stat) continue;
    std::string where = content(entry.path() / "wchan");
    if (where == "0") where.clear();
    threads.push_back({stat->state, where, turns_of(entry.path())});
  }
  return threads;
}

std::vector<std::string> Confinement::shared_memory() const {
  std::vector<std::string> names;
  std::error_code error;
  if (!is_private_) return names;
  for (const auto& entry : fs::directory_iterator("/dev/shm", error)) names.push_back(entry.path());
  return names;
}

// A process that forks while it is looked for is found in the next round; its orphans come to this process, so that the room is
// empty exactly when there is no child left to wait for.
void Confinement::end_all() const {
  for (;;) {
    if (is_private_) ::kill(-1, SIGKILL);
    for (const std::int64_t pid : processes()) ::kill(static_cast<pid_t>(pid), SIGKILL);
    const pid_t ended = ::waitpid(-1, nullptr, 0);
    if (ended < 0 && errno == ECHILD) return;
  }
}

std::string this_program() { return fs::read_symlink("/proc/self/exe"); }

}  // namespace mp::conformance
