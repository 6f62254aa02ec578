#ifndef PLATFORM_POSIX_WATCH_H_
#define PLATFORM_POSIX_WATCH_H_

#include <sys/types.h>

#include <memory>
#include <optional>

#include "platform/handle.h"

namespace mp::platform {

// The right to wait for one process, whatever becomes of its number.
//
// Owns:    a descriptor; never the process.
// Shares:  handle() travels to another process; of_handle() makes a Watch of it there. A forked child must not use it.
// Threads: as a plain value.
// Blocks:  never, but reap() for as long as a process that is ending takes.
// Throws:  OsError when the system refuses.
class Watch {
 public:
  // The code of a child whose true one is gone, as somebody else has reaped it.
  static constexpr int kUnknownCode = 255;

  Watch();
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;
  ~Watch();
  // A child that was started just now. A foreign waitpid(-1) may have been faster, and the number may be somebody else's by now: then this
  // one counts as ended. When it cannot be watched it is ended first.
  static Watch of_child(pid_t pid);
  static Watch of_handle(Handle handle);
  static Handle handle_of_this_process();

  // Ready (see wait_any) once the process has ended; valid as long as this object.
  NativeHandle native() const;
  Handle handle() const;
  bool has_ended() const;
  // Of a child: its code, if it has ended; after that it is gone. Nothing while it runs.
  std::optional<int> reap();
  // No effect on a process that has ended.
  void signal(int number) const;

 private:
  struct Process;

  explicit Watch(Process process);

  std::unique_ptr<Process> process_;  // how the system names it
};

}  // namespace mp::platform

#endif  // PLATFORM_POSIX_WATCH_H_
