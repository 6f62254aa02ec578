#include "reference/lock.h"

#include <new>
#include <string>
#include <utility>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {

using platform::Mutex;
using platform::MutexState;

Lock::Lock() try : local_(std::make_shared<Local>(Local{Block(sizeof(MutexState)), Mutex()})) {
  local_->mutex = Mutex::create(*new (local_->block.data()) MutexState{});
} catch (const platform::OsError& error) {
  raise(error);
}

Lock::Lock(Undecoded) {}

void Lock::save(Writer& writer) const {
  local_->block.save(writer);
  writer.attach(local_->mutex.handle());
}

void Lock::load(Reader& reader) {
  local_ = std::make_shared<Local>(Local{Block(Undecoded{}), Mutex()});
  local_->block.load(reader);
  local_->mutex = Mutex::adopt(*reinterpret_cast<MutexState*>(local_->block.data()), reader.detach());
}

void Lock::throw_owner_died(platform::Life dead) {
  local_->mutex.unlock();
  throw OwnerDied("process " + std::to_string(platform::pid_of(dead)) +
                  " died while it held this lock; the lock is free now, what it guards may be half done");
}

void Lock::throw_not_held() { throw ValueError("release of a lock that is not held"); }

}  // namespace mp
