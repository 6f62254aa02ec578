#include "reference/private_connection.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/life.h"

namespace mp::proxy_internal {

// What one process has opened. A child of any fork makes its own, and leaves that of its parent as it is: never destroyed.
//
//   before_fork   takes the mutex: each connection of this process is either open and in the list, or neither
//   fork
//   in_child      closes the numbers of the list, and gives the mutex back
//   in_parent     gives the mutex back
//
// The child closes numbers, not the objects that keep them: another thread of the parent may have been in the middle of receiving with
// one, and left it half changed. Nothing else is done there: no lock is waited for, as the thread that forked holds the only one, and the heap is
// not touched. A plain close, no shutdown: the road is the parent's.
struct PrivateConnection::Opened {
  static std::atomic<Opened*>& latest() {
    static std::atomic<Opened*> latest = new Opened;
    return latest;
  }
  static Opened& current() {
    Opened* known = latest().load(std::memory_order_acquire);
    if (known->process == platform::own_life()) return *known;
    auto* fresh = new Opened;
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

PrivateConnection::PrivateConnection(Connection connection, Opened& home) {
  if (connection.closed()) return;
  number_ = connection.fileno();
  home.numbers.push_back(number_);
  connection_ = std::move(connection);
  home_ = &home;
}

PrivateConnection::PrivateConnection(PrivateConnection&& other) noexcept
    : connection_(std::move(other.connection_)), number_(other.number_), home_(std::exchange(other.home_, nullptr)) {}

PrivateConnection& PrivateConnection::operator=(PrivateConnection&& other) noexcept {
  if (this == &other) return *this;
  close();
  connection_ = std::move(other.connection_);
  number_ = other.number_;
  home_ = std::exchange(other.home_, nullptr);
  return *this;
}

PrivateConnection::~PrivateConnection() { close(); }

// Without the second look:
//
//   this thread      connects
//   another          forks: the child has a copy, which is in no list
//   this thread      notes the number, waits in the server, and is killed
//   the server       takes the child's copy for a client that lives
//
// What was opened first has been used for nothing, so that the copy of it does no harm. The second time forks have to wait: who forks
// all the time must not keep others from connecting.
PrivateConnection PrivateConnection::open(const std::function<Connection()>& make) {
  Opened& home = Opened::current();
  std::unique_lock lock(home.mutex);
  const std::uint64_t forks = home.forks;
  lock.unlock();
  Connection connection = make();
  lock.lock();
  if (home.forks != forks) connection = make();
  return PrivateConnection(std::move(connection), home);
}

PrivateConnection PrivateConnection::adopt(Connection connection) {
  Opened& home = Opened::current();
  const std::lock_guard lock(home.mutex);
  return PrivateConnection(std::move(connection), home);
}

bool PrivateConnection::is_own() const { return home_ != nullptr && home_->process == platform::own_life(); }

void PrivateConnection::close() noexcept {
  Opened* const home = std::exchange(home_, nullptr);
  if (home == nullptr) return;
  if (home->closed_in_child) {
    new Connection(std::move(connection_));  // for good: its end would close its number again
  } else if (home->process != platform::own_life()) {
    connection_ = Connection();  // in a child that the program forked by itself
  } else {
    const std::lock_guard lock(home->mutex);
    std::erase(home->numbers, number_);
    connection_.close();
  }
}

void PrivateConnection::before_fork() {
  Opened& own = Opened::current();
  own.mutex.lock();
  ++own.forks;
}

void PrivateConnection::in_parent() { Opened::current().mutex.unlock(); }

// Not current(): that is the child's own.
void PrivateConnection::in_child() {
  Opened& parents = *Opened::latest().load(std::memory_order_acquire);
  for (const platform::NativeHandle number : parents.numbers) platform::Handle(number).close();
  parents.closed_in_child = true;
  parents.mutex.unlock();
}

}  // namespace mp::proxy_internal
