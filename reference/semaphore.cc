#include "reference/semaphore.h"

#include <new>
#include <string>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {

using platform::Region;
using platform::SemaphoreState;

Semaphore::Semaphore(std::int64_t value, std::int64_t most) try {
  if (value < 0 || value > kMost) {
    throw ValueError("a semaphore counts from 0 to " + std::to_string(kMost) + ", not from " + std::to_string(value));
  }
  local_ = std::make_shared<Local>();
  local_->region = Region::create(sizeof(SemaphoreState));
  local_->semaphore = platform::Semaphore::create(*new (local_->region.data()) SemaphoreState{},
                                                  static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(most));
} catch (const platform::OsError& error) {
  raise(error);
}

Semaphore::Semaphore(Undecoded) {}

BoundedSemaphore::BoundedSemaphore(Undecoded undecoded) : Semaphore(undecoded) {}

void Semaphore::save(Writer& writer) const {
  writer.attach(local_->region.handle());
  writer.attach(local_->semaphore.handle());
}

void Semaphore::load(Reader& reader) {
  local_ = std::make_shared<Local>();
  local_->region = Region::adopt(reader.detach());
  auto& state = *reinterpret_cast<SemaphoreState*>(local_->region.data());
  local_->semaphore = platform::Semaphore::adopt(state, reader.detach());
}

void Semaphore::throw_too_many(std::int64_t n) {
  if (n < 1) throw ValueError("a semaphore is released once or more often, not " + std::to_string(n) + " times");
  throw ValueError("semaphore released too many times");
}

}  // namespace mp
