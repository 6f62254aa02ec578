#ifndef REFERENCE_BARRIER_H_
#define REFERENCE_BARRIER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "platform/deadline.h"
#include "platform/mutex.h"
#include "platform/region.h"
#include "reference/target.h"
#include "reference/wait.h"
#include "reference/waiters.h"

namespace mp {

// A place where a number of threads, of any processes, wait for each other; it can be passed again and again.
//
// Owns:    a share of the barrier. It lives until the last process drops its last copy. Each copy has the action.
// Shares:  copies are the same barrier; they travel to a child as arguments, or by fork. An action that cannot travel
//          (see target.h) makes a PickleError of that, and no difference under fork.
// Threads: every method in any thread and process at once.
// Blocks:  wait() only, until its timeout and no longer, or as long as the action takes. Who comes during the action waits
//          for its end first, and his time begins then, as CPython's. Looks for some 40 us before it sleeps.
// Throws:  OSError when there is no memory for a new one, or too many wait. ValueError for less than one party.
//          BrokenBarrierError from wait() when the barrier is broken, or reset while this thread waits. What the action
//          throws, from the wait() that called it.
//
// When a process dies that waits here, the barrier breaks: it will not come back for the next round, and the others
// would wait for it there for ever. To pass the round that it had reached would only put that off, and its part of the
// work in between might be missing. Those who sleep look for the dead ten times a second, and whoever completes a round
// makes sure of all who have waited for more than a millisecond; a look costs some 20 us, which is little to them. Of a
// party that dies elsewhere nobody can know: parties have no names before they wait. Give a timeout for that.
//
// The protocol (see waiters.h). A mutex that survives its holder guards the state; nobody holds it while he waits, nor
// during the action. Who arrives takes a place at the table; the last one answers them all. The answer lies at the
// place of each, so a slow one finds it however many rounds the fast ones are ahead; nobody waits until a round has
// been left.
// The last one takes a place as well while he is in the action, so he can be found dead. Who comes meanwhile, as
// one too many, waits for the end of the action and then begins anew. Who finds that the last holder of the mutex died
// breaks the barrier, too: whatever was half done, nobody is left waiting.
class Barrier {
 public:
  // `timeout` is for every wait() without one of its own.
  explicit Barrier(int parties, Wait timeout = Wait::forever()) : Barrier(parties, nullptr, timeout) {}
  // [barrier.action.once-a-round] `action` is called by one of the parties, before they go on.
  template <class F>
  requires std::is_invocable_v < std::decay_t<F>
  & > Barrier(int parties, F&& action, Wait timeout = Wait::forever())
      : Barrier(parties, std::shared_ptr<Target>(make_target(std::forward<F>(action))), timeout) {}
  explicit Barrier(Undecoded);

  // Waits until all parties do. Each gets a number of its own, from zero to parties - 1: in the order of arrival.
  int wait();
  // [barrier.timeout.breaks] When the time is over, the barrier breaks.
  int wait(Wait timeout);
  // Empty and whole again. [barrier.reset.waiters-fail] Those who wait get a BrokenBarrierError.
  void reset();
  // Broken until reset.
  void abort();

  int parties() const { return static_cast<int>(shared_->parties); }
  // Right at some moment during the call.
  int n_waiting() const { return static_cast<int>(shared_->arrived.load(std::memory_order_acquire)); }
  bool broken() const { return shared_->broken.load(std::memory_order_acquire); }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  enum Answer : std::uint64_t { kPassed = 1, kBroken, kAgain };

  struct Shared {
    platform::MutexState mutex;
    std::uint32_t parties;
    std::chrono::nanoseconds timeout;
    std::atomic<std::uint32_t> arrived;  // in this round
    std::atomic<bool> broken;
    std::atomic<bool> in_action;
    std::atomic<std::uint64_t> round;  // the ticket of those who wait for its end
    std::atomic<platform::Deadline::Clock::rep> last_look;
    Waiters::Table table;
  };
  // What each process has of a barrier.
  struct Local {
    platform::Region region;
    platform::Mutex mutex;
    Waiters waiters;
    std::atomic<std::uint32_t> last_place = 0;
  };
  class Inside;

  Barrier(int parties, std::shared_ptr<Target> action, Wait timeout);

  Waiter& enter(std::uint64_t ticket);
  Answer sleep(Waiter& me, platform::Deadline deadline);
  void act(Inside& inside);
  bool all_live();
  void finish_round();
  void break_up();
  void look_for_the_dead();
  [[noreturn]] static void throw_broken();

  Shared* shared_ = nullptr;  // in local_'s region
  std::shared_ptr<Local> local_;
  std::shared_ptr<Target> action_;
};

}  // namespace mp

#endif  // REFERENCE_BARRIER_H_
