#ifndef CONFORMANCE_HARNESS_CONFINEMENT_H_
#define CONFORMANCE_HARNESS_CONFINEMENT_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/harness/seen_thread.h"

namespace mp::conformance {

// A room for the processes of one testee, from which none escapes, as far as the system can make one (confinement_macos.cc says what it
// cannot). What follows is called inside, by the guard that lives there.
class Confinement {
 public:
  // Makes the room, runs `inside` in a process of its own there, and gives that process's exit status. With `closely` it first
  // tries private process, mount and IPC namespaces, with a /proc and a /dev/shm of their own; else, and where the system
  // does not allow that, it only adopts orphans; macOS has neither. When the calling process ends, so does the room; on macOS not when
  // it is killed, as nobody is told of that there.
  static int run(bool closely, const std::function<int(const Confinement&)>& inside);

  // "private process, mount and IPC namespaces", or "none, orphans are adopted".
  const std::string& kind() const { return kind_; }
  // A child of the guard that `become`s the testee's main process: that never returns, and may do nothing but call the system, as the child
  // may live in the memory of the guard. Negative, with errno, if there can be none. It does not outlive the guard;
  // on macOS it does when the process that called run() has been killed before.
  pid_t begin(const std::function<void()>& become) const;
  // Whether all processes of the testee have ended, once no child is left to wait for.
  bool is_empty() const;
  // The process ids of the testee's processes that have not ended.
  std::vector<std::int64_t> processes() const;
  std::string command_of(std::int64_t pid) const;
  // Sends the signal. False: the testee has no such process. Never reaches one outside, whatever the testee claims to be its pid.
  bool kill(std::int64_t pid, int signal) const;
  // Empty: there is no such process.
  std::vector<SeenThread> look(std::int64_t pid) const;
  // What the testee left in shared memory; always empty where others use the same.
  std::vector<std::string> shared_memory() const;
  // Ends every process in the room and collects it.
  void end_all() const;

 private:
  // Collects a child when it has ended: its exit status, or 1 if a signal ended it.
  static int await_exit(pid_t child);

  Confinement(std::string kind, bool is_private) : kind_(std::move(kind)), is_private_(is_private) {}

  std::string kind_;
  [[maybe_unused]] bool is_private_;  // never on macOS
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_CONFINEMENT_H_
