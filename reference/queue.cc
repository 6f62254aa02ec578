#include "reference/queue.h"

#include <atomic>
#include <chrono>
#include <limits>
#include <new>
#include <string>

#include "platform/look.h"
#include "platform/mutex.h"
#include "platform/region.h"
#include "platform/semaphore.h"
#include "reference/error.h"
#include "reference/ring.h"

namespace mp {
namespace {

using platform::Deadline;
using platform::Mutex;

constexpr auto kSlice = std::chrono::milliseconds(100);
// A mutex is held for one copy. One that is held longer than this belongs to a process that was stopped in the middle.
constexpr auto kPatience = std::chrono::seconds(1);

// On a cache line of its own: the other side reads it at every item, and it changes only when somebody goes to sleep.
struct alignas(128) BellState {
  std::atomic<std::uint32_t> sleepers;
  platform::SemaphoreState wake;
};

// What one call of put() or get() has slept so far. After a sleep that nobody ended there is no look before the next one: the sides
// are at rest, and a look in each slice would never let them be.
struct Sleeps {
  bool any = false;
  bool last_was_quiet = false;
};

// Where those sleep who wait for the other side; see the head of queue.h.
class Bell {
 public:
  Bell() = default;
  static Bell create(BellState& state) {
    return Bell(state, platform::Semaphore::create(state.wake, 0, std::numeric_limits<std::int32_t>::max()));
  }
  static Bell adopt(BellState& state, platform::Handle handle) {
    return Bell(state, platform::Semaphore::adopt(state.wake, std::move(handle)));
  }
  platform::Handle handle() const { return wake_.handle(); }

  // After unlock().
  void ring() {
    if (state_->sleepers.load(std::memory_order_seq_cst) != 0) ring_now();
  }

  // Back when ready(), or after one sleep: the caller looks himself what there is. `mutex` is that of those who ring.
  template <class Ready>
  void wait(Ready ready, Mutex& mutex, Deadline deadline, Sleeps& sleeps) {
    if (sleeps.last_was_quiet ? ready() : platform::look(ready)) return;
    set_flag(mutex);
    if (ready()) return;
    sleeps.last_was_quiet = !wake_.acquire_at_rest(deadline.or_earlier(Deadline::after(kSlice)));
    sleeps.any = true;
    set_flag(mutex);
  }

 private:
  Bell(BellState& state, platform::Semaphore wake) : state_(&state), wake_(std::move(wake)) {}
  void set_flag(Mutex& mutex) {
    state_->sleepers.store(1, std::memory_order_seq_cst);
    mutex.meet();
  }
  void ring_now() {
    if (state_->sleepers.exchange(0, std::memory_order_seq_cst) != 0) wake_.release();
  }

  BellState* state_ = nullptr;
  platform::Semaphore wake_;
};

// False: not within the deadline. That deadline is kPatience at least, as nobody shall be refused just because another
// one is busy.
bool lock(Mutex& mutex, Deadline deadline) {
  if (mutex.try_lock() != Mutex::Outcome::kLate) return true;
  const Deadline patience = Deadline::after(kPatience);
  return mutex.lock(deadline.when() > patience.when() ? deadline : patience) != Mutex::Outcome::kLate;
}

}  // namespace

struct QueueCore::Shared {
  std::uint32_t maxsize;  // 0: no limit
  platform::MutexState put_mutex;
  platform::MutexState get_mutex;
  BellState items;
  BellState slots;
};

// What each process has of a queue.
struct QueueCore::Local {
  platform::Region region;
  Shared* shared;
  Ring ring;
  Mutex put_mutex;
  Mutex get_mutex;
  Bell items;
  Bell slots;
  std::atomic<bool> closed{false};

  Local(platform::Region region_, Ring ring_)
      : region(std::move(region_)), shared(reinterpret_cast<Shared*>(region.data())), ring(std::move(ring_)) {}
};

QueueCore::QueueCore(int maxsize) try
    : local_(std::make_shared<Local>(platform::Region::create(sizeof(Shared)), Ring::create())) {
  Shared& shared = *new (local_->shared) Shared{};
  shared.maxsize = maxsize > 0 ? static_cast<std::uint32_t>(maxsize) : 0;
  local_->put_mutex = Mutex::create(shared.put_mutex);
  local_->get_mutex = Mutex::create(shared.get_mutex);
  local_->items = Bell::create(shared.items);
  local_->slots = Bell::create(shared.slots);
} catch (const platform::OsError& error) {
  raise(error);
}

void QueueCore::save(Writer& writer) const {
  writer.attach(local_->region.handle());
  writer.attach(local_->ring.handle());
  writer.attach(local_->put_mutex.handle());
  writer.attach(local_->get_mutex.handle());
  writer.attach(local_->items.handle());
  writer.attach(local_->slots.handle());
}

void QueueCore::load(Reader& reader) {
  platform::Region region = platform::Region::adopt(reader.detach());
  local_ = std::make_shared<Local>(std::move(region), Ring::adopt(reader.detach()));
  Shared& shared = *local_->shared;
  local_->put_mutex = Mutex::adopt(shared.put_mutex, reader.detach());
  local_->get_mutex = Mutex::adopt(shared.get_mutex, reader.detach());
  local_->items = Bell::adopt(shared.items, reader.detach());
  local_->slots = Bell::adopt(shared.slots, reader.detach());
}

void QueueCore::put(std::span<const std::byte> item, bool block, Wait timeout) {
  check_open();
  const Deadline deadline = block ? timeout.deadline() : Deadline::passed();
  if (try_put(item, deadline, false) != Try::kDone) put_later(item, deadline);
}

// Whether slot or room, it is a get that makes it: head tells. It is read before the try, so that no get is missed.
void QueueCore::put_later(std::span<const std::byte> item, Deadline deadline) {
  Local& local = *local_;
  bool grow = false;
  Sleeps sleeps;
  for (;;) {
    const auto moved = [&local, head = local.ring.head()] { return local.ring.head() != head; };
    const Try result = try_put(item, deadline, grow);
    if (result == Try::kDone) break;
    if (result == Try::kNoRoom && !grow) {
      // Give a reader that is at work the time to make room: a ring that stays small stays in the caches.
      platform::look(moved);
      grow = true;
      continue;
    }
    if (result == Try::kNoRoom && (local.shared->maxsize == 0 || item.size() > local.ring.largest_message())) {
      throw MemoryError("no room in the queue for an item of " + std::to_string(item.size()) + " bytes");
    }
    if (deadline.has_passed()) throw Full("queue is full");
    local.slots.wait(moved, local.get_mutex, deadline, sleeps);
  }
  if (sleeps.any && !full()) local.slots.ring();
}

QueueCore::Try QueueCore::try_put(std::span<const std::byte> item, Deadline deadline, bool grow) {
  Local& local = *local_;
  if (!lock(local.put_mutex, deadline)) return Try::kNoSlot;
  Try result = Try::kNoSlot;
  if (local.shared->maxsize == 0 || local.ring.holds_fewer_than(local.shared->maxsize)) {
    std::byte* const room = local.ring.reserve(item.size(), grow);
    result = room != nullptr ? Try::kDone : Try::kNoRoom;
    if (room != nullptr) {
      if (!item.empty()) std::memcpy(room, item.data(), item.size());
      local.ring.commit(item.size());
    }
  }
  local.put_mutex.unlock();
  if (result == Try::kDone) local.items.ring();
  return result;
}

QueueCore::Front QueueCore::front(bool block, Wait timeout) {
  check_open();
  const Deadline deadline = block ? timeout.deadline() : Deadline::passed();
  Sleeps sleeps;
  for (;;) {
    if (std::optional<Front> front = try_front(deadline)) {
      if (sleeps.any && local_->ring.size() > 1) local_->items.ring();
      return *std::move(front);
    }
    if (deadline.has_passed()) throw Empty("queue is empty");
    local_->items.wait([this] { return !local_->ring.empty(); }, local_->put_mutex, deadline, sleeps);
  }
}

std::optional<QueueCore::Front> QueueCore::try_front(Deadline deadline) {
  Local& local = *local_;
  if (!lock(local.get_mutex, deadline)) return std::nullopt;
  try {
    if (const auto bytes = local.ring.front()) return Front(this, *bytes);
  } catch (...) {  // what was read is still there
    local.get_mutex.unlock();
    throw;
  }
  local.get_mutex.unlock();
  return std::nullopt;
}

void QueueCore::Front::take() {
  Local& local = *std::exchange(core_, nullptr)->local_;
  local.ring.pop();
  local.get_mutex.unlock();
  local.slots.ring();
}

QueueCore::Front::~Front() {
  if (core_ == nullptr) return;
  core_->local_->get_mutex.unlock();
  core_->local_->items.ring();  // the item that woke this one is still there, for somebody else
}

std::size_t QueueCore::qsize() const { return local_->ring.size(); }

bool QueueCore::empty() const { return local_->ring.empty(); }

bool QueueCore::full() const { return local_->shared->maxsize != 0 && local_->ring.size() >= local_->shared->maxsize; }

std::uint32_t QueueCore::put_since(std::uint32_t count) const { return local_->ring.committed_since(count); }

void QueueCore::close() { local_->closed.store(true, std::memory_order_relaxed); }

void QueueCore::join_thread() {
  if (!local_->closed.load(std::memory_order_relaxed))
    throw AssertionError("join_thread() of a queue that is not closed");
}

void QueueCore::check_open() const {
  if (local_->closed.load(std::memory_order_relaxed)) throw ValueError("the queue is closed in this process");
}

}  // namespace mp
