#include <libproc.h>
#include <mach-o/dyld.h>
#include <mach/thread_info.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/proc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>

#include "conformance/harness/confinement.h"
#include "conformance/harness/guard.h"

// There are no rooms here. What belongs together is the session that the testee's main process begins: a process that begins another
// session escapes. Orphans go to the system's first process, so they are looked for, not awaited.
namespace mp::conformance {
namespace {

// The testee's session, for both processes of the guard: when the inner one is killed, the outer one ends the session. Zero: not yet.
std::atomic<pid_t>* g_session = nullptr;

std::optional<proc_bsdinfo> about(pid_t pid) {
  proc_bsdinfo info{};
  if (::proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != sizeof info) return std::nullopt;
  return info;
}

bool is_member(std::int64_t number) {
  const pid_t session = *g_session;
  if (session == 0 || number <= 0 || number > std::numeric_limits<pid_t>::max()) return false;
  const auto pid = static_cast<pid_t>(number);
  if (::getsid(pid) != session) return false;
  const auto info = about(pid);
  return info && info->pbi_status != SZOMB;
}

char letter_of(int state) {
  switch (state) {
    case TH_STATE_RUNNING: return 'R';
    case TH_STATE_STOPPED: return 'T';
    case TH_STATE_HALTED: return 'Z';
    default: return 'S';
  }
}

}  // namespace

int Confinement::run(bool, const std::function<int(const Confinement&)>& inside) {
  void* shared = ::mmap(nullptr, sizeof(*g_session), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 1;
  g_session = new (shared) std::atomic<pid_t>(0);
  const Confinement confinement("none, what is in the session of the testee belongs to it", false);
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(inside(confinement));
  const int status = pid > 0 ? await_exit(pid) : 1;
  confinement.end_all();
  return status;
}

pid_t Confinement::begin(const std::function<void()>& become) const {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  *g_session = ::getpid();  // here, so that there is no testee whose session the outer process does not know
  become();
  ::_exit(127);
}

bool Confinement::is_empty() const { return processes().empty(); }

std::vector<std::int64_t> Confinement::processes() const {
  std::vector<pid_t> all(static_cast<std::size_t>(::proc_listallpids(nullptr, 0)) + 64);
  const int count = ::proc_listallpids(all.data(), static_cast<int>(all.size() * sizeof(pid_t)));
  all.resize(static_cast<std::size_t>(count < 0 ? 0 : count));
  std::vector<std::int64_t> found;
  for (const pid_t pid : all) {
    if (is_member(pid)) found.push_back(pid);
  }
  return found;
}

bool Confinement::kill(std::int64_t pid, int signal) const {
  return is_member(pid) && ::kill(static_cast<pid_t>(pid), signal) == 0;
}

std::string Confinement::command_of(std::int64_t pid) const {
  char path[PROC_PIDPATHINFO_MAXSIZE];
  const int size = ::proc_pidpath(static_cast<int>(pid), path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

std::vector<SeenThread> Confinement::look(std::int64_t number) const {
  std::vector<SeenThread> threads;
  if (!is_member(number)) return threads;
  const auto pid = static_cast<pid_t>(number);
  const auto info = about(pid);
  std::uint64_t ids[1024];
  const int size = ::proc_pidinfo(pid, PROC_PIDLISTTHREADS, 0, ids, sizeof ids);
  for (int i = 0; i < size / static_cast<int>(sizeof ids[0]); ++i) {
    proc_threadinfo thread{};
    if (::proc_pidinfo(pid, PROC_PIDTHREADINFO, ids[i], &thread, sizeof thread) != sizeof thread) continue;
    threads.push_back({info && info->pbi_status == SSTOP ? 'T' : letter_of(thread.pth_run_state), "",
                       static_cast<std::int64_t>(thread.pth_user_time + thread.pth_system_time)});
  }
  return threads;
}

std::vector<std::string> Confinement::shared_memory() const { return {}; }

// A process that forks while it is looked for is found in the next round. Those that belong to another user by now stay.
void Confinement::end_all() const {
  for (auto left = processes(); !left.empty(); left = processes()) {
    std::size_t refused = 0;
    for (const std::int64_t pid : left) refused += ::kill(static_cast<pid_t>(pid), SIGKILL) != 0 && errno == EPERM;
    if (refused == left.size()) return;
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    ::usleep(1000);  // until they have ended
  }
}

std::string this_program() {
  std::string name(PROC_PIDPATHINFO_MAXSIZE, '\0');
  auto size = static_cast<std::uint32_t>(name.size());
  if (::_NSGetExecutablePath(name.data(), &size) != 0) return {};
  return name.c_str();
}

}  // namespace mp::conformance
