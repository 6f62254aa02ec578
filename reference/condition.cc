#include "reference/condition.h"

#include <string>
#include <utility>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {

using platform::Deadline;
using platform::Life;
using platform::Mutex;
using platform::Region;

Condition::Condition(Lock lock) : lock_(std::move(lock)) { create(); }

Condition::Condition(RLock lock) : lock_(std::move(lock)) { create(); }

Condition::Condition(Undecoded undecoded) : lock_(std::in_place_type<Lock>, undecoded) {}

void Condition::create() try {
  local_ = std::make_shared<Local>();
  local_->region = Region::create(sizeof(Shared));
  shared_ = reinterpret_cast<Shared*>(local_->region.data());
  local_->waiters = Waiters::create(shared_->table);
} catch (const platform::OsError& error) {
  raise(error);
}

void Condition::save(Writer& writer) const {
  writer(std::holds_alternative<RLock>(lock_));
  std::visit([&](const auto& lock) { lock.save(writer); }, lock_);
  writer.attach(local_->region.handle());
  local_->waiters.save(writer);
}

void Condition::load(Reader& reader) {
  if (reader.read<bool>()) lock_.emplace<RLock>(Undecoded());
  std::visit([&](auto& lock) { lock.load(reader); }, lock_);
  local_ = std::make_shared<Local>();
  local_->region = Region::adopt(reader.detach());
  shared_ = reinterpret_cast<Shared*>(local_->region.data());
  local_->waiters.load(shared_->table, reader);
}

bool Condition::wait_until(Deadline deadline) {
  require_lock("wait");
  Waiter& me = enter();
  const std::uint32_t level = free_lock();
  for (;;) {
    sleep(me, deadline);
    const Life dead = take_lock_again(level);
    if (dead == 0 && !me.is_answered()) hand_over_from_the_dead();
    const std::uint64_t answer = me.answer.load(std::memory_order_acquire);
    if (dead == 0 && answer == 0 && !deadline.has_passed()) {
      free_lock();
      continue;
    }
    local_->waiters.leave(me);
    local_->waiters.trim();
    if (dead == 0) return answer != 0;
    if (answer != 0) answer_oldest_below(answer);
    throw OwnerDied("process " + std::to_string(platform::pid_of(dead)) +
                    " died while it held the lock of this condition; you hold it now, what it guards may be half done");
  }
}

void Condition::notify(std::int64_t n) {
  require_lock("notify");
  const std::uint64_t next_ticket = shared_->next_ticket.load(std::memory_order_relaxed);
  Waiters& waiters = local_->waiters;
  if (n > Waiters::kMost) {
    Waiters::Told told = 0;
    waiters.each([&](Waiter& waiter) {
      if (!waiter.is_answered()) told |= waiters.tell(waiter, next_ticket);
    });
    waiters.wake(told);
  } else {
    while (n > 0 && answer_oldest_below(next_ticket)) --n;
  }
}

// False: nobody with a lower ticket waits for an answer.
bool Condition::answer_oldest_below(std::uint64_t answer) {
  Waiter* oldest = nullptr;
  local_->waiters.each([&](Waiter& waiter) {
    const std::uint64_t ticket = waiter.ticket.load(std::memory_order_relaxed);
    if (waiter.is_answered() || ticket >= answer) return;
    if (oldest == nullptr || ticket < oldest->ticket.load(std::memory_order_relaxed)) oldest = &waiter;
  });
  if (oldest == nullptr) return false;
  local_->waiters.wake(local_->waiters.tell(*oldest, answer));
  return true;
}

void Condition::require_lock(const char* method) const {
  const bool held = std::visit(
      [](const auto& lock) {
        if constexpr (std::is_same_v<decltype(lock), const RLock&>) {
          return lock.is_mine();
        } else {
          return lock.local_->mutex.holder() == platform::own_life();
        }
      },
      lock_);
  if (!held) throw RuntimeError(std::string(method) + "() of a condition whose lock is not held");
}

// Gives the level, to be restored.
std::uint32_t Condition::free_lock() {
  if (auto* const lock = std::get_if<RLock>(&lock_)) {
    const std::uint32_t level = lock->level();
    lock->resign();
    return level;
  }
  std::get<Lock>(lock_).local_->mutex.unlock();
  return 1;
}

// Gives the last holder, if he died with it.
Life Condition::take_lock_again(std::uint32_t level) {
  Life dead = 0;
  if (auto* const lock = std::get_if<RLock>(&lock_)) {
    lock->local_->mutex.lock(Deadline::never(), &dead);
    lock->become_owner(level);
  } else {
    std::get<Lock>(lock_).local_->mutex.lock(Deadline::never(), &dead);
  }
  return dead;
}

// The dead keep their places until somebody needs them.
Waiter& Condition::enter() {
  const std::uint64_t ticket = shared_->next_ticket.load(std::memory_order_relaxed);
  shared_->next_ticket.store(ticket + 1, std::memory_order_relaxed);
  Waiter* me = local_->waiters.enter(ticket, local_->last_place.load(std::memory_order_relaxed));
  if (me == nullptr) {
    hand_over_from_the_dead();
    local_->waiters.each([&](Waiter& waiter) {
      if (waiter.is_dead()) local_->waiters.leave(waiter);
    });
    me = local_->waiters.enter(ticket, 0);
    if (me == nullptr) throw OSError("too many wait for this condition");
  }
  local_->last_place.store(local_->waiters.place_of(*me), std::memory_order_relaxed);
  return *me;
}

// Without the lock. Until there is an answer, or it is too late, or an answer might be inherited.
void Condition::sleep(const Waiter& me, Deadline deadline) {
  if (deadline.has_passed() || local_->waiters.look(me)) return;
  while (!local_->waiters.sleep(me, deadline) && !deadline.has_passed()) {
    if (might_inherit(me)) return;
  }
}

bool Condition::might_inherit(const Waiter& me) const {
  bool might = false;
  const std::uint64_t ticket = me.ticket.load(std::memory_order_relaxed);
  local_->waiters.each([&](Waiter& waiter) {
    if (!might && waiter.answer.load(std::memory_order_acquire) > ticket) might = waiter.is_dead();
  });
  return might;
}

// The heir is told first: who dies in between leaves a notification too many, not one too few.
void Condition::hand_over_from_the_dead() {
  local_->waiters.each([&](Waiter& waiter) {
    const std::uint64_t answer = waiter.answer.load(std::memory_order_acquire);
    if (answer == 0 || !waiter.is_dead()) return;
    answer_oldest_below(answer);
    local_->waiters.leave(waiter);
  });
}

}  // namespace mp
