#ifndef REFERENCE_WAITERS_H_
#define REFERENCE_WAITERS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "platform/bell.h"
#include "platform/deadline.h"
#include "platform/life.h"
#include "platform/look.h"

namespace mp {

class Reader;
class Writer;

// Who waits, and what he is told: a place at a table in shared memory. He has a cache line to himself, as he looks at
// it until he is told something.
struct alignas(64) Waiter {
  std::atomic<platform::Life> who;  // zero: the place is free
  std::atomic<std::uint64_t> ticket;
  std::atomic<platform::Deadline::Clock::rep> since;
  std::atomic<std::uint64_t> answer;  // zero: none yet

  bool is_answered() const { return answer.load(std::memory_order_acquire) != 0; }
  bool is_dead() const {
    const platform::Life life = who.load(std::memory_order_acquire);
    return life != 0 && life != platform::own_life() && platform::is_over(life);
  }
};

// Those who wait until somebody tells each of them how it ended for him: what Condition and Barrier have in common.
//
// Owns:    the system handles of its bells, where the system needs them; the table belongs to the caller's Region.
// Shares:  save() and load() take the handles along, the caller the Region. A forked child uses what it inherited.
// Threads: enter(), tell(), each() and trim() under a lock of the caller's; the others by everybody at once.
// Blocks:  sleep() only, until the deadline, a tenth of a second at most. look() looks for some 40 us.
// Throws:  OsError when the system refuses.
//
// Each waiter has his name at his place, so it can be found out who died, and who is told need not be awake: an answer
// lies at the place until it is taken. Nobody waits for the one who is told.
//
// Sleep. There are few bells (each is a system handle on some systems) and many places, so some places share one, and
// who tells one of them wakes the others in vain. A waiter asks how often his bell rang, looks at his answer, and
// listens; who tells him stores the answer, and rings. A teller who dies in between is made good by the sleepers, who
// look themselves ten times a second.
class Waiters {
 public:
  static constexpr std::uint32_t kMost = 32'768;
  static constexpr std::uint32_t kBells = 16;

  // The shared half. Memory of zeros is an empty table; pages cost nothing before they are touched.
  struct Table {
    std::atomic<std::uint32_t> used;  // all places behind are free
    struct alignas(64) OwnLine {
      platform::BellState state;
    };
    std::array<OwnLine, kBells> bells;
    std::array<Waiter, kMost> places;
  };
  // The bells of those who were told something, and wait to be woken.
  using Told = std::uint32_t;

  Waiters() = default;
  static Waiters create(Table& table);
  void save(Writer& writer) const;
  void load(Table& table, Reader& reader);

  // A place for this thread, without an answer yet; null when all are taken. `last` is where it was the last time.
  Waiter* enter(std::uint64_t ticket, std::uint32_t last);
  std::uint32_t place_of(const Waiter& waiter) const {
    return static_cast<std::uint32_t>(&waiter - table_->places.data());
  }
  // His own place. The answer is lost.
  void leave(Waiter& waiter) { waiter.who.store(0, std::memory_order_release); }
  // Gives back the free places at the end.
  void trim();

  // All whose places are taken, in no order.
  template <class F>
  void each(F act) const {
    const std::uint32_t used = table_->used.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < used; ++i) {
      if (table_->places[i].who.load(std::memory_order_acquire) != 0) act(table_->places[i]);
    }
  }

  // `answer` is not zero. If he is asleep, he hears of it at wake().
  Told tell(Waiter& waiter, std::uint64_t answer) {
    waiter.answer.store(answer, std::memory_order_release);
    return Told{1} << place_of(waiter) % kBells;
  }
  void wake(Told told);

  // True: he has an answer.
  bool look(const Waiter& waiter) const {
    return waiter.is_answered() || platform::look([&] { return waiter.is_answered(); });
  }
  // False: the deadline passed, or a tenth of a second: time to look whether others died.
  bool sleep(const Waiter& waiter, platform::Deadline deadline);

 private:
  std::uint32_t free_place(std::uint32_t last) const;
  bool is_free(std::uint32_t place) const { return table_->places[place].who.load(std::memory_order_acquire) == 0; }

  Table* table_ = nullptr;
  std::array<platform::Bell, kBells> bells_;
};

}  // namespace mp

#endif  // REFERENCE_WAITERS_H_
