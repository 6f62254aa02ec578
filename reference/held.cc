#include "reference/held.h"

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reference/fork_hook.h"
#include "reference/process.h"

namespace mp::proxy_internal {
namespace {

// The references of this process, and what a child that is being forked gets.
//
//   before     an anchor for the child, with a reference on it for each one that this process has
//   fork       whoever makes or drops a reference meanwhile waits, and who opens or closes a connection
//   in_child   its copies of its parent's connections are closed (see PrivateHandle); that anchor is the child's: when it ends, however it
//              does, so do its references
//   in_parent  its copy of the anchor is closed
//
// No anchor: nothing is taken before the child asks, as nobody would give it back for a child that is killed.
struct Forks {
  struct Inheritance {
    std::shared_ptr<Link> link;
    Connection anchor;
    std::vector<Held*> held;
  };

  static Forks& get() {
    static Forks* const kForks = [] {
      process_internal::set_fork_hook({&before, &in_parent, &in_child});
      return new Forks;
    }();
    return *kForks;
  }
  static void before() {
    Forks& forks = get();
    forks.mutex.lock();
    std::map<std::shared_ptr<Link>, std::vector<Held*>> all;
    for (Held* held : forks.live) {
      if (held->is_own()) all[held->link].push_back(held);
    }
    for (auto& [link, held] : all) {
      try {
        std::vector<std::string> ids;
        for (const Held* each : held) ids.push_back(each->token.id);
        Connection anchor = link->anchor_for_child(ids);
        if (anchor.closed()) held.clear();
        forks.inheritances.push_back({link, std::move(anchor), std::move(held)});
      } catch (const std::exception&) {
        // The server has ended: whoever uses the proxy in the child is told so. Or it is stopped, or very busy: the child takes its
        // references when it first uses them.
      }
    }
  }
  static void in_parent() {
    get().inheritances.clear();
    get().mutex.unlock();
  }
  static void in_child() {
    Forks& forks = get();
    for (const Inheritance& each : forks.inheritances) {
      each.link->begin_child(each.anchor);
      for (Held* held : each.held) held->taken();
    }
    forks.inheritances.clear();
    forks.mutex.unlock();
  }

  // For references that do not end with this process: the objects of a forked child, for one, are never destroyed.
  void give_back_at_exit() {
    const std::lock_guard lock(mutex);
    if (std::exchange(gives_back, platform::own_life()) == platform::own_life()) return;
    at_exit([this] {
      const std::lock_guard hold(mutex);
      for (Held* held : live) held->give_back();
    });
  }

  std::mutex mutex;
  std::set<Held*> live;
  std::vector<Inheritance> inheritances;
  platform::Life gives_back = 0;
};

}  // namespace

Held::Held(std::shared_ptr<Link> link, Token token) : link(std::move(link)), token(std::move(token)) {
  Forks& forks = Forks::get();
  const std::lock_guard lock(forks.mutex);
  forks.live.insert(this);
}

Held::~Held() {
  {
    Forks& forks = Forks::get();
    const std::lock_guard lock(forks.mutex);
    forks.live.erase(this);
  }
  give_back();
}

void Held::own() {
  if (is_own()) return;
  const bool ends_with_process = link->take(token.id);
  if (owner_.exchange(platform::own_life()) == platform::own_life()) {
    link->give_back(token.id);  // another thread was quicker, and one is enough
  } else if (!ends_with_process) {
    Forks::get().give_back_at_exit();
  }
}

void Held::adopted() {
  owner_ = platform::own_life();
  if (!link->adopt(token.id)) Forks::get().give_back_at_exit();
}

void Held::give_back() noexcept {
  if (owner_.exchange(0) != platform::own_life()) return;
  try {
    link->give_back(token.id);
  } catch (const std::exception&) {
    // The server has ended, and the object with it.
  }
}

}  // namespace mp::proxy_internal
