#include "reference/pool.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "platform/child.h"
#include "platform/look.h"
#include "platform/wait.h"
#include "reference/error.h"
#include "reference/pool_tasks.h"
#include "reference/process.h"

// How a pool of processes goes about it.
//
//   callers ── submit ──> tasks_ ── refill ──> slots ──> workers ──> rings of outcomes ── collect ──> tasks_ ──> jobs ──> callers
//                      (pool_tasks.h)                  (worker.h)                            │
//   manager thread: collects, buries and replaces, calls back ───────────────────────────────┘
//   watcher thread: sleeps on the sentinels of the workers; says who has ended, and waits until he is replaced
//
// Whoever waits for a result collects, too, for the 40 us that he looks before he sleeps: so a short call needs no thread
// between the worker and the caller, and the manager stays asleep meanwhile (`pollers` in the shared memory).
//
// The life of a pool: kRun -> close() -> kClosed -> all is done -> kEnding -> all workers have ended -> kOver
//                        `--> terminate(), from each of these -> kTerminated -> all workers have ended -> kOver
// In kTerminated workers have a second to follow SIGTERM; then they are killed. So each of these steps has an end, unless a task or
// callback of a pool that was only closed has none.
namespace mp {
namespace pool_internal {
namespace {

using platform::Deadline;
using worker::Floor;
using worker::OutcomeHeader;

constexpr std::chrono::seconds kGrace{1};
constexpr std::uint32_t kMostWorkers = 60'000;

std::exception_ptr error_of_pool(const char* text) { return std::make_exception_ptr(ProcessError(text)); }

// The pools of this process, which have to end before it ends its children: a pool would replace them.
class Registry {
 public:
  void add(std::weak_ptr<Runner> pool) {
    const std::lock_guard lock(mutex_);
    std::erase_if(pools_, [](const auto& each) { return each.expired(); });
    pools_.push_back(std::move(pool));
    if (std::exchange(is_registered_, true)) return;
    at_exit([this] { end_all(); });
  }

  const std::int64_t process = platform::this_pid();

 private:
  void end_all() {
    std::vector<std::weak_ptr<Runner>> pools;
    {
      const std::lock_guard lock(mutex_);
      pools.swap(pools_);
    }
    for (const auto& each : pools) {
      if (const auto pool = each.lock()) pool->terminate();
    }
  }

  std::mutex mutex_;
  bool is_registered_ = false;
  std::vector<std::weak_ptr<Runner>> pools_;
};

// Another one in a forked child, where a thread of the parent may have held the lock.
Registry& registry() {
  static std::atomic<Registry*> made = nullptr;
  Registry* here = made.load();
  if (here == nullptr || here->process != platform::this_pid()) {
    auto fresh = std::make_unique<Registry>();
    if (made.compare_exchange_strong(here, fresh.get())) here = fresh.release();
  }
  return *here;
}

// What happened while the lock was held, and matters without it: the last share of a finished job may be here, and its end take its time.
struct News {
  std::vector<std::shared_ptr<Job>> finished;
  bool needs_manager = false;
};

class ProcessRunner : public Runner, public std::enable_shared_from_this<ProcessRunner> {
 public:
  ProcessRunner(PoolOptions options, std::uint32_t processes)
      : options_(std::move(options)),
        creator_(platform::this_pid()),
        floor_(std::make_shared<Floor>(processes)),
        shared_(floor_->shared()),
        bell_(platform::Semaphore::create(shared_.bell, 0, 1)),
        tasks_(*floor_),
        seats_(processes) {}

  // Threads are made after the first workers: these are copies of a process without them.
  void begin() {
    for (std::uint32_t i = 0; i < seats_.size(); ++i) {
      seats_[i].outcomes = std::make_shared<Ring>(Ring::create());
    }
    try {
      for (std::uint32_t i = 0; i < seats_.size(); ++i) start_worker(i);
    } catch (...) {
      for (SeatOf& seat : seats_) {
        if (seat.process) seat.process->kill();
      }
      throw;
    }
    // The watcher first: the manager replaces workers, by a fork too, and no thread should be half made then.
    watcher_ = std::thread([self = shared_from_this()] { self->watch(); });
    manager_ = std::thread([self = shared_from_this()] { self->manage(); });
    registry().add(shared_from_this());
  }

  ~ProcessRunner() override {
    // The last share may be that of one of the two, and in a copy that a fork made they do not run.
    for (std::thread* thread : {&manager_, &watcher_}) {
      if (thread->joinable()) thread->detach();
    }
  }

  // ---- Runner ----

  void submit(const std::shared_ptr<Job>& job, std::size_t begin, std::size_t end, bool accepted) override {
    demand_creator();
    News news;
    {
      const std::lock_guard lock(mutex_);
      if (!accepted && state_ != State::kRun) throw ValueError("the pool is closed: it takes no more tasks");
      if (begin == end && !accepted) {
        news.finished.push_back(job);
      } else if (state_ >= State::kEnding || broken_) {
        tasks_.add(job, begin, end);
        tasks_.fail_all(broken_ ? broken_ : error_of_pool("the pool was terminated"), news.finished);
      } else {
        tasks_.add(job, begin, end);
        refill(news);
      }
      conclude(news);
    }
    tell(news);
  }

  void add_source(std::weak_ptr<Source> source) override {
    demand_creator();
    const std::lock_guard lock(mutex_);
    if (state_ != State::kRun) throw ValueError("the pool is closed: it takes no more tasks");
    std::erase_if(sources_, [](const auto& each) { return is_exhausted(each); });
    sources_.push_back(std::move(source));
  }

  std::size_t workers() const override { return seats_.size(); }

  void close() override {
    demand_creator();
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::kRun) state_ = State::kClosed;
    }
    kick();
  }

  void terminate() override {
    if (platform::this_pid() != creator_) return;  // a copy that a fork made: the workers are not its own
    {
      const std::lock_guard lock(mutex_);
      if (state_ < State::kTerminated) {
        state_ = State::kTerminated;
        patience_ = Deadline::after(kGrace);
        for (SeatOf& seat : seats_) {
          if (seat.process) signal(*seat.process, &Process::terminate);
        }
      }
    }
    kick();
    await_end();
  }

  void join() override {
    demand_creator();
    std::vector<std::weak_ptr<Source>> sources;
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::kRun) throw ValueError("the pool still takes tasks: close() or terminate() it before join()");
      sources = sources_;
    }
    for (const auto& each : sources) {
      if (const auto source = each.lock()) source->feed_all();
    }
    sources.clear();
    kick();
    await_end();
  }

  void help(const std::atomic<bool>& done) override {
    if (platform::this_pid() != creator_) return;
    shared_.pollers.fetch_add(1, std::memory_order_seq_cst);
    platform::look([&] {
      if (has_outcome()) tell(collect());
      return done.load(std::memory_order_acquire);
    });
    shared_.pollers.fetch_sub(1, std::memory_order_seq_cst);
    // Who committed while this looked rang no bell.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (has_outcome()) kick();
  }

 private:
  enum class State { kRun, kClosed, kEnding, kTerminated, kOver };

  struct SeatOf {
    std::shared_ptr<Process> process;  // null: nobody sits there
    std::shared_ptr<Ring> outcomes;
    platform::Semaphore wake;
  };

  void demand_creator() const {
    if (platform::this_pid() != creator_) throw AssertionError("a pool can be used only by the process that made it");
  }
  static bool is_exhausted(const std::weak_ptr<Source>& source) {
    const auto alive = source.lock();
    return alive == nullptr || alive->is_exhausted();
  }
  static void signal(Process& process, void (Process::*send)()) {
    try {
      (process.*send)();
    } catch (const Error&) {  // it has ended
    }
  }

  // ---- Tasks on their way out, outcomes on their way back; with the lock held. ----

  void refill(News& news) {
    const std::size_t published = tasks_.publish(news.finished);
    if (published != 0) wake_workers(published);
  }

  void wake_workers(std::size_t tasks) {
    for (std::uint32_t i = 0; i < seats_.size() && tasks != 0; ++i) {
      std::atomic<std::uint32_t>& asleep = floor_->seat(i).asleep;
      if (asleep.load(std::memory_order_seq_cst) == 0 || asleep.exchange(0, std::memory_order_seq_cst) == 0) continue;
      seats_[i].wake.release();
      --tasks;
    }
  }

  bool has_outcome() const {
    return std::any_of(seats_.begin(), seats_.end(), [](const SeatOf& seat) { return !seat.outcomes->empty(); });
  }

  void drain(std::uint32_t index, News& news) {
    Ring& outcomes = *seats_[index].outcomes;
    while (const auto message = outcomes.front()) {
      OutcomeHeader header;
      std::memcpy(&header, message->data(), sizeof(header));
      tasks_.settle(header.task, header.outcome, message->subspan(sizeof(header)), news.finished);
      outcomes.pop();
    }
    std::atomic<std::uint32_t>& wants_room = floor_->seat(index).wants_room;
    if (wants_room.load(std::memory_order_seq_cst) != 0 && wants_room.exchange(0, std::memory_order_seq_cst) != 0) seats_[index].wake.release();
  }

  // By whoever finds jobs finished, before he gives up the lock: gives those that call back to the manager, and lets those go on who wait for
  // the others. Later would be too late:
  //
  //   who waits    collect() settles the last chunk, so that no task is left; unlocks
  //   another      close(), join()
  //   manager      neither tasks nor callbacks: all workers end, kOver, leaves
  //   another      back from join(), finds that the result is not ready
  //   who waits    locks, adds the job to callbacks_: nobody will call back, and get() waits for ever
  void conclude(News& news) {
    for (const auto& job : news.finished) {
      if (job->calls_back()) {
        callbacks_.push_back(job);
        news.needs_manager = true;
      } else {
        job->finish();
      }
    }
  }

  // ---- What is said without the lock. ----

  News collect() {
    News news;
    const std::lock_guard lock(mutex_);
    for (std::uint32_t i = 0; i < seats_.size(); ++i) drain(i, news);
    refill(news);
    news.needs_manager = state_ == State::kClosed && tasks_.empty();
    conclude(news);
    return news;
  }

  void tell(const News& news) {
    if (news.needs_manager) kick();
  }

  void kick() {
    kicked_.store(true, std::memory_order_seq_cst);
    if (shared_.listener.load(std::memory_order_seq_cst) != 0 && shared_.listener.exchange(0, std::memory_order_seq_cst) != 0) bell_.release();
  }

  void await_end() {
    if (std::this_thread::get_id() == manager_id_.load()) return;  // a callback: it ends when that has returned
    {
      std::unique_lock lock(mutex_);
      over_.wait(lock, [this] { return state_ == State::kOver; });
    }
    // The threads too: a program that forks after join() does so without them.
    const std::lock_guard lock(joining_);
    for (std::thread* thread : {&manager_, &watcher_}) {
      if (thread->joinable()) thread->join();
    }
  }

  // ---- The manager. ----

  void manage() {
    manager_id_ = std::this_thread::get_id();
    do {
      kicked_.store(false, std::memory_order_seq_cst);
      collect();
      bury();
      call_back();
    } while (!step());
  }

  void call_back() {
    std::deque<std::shared_ptr<Job>> callbacks;
    {
      const std::lock_guard lock(mutex_);
      callbacks.swap(callbacks_);
    }
    for (const auto& job : callbacks) job->finish();
  }

  // True when all is over. Otherwise sleeps until there is something to do.
  bool step() {
    News news;
    Deadline deadline = Deadline::never();
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::kClosed && is_idle()) {
        state_ = State::kEnding;
        shared_.is_over.store(1, std::memory_order_seq_cst);
        for (SeatOf& seat : seats_) seat.wake.release();
      }
      if (state_ == State::kTerminated) {
        tasks_.fail_all(error_of_pool("the pool was terminated before this was done"), news.finished);
        deadline = patience_;
        if (patience_.has_passed()) {
          deadline = Deadline::never();
          for (SeatOf& seat : seats_) {
            if (seat.process) signal(*seat.process, &Process::kill);
          }
        }
      }
      conclude(news);
      const bool all_gone = std::none_of(seats_.begin(), seats_.end(), [](const SeatOf& seat) { return seat.process != nullptr; });
      if ((state_ == State::kEnding || state_ == State::kTerminated) && all_gone && callbacks_.empty()) {
        state_ = State::kOver;
        over_.notify_all();
        buried_.notify_all();
        return true;
      }
    }
    tell(news);
    sleep(deadline);
    return false;
  }

  bool is_idle() {
    std::erase_if(sources_, [](const auto& each) { return is_exhausted(each); });
    return tasks_.empty() && callbacks_.empty() && sources_.empty();
  }

  void sleep(Deadline deadline) {
    const auto has_work = [this] { return kicked_.load(std::memory_order_seq_cst) || (shared_.pollers.load(std::memory_order_seq_cst) == 0 && has_outcome()); };
    if (has_work()) return;
    if (shared_.pollers.load(std::memory_order_relaxed) == 0 && platform::look(has_work)) return;
    shared_.listener.store(1, std::memory_order_seq_cst);
    if (!has_work()) bell_.acquire(deadline);
    shared_.listener.store(0, std::memory_order_seq_cst);
  }

  // ---- Workers. ----

  // Nobody sits there. The start itself goes without the lock: it takes its time.
  void start_worker(std::uint32_t index) {
    SeatOf& seat = seats_[index];
    worker::Place place;
    {
      const std::lock_guard lock(mutex_);
      new (&floor_->seat(index)) worker::Seat{};
      seat.wake = platform::Semaphore::create(floor_->seat(index).wake, 0, 4);
      place.wake = platform::Semaphore::adopt(floor_->seat(index).wake, seat.wake.handle());
    }
    place.floor = floor_;
    place.outcomes = seat.outcomes;
    place.bell = platform::Semaphore::adopt(shared_.bell, bell_.handle());
    place.seat = index;
    place.most_tasks = options_.maxtasksperchild ? static_cast<std::uint64_t>(*options_.maxtasksperchild) : 0;
    place.initializer.target = options_.initializer.target();
    ProcessOptions options{.name = "PoolWorker-" + std::to_string(++started_), .daemon = true, .start_method = options_.start_method};
    options.ends_with_parent = true;
    auto process = std::make_shared<Process>(std::move(options), &worker::work, std::move(place));
    process->start();
    const std::lock_guard lock(mutex_);
    seat.process = std::move(process);
    if (state_ == State::kTerminated) signal(*seat.process, &Process::terminate);
  }

  void bury() {
    std::vector<std::uint32_t> dead;
    {
      const std::lock_guard lock(mutex_);
      dead = dead_;
    }
    if (dead.empty()) return;
    for (const std::uint32_t index : dead) {
      bury(index);
      replace(index);
    }
    {
      const std::lock_guard lock(mutex_);
      dead_.clear();
    }
    buried_.notify_all();
  }

  // Its outcomes first: what is then still its own has no outcome any more.
  void bury(std::uint32_t index) {
    News news;
    {
      const std::lock_guard lock(mutex_);
      SeatOf& seat = seats_[index];
      drain(index, news);
      const std::int64_t pid = seat.process->pid().value_or(0);
      const int code = seat.process->exitcode().value_or(-1);
      const auto error = std::make_exception_ptr(
          WorkerDied("worker " + std::to_string(pid) + " ended with exit code " + std::to_string(code) + " before the task was done", pid, code));
      tasks_.lose(index, error, news.finished);
      if (floor_->seat(index).is_ready.load(std::memory_order_acquire) != 0) {
        vain_starts_ = 0;
      } else if (!platform::Child::was_told_to_end(code)) {  // who was told to end says nothing about the next one
        ++vain_starts_;
        last_vain_ = error;
      }
      seat.process->join();
      seat.process = nullptr;
      refill(news);
      // It may have been woken for a task that it did not live to take.
      wake_workers(seats_.size());
      conclude(news);
    }
    tell(news);
  }

  // A worker that does not come as far as its first task, again and again, is not replaced for ever.
  void replace(std::uint32_t index) {
    {
      const std::lock_guard lock(mutex_);
      if (state_ >= State::kEnding) return;
    }
    std::exception_ptr failure;
    if (vain_starts_ >= 3 * seats_.size()) {
      failure = last_vain_;
    } else {
      try {
        start_worker(index);
        return;
      } catch (...) {
        failure = std::current_exception();
      }
    }
    News news;
    {
      const std::lock_guard lock(mutex_);
      if (std::any_of(seats_.begin(), seats_.end(), [](const SeatOf& seat) { return seat.process != nullptr; })) return;
      broken_ = failure;
      tasks_.fail_all(failure, news.finished);
      conclude(news);
    }
    tell(news);
  }

  // ---- The watcher. ----

  void watch() {
    while (true) {
      std::vector<platform::NativeHandle> sentinels;
      std::vector<std::uint32_t> indices;
      {
        std::unique_lock lock(mutex_);
        buried_.wait(lock, [this] { return dead_.empty(); });
        for (std::uint32_t i = 0; i < seats_.size(); ++i) {
          if (!seats_[i].process) continue;
          sentinels.push_back(seats_[i].process->sentinel());
          indices.push_back(i);
        }
      }
      if (sentinels.empty()) return;  // nobody will be started any more, as only the dead are replaced
      const std::vector<std::size_t> ended = platform::wait_any(sentinels, Deadline::never());
      {
        const std::lock_guard lock(mutex_);
        for (const std::size_t each : ended) dead_.push_back(indices[each]);
      }
      kick();
    }
  }

  const PoolOptions options_;
  const std::int64_t creator_;
  const std::shared_ptr<Floor> floor_;
  worker::Shared& shared_;
  platform::Semaphore bell_;

  std::mutex mutex_;  // guards what follows, but where the manager alone is named; never held during a start, a wait or a callback
  State state_ = State::kRun;
  Deadline patience_ = Deadline::never();
  Tasks tasks_;
  std::deque<std::shared_ptr<Job>> callbacks_;
  std::vector<std::weak_ptr<Source>> sources_;
  std::exception_ptr broken_;
  std::vector<std::uint32_t> dead_;  // told by the watcher, not yet replaced
  std::condition_variable over_, buried_;

  // Written by the manager alone, with the lock; the rings in them never change.
  std::vector<SeatOf> seats_;
  // Of the manager alone.
  std::uint64_t started_ = 0;
  std::size_t vain_starts_ = 0;
  std::exception_ptr last_vain_;

  std::atomic<bool> kicked_ = false;
  std::atomic<std::thread::id> manager_id_ = {};
  std::mutex joining_;
  std::thread manager_, watcher_;
};

std::shared_ptr<Runner> run_processes(PoolOptions options) {
  const int processes = options.processes.value_or(usable_cpu_count());
  if (processes < 1) throw ValueError("a pool needs at least one process");
  if (options.maxtasksperchild && *options.maxtasksperchild < 1) throw ValueError("maxtasksperchild must be positive, or not be set");
  if (processes > static_cast<int>(kMostWorkers)) throw ValueError("a pool has 60000 workers at most");
  const auto runner = std::make_shared<ProcessRunner>(std::move(options), static_cast<std::uint32_t>(processes));
  runner->begin();
  return runner;
}

}  // namespace

// CPython's formula.
std::size_t chunk_of(std::optional<std::int64_t> chunksize, std::size_t items, std::size_t workers) {
  if (chunksize) return stream_chunk_of(*chunksize);
  const std::size_t parts = 4 * workers;
  return std::max<std::size_t>((items + parts - 1) / parts, 1);
}

std::size_t stream_chunk_of(std::int64_t chunksize) {
  if (chunksize < 1) throw ValueError("the chunk size must be 1 or more, not " + std::to_string(chunksize));
  return static_cast<std::size_t>(chunksize);
}

}  // namespace pool_internal

Pool::Pool(PoolOptions options) : BasicPool(pool_internal::run_processes(std::move(options))) {}

}  // namespace mp
