#include "reference/joinable_queue.h"

#include <atomic>
#include <chrono>
#include <new>
#include <utility>

#include "platform/bell.h"
#include "platform/look.h"
#include "platform/region.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Deadline;

constexpr auto kSlice = std::chrono::milliseconds(100);

}  // namespace

// Those who report write the one cache line, those who wait the other.
struct TaskCount::Shared {
  alignas(128) std::atomic<std::uint64_t> done;
  std::atomic<std::uint64_t> mark;
  alignas(128) platform::BellState marked;
};

// What each process has of it.
struct TaskCount::Local {
  platform::Region region;
  Shared* shared;
  platform::Bell marked;

  explicit Local(platform::Region region_)
      : region(std::move(region_)), shared(reinterpret_cast<Shared*>(region.data())) {}
};

TaskCount::TaskCount(QueueCore queue) try
    : queue_(std::move(queue)), local_(std::make_shared<Local>(platform::Region::create(sizeof(Shared)))) {
  local_->marked = platform::Bell::create((new (local_->shared) Shared{})->marked);
} catch (const platform::OsError& error) {
  raise(error);
}

void TaskCount::save(Writer& writer) const {
  writer.attach(local_->region.handle());
  writer.attach(local_->marked.handle());
}

void TaskCount::load(Reader& reader, QueueCore queue) {
  queue_ = std::move(queue);
  local_ = std::make_shared<Local>(platform::Region::adopt(reader.detach()));
  local_->marked = platform::Bell::adopt(local_->shared->marked, reader.detach());
}

// Two words are read one after the other; they belong together if what is done is still the same afterwards, as it only grows.
std::uint32_t TaskCount::unfinished() const {
  std::uint64_t done = local_->shared->done.load(std::memory_order_seq_cst);
  for (;;) {
    const std::uint32_t left = queue_.put_since(static_cast<std::uint32_t>(done));
    const std::uint64_t before = std::exchange(done, local_->shared->done.load(std::memory_order_seq_cst));
    if (done == before) return left;
  }
}

void TaskCount::task_done() {
  std::uint64_t done = local_->shared->done.load(std::memory_order_seq_cst);
  std::uint32_t left;
  do {
    left = queue_.put_since(static_cast<std::uint32_t>(done));
    if (left == 0) throw ValueError("task_done() called more often than items were put");
  } while (!local_->shared->done.compare_exchange_weak(done, done + 1, std::memory_order_seq_cst));
  if (left != 1) return;
  set_mark(done + 1);
  local_->marked.ring();
}

// Somebody may have set a later one meanwhile.
void TaskCount::set_mark(std::uint64_t done) {
  std::atomic<std::uint64_t>& shared = local_->shared->mark;
  std::uint64_t mark = shared.load(std::memory_order_relaxed);
  while (mark < done && !shared.compare_exchange_weak(mark, done, std::memory_order_seq_cst)) {
  }
}

bool TaskCount::join(Wait timeout) {
  const Deadline deadline = timeout.deadline();
  const std::uint64_t done = local_->shared->done.load(std::memory_order_seq_cst);
  const std::uint64_t target = done + queue_.put_since(static_cast<std::uint32_t>(done));
  const auto is_over = [&] {
    return local_->shared->mark.load(std::memory_order_seq_cst) >= target || unfinished() == 0;
  };
  if (is_over()) return true;
  if (!deadline.has_passed() && platform::look(is_over)) return true;
  for (;;) {
    const std::uint32_t heard = local_->marked.rings();
    if (is_over()) return true;
    if (deadline.has_passed()) return false;
    local_->marked.listen(heard, deadline.or_earlier(Deadline::after(kSlice)));
  }
}

void TaskCount::throw_overflow() {
  throw OverflowError("too many items of this queue are unfinished: call task_done() for each of them");
}

}  // namespace mp
