#include "reference/rlock.h"

#include <new>
#include <string>
#include <utility>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {

using platform::Mutex;

namespace rlock_internal {

constinit thread_local Thread own_thread = {0, 0};

// A forked child comes here again, as it is another process.
std::uint64_t name_own_thread() {
  static constinit std::atomic<std::uint32_t> threads = 0;
  const platform::Life process = platform::own_life();
  const auto pid = static_cast<std::uint64_t>(platform::pid_of(process));
  own_thread = {process, pid << 32 | threads.fetch_add(1, std::memory_order_relaxed)};
  return own_thread.name;
}

}  // namespace rlock_internal

RLock::RLock() try : local_(std::make_shared<Local>(Local{Block(sizeof(Shared)), Mutex()})) {
  shared_ = new (local_->block.data()) Shared{};
  local_->mutex = Mutex::create(shared_->mutex);
} catch (const platform::OsError& error) {
  raise(error);
}

RLock::RLock(Undecoded) {}

void RLock::save(Writer& writer) const {
  local_->block.save(writer);
  writer.attach(local_->mutex.handle());
}

void RLock::load(Reader& reader) {
  local_ = std::make_shared<Local>(Local{Block(Undecoded{}), Mutex()});
  local_->block.load(reader);
  shared_ = reinterpret_cast<Shared*>(local_->block.data());
  local_->mutex = Mutex::adopt(shared_->mutex, reader.detach());
}

void RLock::give_back_and_throw(platform::Life dead) {
  resign();
  throw OwnerDied("process " + std::to_string(platform::pid_of(dead)) +
                  " died while it owned this recursive lock; the lock is free now, what it guards may be half done");
}

void RLock::throw_not_mine() { throw AssertionError("release of a recursive lock by somebody who does not own it"); }

}  // namespace mp
