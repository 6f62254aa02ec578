#include "reference/private_handle.h"

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/life.h"

namespace mp::process_internal {

// What one process has noted. A child of any fork makes its own, and leaves that of its parent as it is: never destroyed.
//
//   before_fork   takes the mutex: each handle of this process is either open and in the list, or neither
//   fork
//   in_child      closes the numbers of the list, and gives the mutex back
//   in_parent     gives the mutex back
//
// The child closes numbers, not the objects that keep them: another thread of the parent may have been in the middle of receiving with
// one, and left it half changed. Nothing else is done there: no lock is waited for, as the thread that forked holds the only one, and the heap is
// not touched. A plain close, no shutdown: the road is the parent's.
struct PrivateHandle::Noted {
  static std::atomic<Noted*>& latest() {
    static std::atomic<Noted*> latest = new Noted;
    return latest;
  }
  static Noted& current() {
    Noted* known = latest().load(std::memory_order_acquire);
    if (known->process == platform::own_life()) return *known;
    auto* fresh = new Noted;
    if (latest().compare_exchange_strong(known, fresh, std::memory_order_acq_rel)) return *fresh;
    delete fresh;
    return *known;
  }

  const platform::Life process = platform::own_life();
  bool closed_in_child = false;  // the list is that of a parent, and its numbers may be somebody else's by now

  std::mutex mutex;
  // Guarded by it.
  std::uint64_t forks = 0;
  std::vector<platform::NativeHandle> numbers;
};

PrivateHandle::PrivateHandle(PrivateHandle&& other) noexcept
    : number_(other.number_), home_(std::exchange(other.home_, nullptr)) {}

PrivateHandle& PrivateHandle::operator=(PrivateHandle&& other) noexcept {
  if (this == &other) return *this;
  close([] {});
  number_ = other.number_;
  home_ = std::exchange(other.home_, nullptr);
  return *this;
}

PrivateHandle PrivateHandle::note(const std::function<platform::NativeHandle(std::uint64_t)>& open) {
  Noted& home = Noted::current();
  const std::lock_guard lock(home.mutex);
  if (home.numbers.size() == home.numbers.capacity())
    home.numbers.reserve(2 * home.numbers.size() + 8);  // what is opened is noted
  PrivateHandle noted;
  noted.number_ = open(home.forks);
  if (noted.number_ == platform::kNoHandle) return noted;
  home.numbers.push_back(noted.number_);
  noted.home_ = &home;
  return noted;
}

std::uint64_t PrivateHandle::forks() {
  Noted& home = Noted::current();
  const std::lock_guard lock(home.mutex);
  return home.forks;
}

PrivateHandle::Place PrivateHandle::place() const {
  if (home_ == nullptr) return Place::kNone;
  if (home_->closed_in_child) return Place::kClosed;
  return home_->process == platform::own_life() ? Place::kOwn : Place::kCopied;
}

void PrivateHandle::close(const std::function<void()>& close) noexcept {
  const Place where = place();
  Noted* const home = std::exchange(home_, nullptr);
  if (where != Place::kOwn) return;
  const std::lock_guard lock(home->mutex);
  std::erase(home->numbers, number_);
  close();
}

void PrivateHandle::before_fork() {
  Noted& own = Noted::current();
  own.mutex.lock();
  ++own.forks;
}

void PrivateHandle::in_parent() { Noted::current().mutex.unlock(); }

// Not current(): that is the child's own.
void PrivateHandle::in_child() {
  Noted& parents = *Noted::latest().load(std::memory_order_acquire);
  for (const platform::NativeHandle number : parents.numbers) platform::Handle(number).close();
  parents.closed_in_child = true;
  parents.mutex.unlock();
}

}  // namespace mp::process_internal
