#ifndef PLATFORM_CHILD_H_
#define PLATFORM_CHILD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/channel.h"
#include "platform/deadline.h"
#include "platform/handle.h"
#include "platform/message.h"

namespace mp::platform {

// What a started program finds instead of its ordinary work; see entered().
struct Entry {
  Message message;  // what the starter sent
};

// A process that this process started, or had started by another (remote()).
//
// Owns:    the right to wait (a pidfd on Linux, a process handle on Windows), never just a number that could be reused.
//          Its destructor neither waits nor ends the child. A child that outlives its object is reaped by a later start or
//          by the destruction of another Child, so that none stays a zombie longer than until then.
// Shares:  nothing but handle(). A forked child must not use its parent's Child objects. It may destroy its copies of them, whatever
//          other threads of the parent were doing when it was forked.
// Threads: every method in any thread at once; the exit code is stored once, so that all threads see the same.
// Blocks:  wait(), until the deadline and no longer; exit_code() of a remote() child, see there.
// Throws:  OsError when the system refuses, e.g. no process could be made.
//
// Exit codes: 0 to 255 as the child gave it, -N when signal N ended it. On Windows all 32 bits as an int, and
// -SIGTERM after terminate() and kill(), as the specification says. A child that somebody else has reaped (foreign waitpid) counts as ended, with
// the code 255 if the true one is gone: nobody waits for ever for it.
//
// A default-made or moved-from Child stands for no process: ask it nothing.
class Child {
 public:
  Child();
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  ~Child();

  // Runs body in a copy of this process, which then ends with the code that body returns (1 when it throws: the error is
  // printed), without running the exit handlers that it inherited. What this process had buffered for its standard streams is
  // written before, so that it does not appear twice. Its signals are as if nobody had touched them, but for the handlers of faults (SIGSEGV
  // and the like), which belong to the memory that was copied, and for SIGHUP, which stays ignored if it was (nohup). Only where has_fork().
  static Child fork(const std::function<int()>& body);
  // Starts `program` (empty: this program again) with `arguments`, and hands it `message`: the new process finds it with
  // entered(). Returns when the program runs, whether or not it ever asks for the message. Of all that this process has open
  // the new one inherits the standard streams and the message's handles, nothing else; its signals are as if nobody had
  // touched them, but for SIGHUP, which stays ignored if it was.
  static Child spawn(const std::string& program, const std::vector<std::string>& arguments, Message message);
  static bool has_fork();

  // A child of another process, its starter (a fork server): `handle` is the starter's Child::handle(), or the child's this_process(), brought here by a message,
  // and the exit code comes over `status`, as report() sends it. When the starter dies first, the code is 255, once the child
  // has ended. The starter must keep the far end of `status` to itself: each child that it forks closes the copy that it
  // inherits. Only where has_fork().
  //
  // The sentinel is ready as soon as the child has ended, which is when the starter hears of it too. So exit_code() of a child that
  // has ended may wait for the report that is under way, or for the starter's death; wait() does so until its deadline only.
  static Child remote(std::int64_t pid, Handle handle, Channel status);
  // In the starter, once: tells the far end of `status` how its child ended. Does not block, nor mind that nobody listens.
  static void report(Channel& status, int exit_code);

  std::int64_t pid() const;
  // Ready (see wait_any) once the child has ended; valid as long as this object.
  NativeHandle sentinel() const;
  Handle handle() const;  // a duplicate, to travel: see remote()
  // Nothing while the child runs.
  std::optional<int> exit_code() const;
  std::optional<int> wait(Deadline deadline) const;
  // Asks the child to end, the way it cannot overlook: SIGTERM and SIGKILL where there are signals. No effect on an ended one.
  void terminate();
  void kill();
  // True for the exit codes of those that were told so, and of no program's own end.
  static bool was_told_to_end(int exit_code);

  struct Impl;

 private:
  explicit Child(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

// In a process made by Child::spawn: the message of its starter, once. Nothing in any other process, or at a second call.
// On Windows the arguments in `argv` become UTF-8. To be called first in main(), before another thread is made. Throws OsError when the command line says that there is a message
// but there is none: then this process has no ordinary work to do either.
std::optional<Entry> entered(int argc, char** argv);

// This program's own file, as spawn() starts it.
std::string this_program();

std::int64_t this_pid();

// A handle that is ready (see wait_any) once this process has ended; to travel to another one (a pidfd on Linux).
Handle this_process();

}  // namespace mp::platform

#endif  // PLATFORM_CHILD_H_
