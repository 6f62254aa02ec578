#ifndef CONFORMANCE_HARNESS_CONFINEMENT_H_
#define CONFORMANCE_HARNESS_CONFINEMENT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/harness/guard_orders.h"

namespace mp::conformance {

// A room for the processes of one testee, from which none escapes. What follows is called inside, by the guard that lives there.
class Confinement {
 public:
  using Thread = GuardOrders::Thread;

  // Makes the room, runs `inside` in a process of its own there, and gives that process's exit status. With `closely` it first
  // tries private process, mount and IPC namespaces, with a /proc and a /dev/shm of their own; else, and where the system
  // does not allow that, it only adopts orphans. When the calling process ends, so does the room.
  static int run(bool closely, const std::function<int(const Confinement&)>& inside);

  // "private process, mount and IPC namespaces", or "none, orphans are adopted".
  const std::string& kind() const { return kind_; }
  // The process ids of the testee's processes that have not ended.
  std::vector<std::int64_t> processes() const;
  std::string command_of(std::int64_t pid) const;
  // Sends the signal. False: the testee has no such process. Never reaches one outside, whatever the testee claims to be its pid.
  bool kill(std::int64_t pid, int signal) const;
  // Empty: there is no such process.
  std::vector<Thread> look(std::int64_t pid) const;
  // What the testee left in shared memory; always empty where others use the same.
  std::vector<std::string> shared_memory() const;
  // Ends every process in the room and collects it.
  void end_all() const;
  // To be called in the child that becomes the testee's main process: it does not outlive the guard.
  void bind_to_guard() const;

 private:
  Confinement(std::string kind, bool is_private) : kind_(std::move(kind)), is_private_(is_private) {}

  std::string kind_;
  bool is_private_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_CONFINEMENT_H_
