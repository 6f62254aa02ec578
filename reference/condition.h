#ifndef REFERENCE_CONDITION_H_
#define REFERENCE_CONDITION_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>
#include <variant>

#include "platform/deadline.h"
#include "platform/life.h"
#include "platform/region.h"
#include "reference/lock.h"
#include "reference/rlock.h"
#include "reference/wait.h"
#include "reference/waiters.h"

namespace mp {

// A place to wait, under a lock, until somebody else says that something changed.
//
// Owns:    a share of the condition and of its lock. They live until the last process drops its last copy.
// Shares:  copies are the same condition; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  acquire(), as the lock does; wait() and wait_for() until their timeout, and then until they have the lock.
//          notify() waits for nobody, least of all for a waiter who died.
// Throws:  OSError when there is no memory for a new one, or too many wait. RuntimeError from wait(), wait_for(),
//          notify() and notify_all() without the lock. OwnerDied, see below. What the lock throws.
//
// Fits std::lock_guard and its kin, which are the `with` of the specification:
//
//     const std::lock_guard guard(condition);
//     condition.wait_for([&] { return there_is_work(); });
//
// The lock must be held by this thread; of a Lock, which knows its holder by process, by this process.
//
// The protocol (see waiters.h). All happens under the lock: a waiter takes a place at the table, with a ticket, before
// he frees the lock; a notifier answers those with the lowest tickets; a waiter takes his answer when he has the lock
// again. So a notification goes to one who waited when it was given, never to one who came later. An answer that comes
// after the time is over, but before the lock is had again, counts: wait() returns true.
//
// When a waiter dies, at any point before he has the lock again, the answer that he was given stays at his place. An
// answer is the number of the next ticket at its time: any lower ticket waited then, and might have been the one. The
// sleepers look ten times a second for an answer whose addressee is dead, and the oldest that it might have been for
// gets it. So a notification is never lost on the dead while a live one waits, if late by a tenth of a second; and if
// only the dead waited, nobody hears of it later.
//
// When the holder of the lock dies, wait() may be the one who is told: it throws OwnerDied, and holds the lock, as it
// does however it ends: the guard around it frees it. It hands on what it was notified of. The table is never half
// done: a place is taken, answered and left by one store each.
class Condition {
 public:
  Condition() : Condition(RLock()) {}
  explicit Condition(Lock lock);
  explicit Condition(RLock lock);
  explicit Condition(Undecoded);

  bool acquire(bool block = true, Wait timeout = Wait::forever()) {
    return std::visit([&](auto& lock) { return lock.acquire(block, timeout); }, lock_);
  }
  void release() {
    std::visit([](auto& lock) { lock.release(); }, lock_);
  }
  bool locked() const {
    return std::visit([](const auto& lock) { return lock.locked(); }, lock_);
  }
  void lock() { acquire(); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  // True: notified. False: the timeout passed first.  [condition.wait.releases-all-levels] [.recursion-restored]
  bool wait(Wait timeout = Wait::forever()) { return wait_until(timeout.deadline()); }
  // [condition.wait-for.value] What the predicate returned last; it is asked with the lock held.
  template <class Predicate>
  auto wait_for(Predicate predicate, Wait timeout = Wait::forever()) -> std::decay_t<std::invoke_result_t<Predicate&>> {
    const platform::Deadline deadline = timeout.deadline();
    require_lock("wait_for");
    auto value = predicate();
    while (!static_cast<bool>(value) && !deadline.has_passed()) {
      wait_until(deadline);
      value = predicate();
    }
    return value;
  }

  // [condition.notify.n] Wakes that many waiters, the oldest first, or all if there are fewer.
  void notify(std::int64_t n = 1);
  void notify_all() { notify(std::numeric_limits<std::int64_t>::max()); }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  struct Shared {
    std::atomic<std::uint64_t> next_ticket;
    Waiters::Table table;
  };
  // What each process has of a condition.
  struct Local {
    platform::Region region;
    Waiters waiters;
    std::atomic<std::uint32_t> last_place = 0;
  };

  void create();
  bool wait_until(platform::Deadline deadline);
  void require_lock(const char* method) const;
  std::uint32_t free_lock();
  platform::Life take_lock_again(std::uint32_t level);
  Waiter& enter();
  void sleep(const Waiter& me, platform::Deadline deadline);
  bool might_inherit(const Waiter& me) const;
  void hand_over_from_the_dead();
  bool answer_oldest_below(std::uint64_t answer);

  std::variant<Lock, RLock> lock_;
  Shared* shared_ = nullptr;  // in local_'s region
  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_CONDITION_H_
