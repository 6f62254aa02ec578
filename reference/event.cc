#include "reference/event.h"

#include <chrono>
#include <new>

#include "platform/look.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Deadline;

// A setter who was killed before he rang left nothing but the word: the sleepers look at it themselves.
constexpr auto kSlice = std::chrono::milliseconds(100);

}  // namespace

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

// There was no flag in the first look, so whatever has been set since shows in the number, and stays there.
bool Event::wait_later(Word first, Deadline deadline) {
  const auto was_set = [&] { return shared_->word.load(std::memory_order_acquire) / kSet != first / kSet; };
  if (deadline.has_passed()) return was_set();
  if (platform::look(was_set)) return true;
  for (;;) {
    const std::uint32_t heard = local_->bell.rings();
    if (was_set()) return true;
    if (deadline.has_passed()) return false;
    local_->bell.listen(heard, deadline.or_earlier(Deadline::after(kSlice)));
  }
}

}  // namespace mp
