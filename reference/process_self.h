#ifndef REFERENCE_PROCESS_SELF_H_
#define REFERENCE_PROCESS_SELF_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/child.h"
#include "platform/code.h"
#include "platform/handle.h"
#include "reference/process.h"

// What stands behind a Process: its state, and what a process knows of itself and of its children.
namespace mp::process_internal {

// What a process is told about itself, and passes on to its children.
struct Config {
  std::string name;
  bool daemon = false;
  bool ends_with_parent = false;
  std::string authkey;
  std::vector<std::uint64_t> lineage;  // its ordinal among the children of its creator, below the creator's own

  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, daemon, ends_with_parent, authkey, lineage);
  }
};

// Stands for one process in its creator, or for the process itself in itself.
struct State {
  explicit State(Config initial, bool is_self = false)
      : creator(platform::this_pid()), is_self(is_self), config(std::move(initial)) {}

  const std::int64_t creator;
  const bool is_self;
  std::optional<StartMethod> start_method;

  // Guards what follows; never held during anything that waits or forks. Another mutex may be held already, none is taken under it.
  mutable std::mutex mutex;
  Config config;
  bool started = false;
  bool closed = false;
  std::shared_ptr<platform::Child> child;

  // Null while there is none: the process is not started yet, or another thread has closed it, which it may at any time:
  //     closes                                   looks through the children of this process
  //                                              finds one in the list, and a child in it
  //     takes the child out, and frees it
  //     takes it from the list                   asks the child
  // Who asks therefore keeps it alive by a pointer of his own.
  std::shared_ptr<platform::Child> shared_child() const {
    const std::lock_guard lock(mutex);
    return child;
  }
};

// What a process knows of itself and of its children. There is one at a time; a forked child makes a new one and never looks
// at the old one again, whose mutex another thread of its parent may have held.
struct Self {
  static Self& get();
  static void become(std::unique_ptr<Self> self);
  // From now on `process` is what current_process() gives.
  void take(Process& process);
  static void save(const Process& process, Writer& writer) { process.save_for_child(writer); }
  static Process handle_for(std::shared_ptr<State> state) { return Process(std::move(state)); }

  Self(Config config, std::optional<ParentProcess> parent_process)
      : state(std::make_shared<State>(std::move(config), true)), parent(std::move(parent_process)), own(state) {}

  // The handle by which children watch this process; a copy of it.
  platform::Handle watch();
  void add(std::shared_ptr<State> child);
  void discard(const State* child);
  // Those that still run; those that do not are dropped. One whose end is known and its exit code not yet (its fork server is slow, or
  // stopped) counts as running: nobody waits for that here.
  std::vector<std::shared_ptr<State>> living();
  void run_exit_handlers();
  void end_children();

  const std::shared_ptr<State> state;
  const std::optional<ParentProcess> parent;
  std::shared_ptr<State> before;  // what stood for this process in its creator; to free it costs a copied page or two
  Process own;                    // for as long as there is no other
  Process* current = &own;

  std::mutex mutex;  // guards what follows; never held during anything that waits or forks
  platform::Handle handle;
  std::uint64_t built = 0;
  std::vector<std::shared_ptr<State>> children;
  std::vector<std::function<void()>> exit_handlers;
};

// The whole life of a child, once it knows who it is; gives its exit code.
int live(Process& process);

}  // namespace mp::process_internal

#endif  // REFERENCE_PROCESS_SELF_H_
