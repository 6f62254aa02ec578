#ifndef REFERENCE_POOL_TASKS_H_
#define REFERENCE_POOL_TASKS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <span>
#include <vector>

#include "reference/async_result.h"
#include "reference/worker.h"

namespace mp::pool_internal {

// The tasks of a pool of processes, from the call that accepts them until each has an outcome.
//
//   add ──> waiting_ ── publish ──> slots ──> a worker (worker.h) ──> settle, or lose when he has died ──> Job
//
// Each task gets one outcome, whatever happens, and a job whose last task has got it is appended to `finished`: whoever holds the
// lock tells it later, as callbacks run without.
//
// Owns:    the records of what is in the slots and with the workers, and the bookkeeping of the bulk memory.
// Shares:  the floor, with the workers.
// Threads: one at a time (the pool's lock).
// Blocks:  nothing.
// Throws:  std::bad_alloc; what a job throws while it is encoded is the outcome of that task.
class Tasks {
 public:
  using Finished = std::vector<std::shared_ptr<Job>>;

  explicit Tasks(worker::Floor& floor) : floor_(floor), bulk_(floor.bulk_size()) {}

  // The chunks from `begin` to the last before `end` wait for a free slot.
  void add(std::shared_ptr<Job> job, std::size_t begin, std::size_t end);
  // As many as there is room for go into slots; gives their number, for which workers have to be woken. One that cannot be encoded
  // fails.
  std::size_t publish(Finished& finished);
  // What a worker says of a task. Nothing happens if it is none of those that are with the workers.
  void settle(worker::TaskId task, worker::Outcome outcome, std::span<const std::byte> bytes, Finished& finished);
  // The worker of that seat has died, and all his outcomes were settled: what he had left fails.
  void lose(std::uint32_t seat, const std::exception_ptr& error, Finished& finished);
  void fail_all(const std::exception_ptr& error, Finished& finished);
  bool empty() const { return in_slots_ == 0 && waiting_.empty(); }

 private:
  struct Waiting {
    std::shared_ptr<Job> job;
    std::size_t next, end;
  };
  struct Record {
    std::shared_ptr<Job> job;
    std::size_t chunk = 0;
    worker::TaskId id = 0;              // zero: it stands for no task
    std::uint64_t place = 0, size = 0;  // in the bulk memory; size zero: it lay in the slot
  };
  enum class Fate { kPublished, kFailed, kNoRoom };

  Fate publish(worker::Slot& slot, const Waiting& waiting, Finished& finished);
  Record* find(worker::TaskId id);
  worker::TaskId keep(Record record);
  void done(Record& record, Finished& finished);

  worker::Floor& floor_;
  worker::Bulk bulk_;
  std::deque<Waiting> waiting_;
  std::vector<std::byte> task_;  // being published
  bool is_encoded_ = false;      // task_ is that of the first that waits, and waits for room
  std::uint64_t tail_ = 0;
  std::vector<Record> records_;
  std::vector<std::size_t> free_records_;
  std::uint64_t serial_ = 0;
  std::size_t in_slots_ = 0;  // or with a worker
  std::size_t in_bulk_ = 0;
};

}  // namespace mp::pool_internal

#endif  // REFERENCE_POOL_TASKS_H_
