#include "reference/waiters.h"

#include <chrono>

#include "reference/codec.h"

namespace mp {
namespace {

using platform::Bell;
using platform::Deadline;

constexpr auto kSlice = std::chrono::milliseconds(100);

}  // namespace

Waiters Waiters::create(Table& table) {
  Waiters waiters;
  waiters.table_ = &table;
  for (std::uint32_t i = 0; i < kBells; ++i) waiters.bells_[i] = Bell::create(table.bells[i].state);
  return waiters;
}

void Waiters::save(Writer& writer) const {
  for (const Bell& bell : bells_) writer.attach(bell.handle());
}

void Waiters::load(Table& table, Reader& reader) {
  table_ = &table;
  for (std::uint32_t i = 0; i < kBells; ++i) bells_[i] = Bell::adopt(table.bells[i].state, reader.detach());
}

// The name comes last: who dies before it has taken nothing.
Waiter* Waiters::enter(std::uint64_t ticket, std::uint32_t last) {
  const std::uint32_t place = free_place(last);
  if (place == kMost) return nullptr;
  if (place >= table_->used.load(std::memory_order_relaxed)) {
    table_->used.store(place + 1, std::memory_order_release);
  }
  Waiter& waiter = table_->places[place];
  waiter.ticket.store(ticket, std::memory_order_relaxed);
  waiter.answer.store(0, std::memory_order_relaxed);
  waiter.who.store(platform::own_life(), std::memory_order_release);
  return &waiter;
}

std::uint32_t Waiters::free_place(std::uint32_t last) const {
  const std::uint32_t used = table_->used.load(std::memory_order_relaxed);
  if (last < used && is_free(last)) return last;
  for (std::uint32_t place = 0; place < used; ++place) {
    if (is_free(place)) return place;
  }
  return used;
}

void Waiters::trim() {
  std::uint32_t used = table_->used.load(std::memory_order_relaxed);
  while (used > 0 && is_free(used - 1)) --used;
  table_->used.store(used, std::memory_order_release);
}

void Waiters::wake(Told told) {
  for (std::uint32_t i = 0; told != 0; ++i, told >>= 1) {
    if ((told & 1) != 0) bells_[i].ring();
  }
}

bool Waiters::sleep(const Waiter& waiter, Deadline deadline) {
  Bell& bell = bells_[place_of(waiter) % kBells];
  const Deadline slice = deadline.or_earlier(Deadline::after(kSlice));
  for (;;) {
    const std::uint32_t heard = bell.rings();
    if (waiter.is_answered()) return true;
    if (!bell.listen(heard, slice)) return waiter.is_answered();
  }
}

}  // namespace mp
