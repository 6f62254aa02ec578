#ifndef REFERENCE_WORKER_H_
#define REFERENCE_WORKER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "platform/deadline.h"
#include "platform/region.h"
#include "platform/semaphore.h"
#include "reference/codec.h"
#include "reference/ring.h"
#include "reference/target.h"

// The workshop of a pool: the memory in which tasks lie until a worker takes one, and the workers' side of it.
//
//   pool                                                  worker in seat 3
//     publish: slots[tail] = READY, wake one  ─────────>    claim:  READY -> CLAIMED by 3     (one compare-exchange)
//                                                           note in the seat which task it is; slot -> FREE
//                                                           call the function
//     collect: front, pop             <───────────────     commit the outcome into the ring of seat 3, ring the bell
//
// Who may die where. A task belongs to nobody (READY), to one seat (CLAIMED by it, or noted there) or is done (its outcome is
// in that seat's ring), and goes from one to the next by one store. So when a worker has died, the pool reads its ring to the end,
// and what is left in the slots and the note of that seat is what it had. Nothing that a worker could hold is needed by
// others: there is no lock in here, each ring has one writer, and a seat is taken again only after the pool has looked.
//
// Order. The store of READY releases what lies in the slot; the claim acquires it. Who goes to sleep sets his flag and looks again,
// who publishes (or commits) does so and then looks at the flag, all four in the one order of seq_cst: one sees the other.
namespace mp::worker {

// A task in the slots is known by this number, which is not used twice.
using TaskId = std::uint64_t;

// What became of a task.
enum class Outcome : std::uint32_t { kResult, kError };

struct OutcomeHeader {
  TaskId task;
  Outcome outcome;
};

// The function at the beginning of each task: reads the rest, and appends the result.
using Perform = void (*)(std::span<const std::byte> arguments, std::vector<std::byte>& result);

// How a task begins: the name of its Perform.
void begin_task(Perform perform, std::vector<std::byte>& task);

struct Slot {
  static constexpr std::size_t kInline = 224;  // more lies in the bulk memory
  std::atomic<std::uint64_t> word;             // position << 20 | (seat + 1) << 4 | state
  TaskId task;
  std::uint64_t size;
  std::uint64_t place;
  std::byte bytes[kInline];
};

struct alignas(128) Seat {
  std::atomic<TaskId> current;  // taken last; zero: none yet
  std::atomic<std::uint32_t> asleep;
  std::atomic<std::uint32_t> wants_room;
  std::atomic<std::uint32_t> is_ready;  // the initializer has returned
  platform::SemaphoreState wake;
};

struct Shared {
  std::uint32_t seats;
  alignas(128) std::atomic<std::uint64_t> head;      // a hint: no slot before it is READY
  alignas(128) std::atomic<std::uint32_t> listener;  // the pool is asleep
  std::atomic<std::uint32_t> pollers;                // threads of the pool that look for outcomes at this moment
  platform::SemaphoreState bell;
  alignas(128) std::atomic<std::uint32_t> is_over;  // workers that find nothing to do may go
};

// The shared memory as both sides see it.
//
// Owns:    its mappings.
// Shares:  the memory, with all workers; copies by fork, or handles in a message.
// Threads: publish() and free_bulk() by one at a time (the pool's lock); claim() and commit() by the one worker of that seat.
// Blocks:  nothing but wait_for_task() and commit() to a full ring, which wait for the pool.
// Throws:  OsError when there is no memory.
class Floor {
 public:
  static constexpr std::size_t kSlots = 512;

  explicit Floor(std::uint32_t seats);
  explicit Floor(Undecoded) {}

  Shared& shared() const { return *reinterpret_cast<Shared*>(region_.data()); }
  Slot& slot(std::uint64_t position) const {
    return *reinterpret_cast<Slot*>(region_.data() + slots_begin() + sizeof(Slot) * (position % kSlots));
  }
  Seat& seat(std::uint32_t index) const {
    return *reinterpret_cast<Seat*>(region_.data() + seats_begin() + sizeof(Seat) * index);
  }
  std::byte* bulk(std::uint64_t place) const { return bulk_.data() + place; }
  std::uint64_t bulk_size() const { return bulk_.size(); }
  void discard_bulk(std::uint64_t place, std::uint64_t size) { bulk_.discard(place, size); }

  static constexpr std::uint64_t kReady = 1, kClaimed = 2, kFree = 3;
  static std::uint64_t word(std::uint64_t position, std::uint64_t state, std::uint32_t owner = 0) {
    return position << 20 | std::uint64_t{owner} << 4 | state;
  }
  static std::uint64_t position_of(std::uint64_t word) { return word >> 20; }
  static std::uint64_t state_of(std::uint64_t word) { return word & 15; }
  static std::uint32_t owner_of(std::uint64_t word) { return word >> 4 & 0xffff; }  // seat + 1

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  static constexpr std::size_t slots_begin() { return (sizeof(Shared) + 127) / 128 * 128; }
  static constexpr std::size_t seats_begin() { return slots_begin() + (sizeof(Slot) * kSlots + 127) / 128 * 128; }

  platform::Region region_;
  platform::Region bulk_;
};

// An initializer and its arguments, shared by the workers to come.
struct Initializer {
  std::shared_ptr<Target> target;
  void save(Writer& writer) const { save_target(target.get(), writer); }
  void load(Reader& reader) { target = load_target(reader); }
};

// What a worker is given at its start.
struct Place {
  Place() = default;
  std::shared_ptr<Floor> floor;
  std::shared_ptr<Ring> outcomes;
  platform::Semaphore wake;
  platform::Semaphore bell;
  std::uint32_t seat = 0;
  std::uint64_t most_tasks = 0;  // zero: no limit
  Initializer initializer;

  void save(Writer& writer) const;
  void load(Reader& reader);
};

// The whole work of a worker process: performs tasks until the pool is over, or it has performed its number of them.
void work(Place place);

// By who has published or committed something, in the pool or in a worker: wakes the pool if it sleeps and nobody looks.
void ring_bell(Shared& shared, platform::Semaphore& bell);

// The bulk memory, given out to tasks that are too large for a slot, and taken back when these are done: always the lowest that fits.
class Bulk {
 public:
  explicit Bulk(std::uint64_t size) { free_.emplace(0, size); }
  std::optional<std::uint64_t> take(std::uint64_t size);
  void give_back(std::uint64_t place, std::uint64_t size);
  static std::uint64_t rounded(std::uint64_t size) { return (size + 63) & ~std::uint64_t{63}; }

 private:
  std::map<std::uint64_t, std::uint64_t> free_;  // place -> size
};

// ---- Errors on their way back. ----

std::vector<std::byte> encode_error(const std::exception& error);
std::exception_ptr decode_error(std::span<const std::byte> bytes);

}  // namespace mp::worker

#endif  // REFERENCE_WORKER_H_
