#include "reference/event.h"

#include <new>

#include "platform/look.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {

using platform::Deadline;

// What each process has of an event.
struct Event::Local {
  platform::Region region;
  platform::Bell bell;
};

Event::Event() try : local_(std::make_shared<Local>()) {
  local_->region = platform::Region::create(sizeof(Shared));
  shared_ = new (local_->region.data()) Shared{};
  local_->bell = platform::Bell::create(shared_->bell);
} catch (const platform::OsError& error) {
  raise(error);
}

Event::Event(Undecoded) {}

void Event::save(Writer& writer) const {
  writer.attach(local_->region.handle());
  writer.attach(local_->bell.handle());
}

void Event::load(Reader& reader) {
  local_ = std::make_shared<Local>();
  local_->region = platform::Region::adopt(reader.detach());
  shared_ = reinterpret_cast<Shared*>(local_->region.data());
  local_->bell = platform::Bell::adopt(shared_->bell, reader.detach());
}

void Event::set() {
  Word word = shared_->word.load(std::memory_order_relaxed);
  while (!shared_->word.compare_exchange_weak(word, (word + kSet) | kFlag, std::memory_order_acq_rel,
                                              std::memory_order_relaxed)) {
  }
  local_->bell.ring();
}

bool Event::wait_later(Deadline deadline) {
  const Word first = shared_->word.load(std::memory_order_acquire);
  const auto was_set = [&] {
    const Word word = shared_->word.load(std::memory_order_acquire);
    return (word & kFlag) != 0 || word / kSet != first / kSet;
  };
  if (deadline.has_passed() || was_set() || platform::look(was_set)) return was_set();
  for (;;) {
    const std::uint32_t heard = local_->bell.rings();
    if (was_set()) return true;
    if (!local_->bell.listen(heard, deadline)) return was_set();
  }
}

}  // namespace mp
