#include "reference/event.h"

#include <chrono>
#include <limits>
#include <new>

#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Deadline;

constexpr auto kSlice = std::chrono::milliseconds(100);

}  // namespace

// What each process has of an event.
struct Event::Local {
  platform::Region region;
  platform::Semaphore wake[2];
};

Event::Event() try : local_(std::make_shared<Local>()) {
  local_->region = platform::Region::create(sizeof(Shared));
  shared_ = new (local_->region.data()) Shared{};
  for (int i : {0, 1}) {
    local_->wake[i] = platform::Semaphore::create(shared_->wake[i], 0, std::numeric_limits<std::int32_t>::max());
  }
} catch (const platform::OsError& error) {
  raise(error);
}

Event::Event(Undecoded) {}

void Event::save(Writer& writer) const {
  writer.attach(local_->region.handle());
  for (const platform::Semaphore& wake : local_->wake) writer.attach(wake.handle());
}

void Event::load(Reader& reader) {
  local_ = std::make_shared<Local>();
  local_->region = platform::Region::adopt(reader.detach());
  shared_ = reinterpret_cast<Shared*>(local_->region.data());
  for (int i : {0, 1}) local_->wake[i] = platform::Semaphore::adopt(shared_->wake[i], reader.detach());
}

void Event::set() {
  Word word = shared_->word.load(std::memory_order_relaxed);
  while (!shared_->word.compare_exchange_weak(word, (round(word) + 1) * kRound | kFlag, std::memory_order_acq_rel,
                                              std::memory_order_relaxed)) {
  }
  platform::Semaphore& wake = local_->wake[round(word) % 2];
  for (std::uint32_t left = waiters(word); left > 0; --left) wake.release();
}

bool Event::wait_later(Wait timeout) {
  const Deadline deadline = timeout.deadline();
  if (deadline.has_passed()) return is_set();
  Word word = shared_->word.load(std::memory_order_acquire);
  if (!join(word)) return true;
  const Word mine = round(word);
  const auto is_over = [&] { return round(shared_->word.load(std::memory_order_acquire)) != mine; };
  while (!is_over()) {
    if (deadline.has_passed()) {
      leave(mine);
      return is_over();
    }
    local_->wake[mine % 2].acquire(deadline.or_earlier(Deadline::after(kSlice)));
  }
  return true;
}

// Counts this thread among those who wait for the end of the round; false when the flag is there already.
bool Event::join(Word& word) {
  while ((word & kFlag) == 0) {
    if (shared_->word.compare_exchange_weak(word, word + kWaiter, std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
      return true;
    }
  }
  return false;
}

// No more to do when the round is over: set() has forgotten its waiters.
void Event::leave(Word mine) {
  Word word = shared_->word.load(std::memory_order_relaxed);
  while (round(word) == mine && !shared_->word.compare_exchange_weak(word, word - kWaiter, std::memory_order_acq_rel,
                                                                     std::memory_order_relaxed)) {
  }
}

}  // namespace mp
