#include "reference/barrier.h"

#include <new>
#include <string>
#include <vector>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Deadline;
using platform::Life;
using platform::Mutex;
using platform::Region;

constexpr auto kSlice = 100ms;
constexpr auto kLong = 1ms;  // who has waited longer is looked after

}  // namespace

// Holds the mutex.
class Barrier::Inside {
 public:
  explicit Inside(Barrier& barrier) : barrier_(barrier) { lock(); }
  ~Inside() {
    if (locked_) unlock();
  }
  Inside(const Inside&) = delete;

  void lock() {
    const auto outcome = barrier_.local_->mutex.lock(Deadline::never());
    locked_ = true;
    if (outcome == Mutex::Outcome::kOwnerDied) barrier_.break_up();
  }
  void unlock() {
    locked_ = false;
    barrier_.local_->mutex.unlock();
  }

 private:
  Barrier& barrier_;
  bool locked_ = false;
};

Barrier::Barrier(int parties, std::shared_ptr<Target> action, Wait timeout) try : action_(std::move(action)) {
  if (parties < 1) throw ValueError("a barrier needs one party or more, not " + std::to_string(parties));
  local_ = std::make_shared<Local>();
  local_->region = Region::create(sizeof(Shared));
  shared_ = reinterpret_cast<Shared*>(local_->region.data());
  shared_->parties = static_cast<std::uint32_t>(parties);
  shared_->timeout = timeout.duration();
  local_->mutex = Mutex::create(shared_->mutex);
  local_->waiters = Waiters::create(shared_->table);
} catch (const platform::OsError& error) {
  raise(error);
}

Barrier::Barrier(Undecoded) {}

void Barrier::save(Writer& writer) const {
  writer.attach(local_->region.handle());
  writer.attach(local_->mutex.handle());
  local_->waiters.save(writer);
  save_target(action_.get(), writer);
}

void Barrier::load(Reader& reader) {
  local_ = std::make_shared<Local>();
  local_->region = Region::adopt(reader.detach());
  shared_ = reinterpret_cast<Shared*>(local_->region.data());
  local_->mutex = Mutex::adopt(shared_->mutex, reader.detach());
  local_->waiters.load(shared_->table, reader);
  action_ = load_target(reader);
}

int Barrier::wait() { return wait(Wait(shared_->timeout)); }

int Barrier::wait(Wait timeout) {
  for (;;) {
    Inside inside(*this);
    if (broken()) throw_broken();
    const std::uint64_t round = shared_->round.load(std::memory_order_relaxed);
    if (shared_->in_action.load(std::memory_order_relaxed)) {
      Waiter& me = enter(round + 1);
      inside.unlock();
      if (sleep(me, Deadline::never()) == kAgain) continue;
      throw_broken();
    }
    const std::uint32_t index = shared_->arrived.load(std::memory_order_relaxed);
    if (index + 1 < shared_->parties) {
      Waiter& me = enter(round);
      shared_->arrived.store(index + 1, std::memory_order_release);
      inside.unlock();
      if (sleep(me, timeout.deadline()) != kPassed) throw_broken();
    } else {
      if (!all_live()) throw_broken();
      if (action_ != nullptr) act(inside);
      finish_round();
    }
    return static_cast<int>(index);
  }
}

// Inside when it returns, and the round has not been broken.
void Barrier::act(Inside& inside) {
  Waiter& me = enter(shared_->round.load(std::memory_order_relaxed));
  shared_->arrived.store(shared_->parties, std::memory_order_release);
  shared_->in_action.store(true, std::memory_order_relaxed);
  inside.unlock();
  try {
    action_->call();
  } catch (...) {
    inside.lock();
    if (!me.is_answered()) break_up();
    local_->waiters.leave(me);
    throw;
  }
  inside.lock();
  const bool is_broken = me.is_answered();
  local_->waiters.leave(me);
  if (is_broken) throw_broken();
  shared_->in_action.store(false, std::memory_order_relaxed);
}

void Barrier::reset() {
  Inside inside(*this);
  break_up();
  shared_->broken.store(false, std::memory_order_release);
}

void Barrier::abort() {
  Inside inside(*this);
  break_up();
}

// Inside. The dead who were told something keep their places until somebody needs them.
Waiter& Barrier::enter(std::uint64_t ticket) {
  Waiters& waiters = local_->waiters;
  Waiter* me = waiters.enter(ticket, local_->last_place.load(std::memory_order_relaxed));
  if (me == nullptr) {
    waiters.each([&](Waiter& waiter) {
      if (waiter.is_answered() && waiter.is_dead()) waiters.leave(waiter);
    });
    me = waiters.enter(ticket, 0);
    if (me == nullptr) throw OSError("too many wait at this barrier");
  }
  me->since.store(Deadline::Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  local_->last_place.store(waiters.place_of(*me), std::memory_order_relaxed);
  return *me;
}

// Not inside. Gives the place up.
Barrier::Answer Barrier::sleep(Waiter& me, Deadline deadline) {
  Waiters& waiters = local_->waiters;
  if (deadline.has_passed() || !waiters.look(me)) {
    while (!waiters.sleep(me, deadline)) {
      if (!deadline.has_passed()) {
        look_for_the_dead();
        continue;
      }
      Inside inside(*this);
      if (!me.is_answered()) break_up();
    }
  }
  const auto answer = static_cast<Answer>(me.answer.load(std::memory_order_acquire));
  waiters.leave(me);
  return answer;
}

// Inside. False: the barrier broke.
bool Barrier::all_live() {
  const auto now = Deadline::Clock::now().time_since_epoch();
  bool dead = false;
  local_->waiters.each([&](Waiter& waiter) {
    const Deadline::Clock::duration since(waiter.since.load(std::memory_order_relaxed));
    if (!dead && !waiter.is_answered() && now - since > kLong) dead = waiter.is_dead();
  });
  if (dead) break_up();
  return !dead;
}

// Inside.
void Barrier::finish_round() {
  const std::uint64_t round = shared_->round.load(std::memory_order_relaxed);
  shared_->arrived.store(0, std::memory_order_release);
  shared_->round.store(round + 1, std::memory_order_relaxed);
  Waiters::Told told = 0;
  local_->waiters.each([&](Waiter& waiter) {
    if (waiter.is_answered()) return;
    const bool is_early = waiter.ticket.load(std::memory_order_relaxed) != round;
    told |= local_->waiters.tell(waiter, is_early ? kAgain : kPassed);
  });
  local_->waiters.wake(told);
}

// Inside.
void Barrier::break_up() {
  shared_->broken.store(true, std::memory_order_release);
  shared_->arrived.store(0, std::memory_order_release);
  shared_->in_action.store(false, std::memory_order_relaxed);
  Waiters::Told told = 0;
  local_->waiters.each([&](Waiter& waiter) {
    if (!waiter.is_answered()) told |= local_->waiters.tell(waiter, kBroken);
  });
  local_->waiters.wake(told);
}

// Not inside; one does it for all. The mutex tells, too, when somebody died with it.
void Barrier::look_for_the_dead() {
  const auto now = Deadline::Clock::now().time_since_epoch();
  auto last = shared_->last_look.load(std::memory_order_relaxed);
  if (now - Deadline::Clock::duration(last) < kSlice) return;
  if (!shared_->last_look.compare_exchange_strong(last, now.count(), std::memory_order_relaxed)) return;
  { Inside inside(*this); }
  local_->waiters.each([&](Waiter& waiter) {
    if (waiter.is_answered() || !waiter.is_dead()) return;
    Inside inside(*this);
    if (!waiter.is_answered() && waiter.is_dead()) break_up();
  });
}

void Barrier::throw_broken() { throw BrokenBarrierError("the barrier is broken, or was reset"); }

}  // namespace mp
