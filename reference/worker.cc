#include "reference/worker.h"

#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <string>

#include "platform/code.h"
#include "platform/look.h"
#include "reference/error.h"

namespace mp::worker {
namespace {

using platform::Deadline;
using platform::Semaphore;

// Addresses, not memory: pages that nobody touches cost nothing.
constexpr std::uint64_t kMostBulk = std::uint64_t{1} << 36;
constexpr std::uint64_t kLeastBulk = std::uint64_t{1} << 26;

// A sleep is cut: what would wake the sleeper may have died between its deed and its call.
constexpr std::chrono::milliseconds kSlice{200};

platform::Region create_bulk() {
  for (std::uint64_t size = kMostBulk;; size /= 2) {
    try {
      return platform::Region::create(size);
    } catch (const platform::OsError&) {
      if (size <= kLeastBulk) throw;
    }
  }
}

std::span<const std::byte> bytes_of(const platform::CodeName& name) { return std::as_bytes(std::span(&name, 1)); }

// The name is looked up once for as long as the same function comes again.
Perform function_of(const platform::CodeName& name) {
  static thread_local platform::CodeName last{};
  static thread_local Perform found = nullptr;
  if (found != nullptr && last.offset == name.offset && last.module == name.module) return found;
  const platform::Code code = platform::find(name);
  if (code == nullptr) throw PickleError("this worker does not have the function of the task: the program was rebuilt while it ran");
  last = name;
  found = reinterpret_cast<Perform>(code);
  return found;
}

struct Claim {
  TaskId task;
  std::span<const std::byte> bytes;
};

// The working side of one seat.
class Worker {
 public:
  explicit Worker(Place place) : place_(std::move(place)), shared_(place_.floor->shared()), seat_(place_.floor->seat(place_.seat)) {}

  void run() {
    if (place_.initializer.target) place_.initializer.target->call();
    seat_.is_ready.store(1, std::memory_order_release);
    for (std::uint64_t done = 0; place_.most_tasks == 0 || done < place_.most_tasks; ++done) {
      const std::optional<Claim> claim = next();
      if (!claim) return;
      perform(*claim);
    }
  }

 private:
  std::optional<Claim> next() {
    bool is_quiet = false;  // nobody woke it: it looks at its first sleep only, and idle workers cost nothing
    while (true) {
      if (auto claim = try_claim()) return claim;
      if (shared_.is_over.load(std::memory_order_acquire) != 0) return std::nullopt;
      if (!is_quiet && platform::look([this] { return has_task(); })) continue;
      seat_.asleep.store(1, std::memory_order_seq_cst);
      if (!has_task() && shared_.is_over.load(std::memory_order_seq_cst) == 0)
        is_quiet = !place_.wake.acquire_at_rest(Deadline::after(kSlice));
      seat_.asleep.store(0, std::memory_order_seq_cst);
    }
  }

  bool has_task() const {
    for (std::uint64_t position = shared_.head.load(std::memory_order_relaxed);; ++position) {
      const std::uint64_t word = place_.floor->slot(position).word.load(std::memory_order_seq_cst);
      if (Floor::position_of(word) < position || word == 0) return false;
      if (Floor::position_of(word) == position && Floor::state_of(word) == Floor::kReady) return true;
    }
  }

  std::optional<Claim> try_claim() {
    const std::uint32_t me = place_.seat + 1;
    for (std::uint64_t position = shared_.head.load(std::memory_order_relaxed);; ++position) {
      Slot& slot = place_.floor->slot(position);
      std::uint64_t word = slot.word.load(std::memory_order_acquire);
      if (Floor::position_of(word) < position || word == 0) return std::nullopt;
      if (word != Floor::word(position, Floor::kReady)) continue;
      if (!slot.word.compare_exchange_strong(word, Floor::word(position, Floor::kClaimed, me), std::memory_order_acq_rel)) continue;
      advance_head(position + 1);
      const Claim claim = read(slot);
      // The note first: in between the task is in both places, and in neither never.
      seat_.current.store(claim.task, std::memory_order_release);
      slot.word.store(Floor::word(position, Floor::kFree), std::memory_order_release);
      return claim;
    }
  }

  Claim read(const Slot& slot) {
    if (slot.size > Slot::kInline) return {slot.task, {place_.floor->bulk(slot.place), slot.size}};
    std::memcpy(task_, slot.bytes, slot.size);
    return {slot.task, {task_, slot.size}};
  }

  // It only goes up. One that lags behind, as its writer died or was slow, costs a look at some slots more.
  void advance_head(std::uint64_t position) {
    std::uint64_t head = shared_.head.load(std::memory_order_relaxed);
    while (head < position && !shared_.head.compare_exchange_weak(head, position, std::memory_order_relaxed)) {
    }
  }

  // Whatever happens there is an outcome, unless the process ends: mp::exit() in a task does what it says.
  void perform(const Claim& claim) {
    result_.clear();
    try {
      if (claim.bytes.size() < sizeof(platform::CodeName)) throw PickleError("a task is cut");
      platform::CodeName name;
      std::memcpy(&name, claim.bytes.data(), sizeof(name));
      function_of(name)(claim.bytes.subspan(sizeof(name)), result_);
      if (commit(claim.task, Outcome::kResult, result_)) return;
      throw MaybeEncodingError("a result of " + std::to_string(result_.size()) + " bytes is too large to be sent");
    } catch (const SystemExit&) {
      throw;
    } catch (const std::exception& error) {
      commit_error(claim.task, error);
    } catch (...) {
      commit_error(claim.task, RemoteError("an error that is no std::exception"));
    }
  }

  void commit_error(TaskId task, const std::exception& error) {
    if (!commit(task, Outcome::kError, encode_error(error))) commit(task, Outcome::kError, encode_error(RemoteError("an error with a text too large")));
  }

  // False: it never fits.
  bool commit(TaskId task, Outcome outcome, std::span<const std::byte> bytes) {
    const OutcomeHeader header{task, outcome};
    const std::size_t size = sizeof(header) + bytes.size();
    if (size > place_.outcomes->largest_message()) return false;
    std::byte* const room = reserve(size);
    std::memcpy(room, &header, sizeof(header));
    if (!bytes.empty()) std::memcpy(room + sizeof(header), bytes.data(), bytes.size());
    place_.outcomes->commit(size);
    ring_bell(shared_, place_.bell);
    return true;
  }

  std::byte* reserve(std::size_t size) {
    while (true) {
      if (std::byte* const room = place_.outcomes->reserve(size, true)) return room;
      seat_.wants_room.store(1, std::memory_order_seq_cst);
      if (std::byte* const room = place_.outcomes->reserve(size, true)) return room;
      place_.wake.acquire(Deadline::after(kSlice));
    }
  }

  Place place_;
  Shared& shared_;
  Seat& seat_;
  std::byte task_[Slot::kInline];
  std::vector<std::byte> result_;
};

}  // namespace

void begin_task(Perform perform, std::vector<std::byte>& task) {
  const platform::CodeName name = platform::name_of(reinterpret_cast<platform::Code>(perform));
  const auto bytes = bytes_of(name);
  task.insert(task.end(), bytes.begin(), bytes.end());
}

Floor::Floor(std::uint32_t seats)
    : region_(platform::Region::create(seats_begin() + sizeof(Seat) * seats)), bulk_(create_bulk()) {
  (new (region_.data()) Shared{})->seats = seats;
  for (std::size_t i = 0; i < kSlots; ++i) new (&slot(i)) Slot{};
  for (std::uint32_t i = 0; i < seats; ++i) new (&seat(i)) Seat{};
}

void Floor::save(Writer& writer) const {
  writer.attach(region_.handle());
  writer.attach(bulk_.handle());
}

void Floor::load(Reader& reader) {
  region_ = platform::Region::adopt(reader.detach());
  bulk_ = platform::Region::adopt(reader.detach());
}

void Place::save(Writer& writer) const {
  floor->save(writer);
  writer.attach(outcomes->handle());
  writer.attach(wake.handle());
  writer.attach(bell.handle());
  writer(seat, most_tasks, initializer);
}

void Place::load(Reader& reader) {
  floor = std::make_shared<Floor>(Undecoded{});
  floor->load(reader);
  outcomes = std::make_shared<Ring>(Ring::adopt(reader.detach()));
  platform::Handle wake_handle = reader.detach();
  platform::Handle bell_handle = reader.detach();
  reader(seat, most_tasks, initializer);
  wake = Semaphore::adopt(floor->seat(seat).wake, std::move(wake_handle));
  bell = Semaphore::adopt(floor->shared().bell, std::move(bell_handle));
}

// The pool's process says what an interrupt from the keyboard means for all: it goes to the whole group.
void work(Place place) {
  std::signal(SIGINT, SIG_IGN);
  Worker(std::move(place)).run();
}

void ring_bell(Shared& shared, Semaphore& bell) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (shared.pollers.load(std::memory_order_seq_cst) != 0) return;
  if (shared.listener.load(std::memory_order_seq_cst) != 0 && shared.listener.exchange(0, std::memory_order_seq_cst) != 0) bell.release();
}

std::optional<std::uint64_t> Bulk::take(std::uint64_t size) {
  size = rounded(size);
  for (auto each = free_.begin(); each != free_.end(); ++each) {
    const auto [place, room] = *each;
    if (room < size) continue;
    free_.erase(each);
    if (room > size) free_.emplace(place + size, room - size);
    return place;
  }
  return std::nullopt;
}

void Bulk::give_back(std::uint64_t place, std::uint64_t size) {
  size = rounded(size);
  auto next = free_.lower_bound(place);
  if (next != free_.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second == place) {
      place = before->first;
      size += before->second;
      free_.erase(before);
    }
  }
  if (next != free_.end() && place + size == next->first) {
    size += next->second;
    free_.erase(next);
  }
  free_.emplace(place, size);
}

// An error of a class that the specification does not know keeps the name of its class in the text.
std::vector<std::byte> encode_error(const std::exception& error) {
  std::string name = names_of(error).front();
  std::string text = error.what();
  if (name == "Exception" && typeid(error) != typeid(Error)) {
    name = "RemoteError";
    text = platform::readable_name(typeid(error)) + ": " + text;
  }
  if (const auto* too_short = dynamic_cast<const BufferTooShort*>(&error)) {
    text.assign(reinterpret_cast<const char*>(too_short->message().data()), too_short->message().size());
  }
  return encode(std::pair(name, text));
}

std::exception_ptr decode_error(std::span<const std::byte> bytes) {
  try {
    const auto [name, text] = decode<std::pair<std::string, std::string>>(bytes);
    raise(name, text);
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace mp::worker
