#ifndef REFERENCE_PROCESS_H_
#define REFERENCE_PROCESS_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/handle.h"
#include "reference/codec.h"
#include "reference/entry.h"
#include "reference/start_method.h"
#include "reference/target.h"
#include "reference/wait.h"

// Processes: a function, or a class with a run(), that runs in a process of its own.
//
//   start()    fork                        spawn                          forkserver
//              flush, copy this process    Message{entry function, who    the same message, sent to the server
//              |                           the child is, function,        |
//              |                           arguments, handles}            |
//              v                           v                              v
//   child      becomes "me"                main, freeze_support: decode   fork of the server: decode
//              ------------------------- run() -------------------------------------------------
//              errors printed, exit handlers, children ended (daemonic) or awaited, output flushed, exit code
//
// One rule for the end of a child under every method: what was registered with at_exit() of this header in the child itself runs;
// the exit handlers and static destructors of the program do not (under fork they would be those of the parent).
// And one for signals: a child begins with the default action of each, whatever its creator had made of it, and with none blocked. Only
// hangups stay ignored (nohup), and under fork the handlers of faults stay. Under forkserver the creator is the server, as it was begun.
namespace mp {

namespace process_internal {
struct State;  // what all objects that stand for one process share
struct Self;
}  // namespace process_internal

struct ProcessOptions {
  std::string name = {};            // empty: Process-N, where N counts the processes that the creator built
  std::optional<bool> daemon = {};  // unset: as the creator
  std::optional<StartMethod> start_method = {};  // unset: the default at the time of start()
  // Ends the child as terminate() would when its creator has ended, even if that was killed. Costs the child a thread.
  bool ends_with_parent = false;
};

// A process to be started, or one that was.
//
// Owns:    its function and arguments. The process itself goes on when the object dies; its creator awaits it at its own end.
// Shares:  nothing: an object that a forked child inherits is refused there, for nearly everything.
// Threads: every method in any thread at once, except that the object's own life time is its owner's business. start() once.
// Blocks:  join() only; start() as long as the system needs.
// Throws:  ValueError after close(); AssertionError for what is done at the wrong time or in the wrong process, start() also
//          PickleError for a function or an argument that cannot travel, RuntimeError without freeze_support(), OSError's family when
//          the system refuses.
class Process {
 public:
  using Options = ProcessOptions;

  Process() : Process(Options{}) {}
  explicit Process(Options options);
  template <class F, class... A>
  requires(!std::derived_from<std::decay_t<F>, Process> && !std::same_as<std::decay_t<F>, Options> &&
           !std::same_as<std::decay_t<F>, Undecoded>) explicit Process(F&& function, A&&... arguments)
      : Process(Options{}, make_target(std::forward<F>(function), std::forward<A>(arguments)...)) {}
  template <class F, class... A>
  requires(!std::same_as<std::decay_t<F>, std::unique_ptr<Target>>)
      Process(Options options, F&& function, A&&... arguments)
      : Process(std::move(options), make_target(std::forward<F>(function), std::forward<A>(arguments)...)) {}
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  virtual ~Process();

  // What the child does: calls the function with the arguments, if there is one. Called directly it does so here.
  virtual void run();
  // Starts the child. Once; not in a daemonic process, and only in the process that built the object. The arguments are
  // the child's then, and gone from here.
  void start();
  void join(Wait timeout = Wait::forever());
  bool is_alive() const;
  // SIGTERM where there are signals: nothing of the child runs any more but a handler that it made itself. Descendants live on.
  void terminate();
  void kill();
  // Forgets an ended or never started process; nothing but names can be asked afterwards. One that is being started runs.
  void close();

  std::string name() const;
  void set_name(std::string name);
  bool daemon() const;
  // Before start() only.
  void set_daemon(bool daemon);
  // Nothing before start().
  std::optional<std::int64_t> pid() const;
  std::optional<std::int64_t> ident() const { return pid(); }
  // Nothing before the end. Then what the child gave, 0 to 255, or -N if signal N ended it.
  std::optional<int> exitcode() const;
  // For mp::wait() and the system's own waits: ready when the process has ended. Valid until close() or the object's end.
  platform::NativeHandle sentinel() const;
  // A string of bytes. The process starts with that of its creator.
  std::string authkey() const;
  void set_authkey(std::string key);
  // <Process name='x' pid=12 parent=3 started daemon>
  std::string repr() const;

 protected:
  // Rebuilds the object in a process that is no copy of its creator.
  using Revive = std::unique_ptr<Process> (*)(Reader& reader);
  // Writes a Revive function and what it reads.
  virtual void save_for_child(Writer& writer) const;

 private:
  friend struct process_internal::Self;
  Process(Options options, std::unique_ptr<Target> target);
  explicit Process(std::shared_ptr<process_internal::State> state);
  static std::unique_ptr<Process> revive(Reader& reader);

  std::unique_ptr<Target> target_;
  std::shared_ptr<process_internal::State> state_;
};

// The base of a class that says itself what its process does, under every start method:
//
//   struct Producer : mp::Subprocess<Producer> {
//     mp::Queue<int> queue;
//     template <class Archive> void serialize(Archive& archive) { archive(queue); }
//     void run() override { queue.put(1); }
//   };
//
// serialize() carries what run() needs (none: nothing is carried); the child makes the object by its default constructor first,
// or by one that takes mp::Undecoded. A class that derives from Process alone can only be forked.
template <class Derived>
class Subprocess : public Process {
 public:
  using Process::Process;

 protected:
  void save_for_child(Writer& writer) const override {
    writer(static_cast<Revive>(&revive));
    if constexpr (codec_internal::OwnMembers<Derived>) writer(static_cast<const Derived&>(*this));
  }

 private:
  static std::unique_ptr<Process> revive(Reader& reader) {
    std::unique_ptr<Derived> process;
    if constexpr (std::is_constructible_v<Derived, Undecoded>) {
      process = std::make_unique<Derived>(Undecoded{});
    } else {
      process = std::make_unique<Derived>();
    }
    if constexpr (codec_internal::OwnMembers<Derived>) reader(*process);
    return process;
  }
};

// The process that started this one, as far as this one can see it.
//
// Owns:    a handle to wait with. Shares: nothing. Threads: any. Blocks: join() only. Throws: OsError when the system refuses.
class ParentProcess {
 public:
  ParentProcess(std::string name, std::int64_t pid, platform::Handle sentinel)
      : name_(std::move(name)), pid_(pid), sentinel_(std::move(sentinel)) {}

  const std::string& name() const { return name_; }
  std::int64_t pid() const { return pid_; }
  std::int64_t ident() const { return pid_; }
  bool is_alive() const;
  void join(Wait timeout = Wait::forever()) const;
  platform::NativeHandle sentinel() const { return sentinel_.native(); }

 private:
  std::string name_;
  std::int64_t pid_;
  platform::Handle sentinel_;
};

// The process that asks. It can be neither started nor joined.
Process& current_process();
// Null in the main process. Under forkserver the process that called start(), not the server.
const ParentProcess* parent_process();
// The live children that this process started; joins those that have ended.
std::vector<Process> active_children();

// The logical processors of the machine; throws NotImplementedError when the system does not tell.
int cpu_count();
// Those that this process may use (affinity, quota of the container): how many workers pay.
int usable_cpu_count();

// Ends the process as if its function had returned, with that code; with a text: prints it on standard error, and 1. In a thread
// other than the one that runs the function it is an uncaught error of that thread.
[[noreturn]] void exit(int code = 0);
[[noreturn]] void exit(const std::string& text);

// Has `action` called when this process ends in an orderly way (not by a signal), the last registered first, before its children are
// ended or awaited. A child has none in the beginning, under every start method.
void at_exit(std::function<void()> action);

}  // namespace mp

#endif  // REFERENCE_PROCESS_H_
