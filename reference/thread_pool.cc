#include "reference/thread_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "reference/entry.h"
#include "reference/error.h"
#include "reference/process.h"

namespace mp {
namespace pool_internal {
namespace {

// kRun -> close() -> kClosed -> all is done, or terminate() -> kOver: every thread leaves when it comes to it.
class ThreadRunner : public Runner, public std::enable_shared_from_this<ThreadRunner> {
 public:
  ThreadRunner(PoolOptions options, std::size_t threads) : options_(std::move(options)), count_(threads) {}

  void begin() {
    const std::lock_guard lock(mutex_);
    try {
      while (running_ < count_) {
        std::thread([self = shared_from_this()] { self->work(); }).detach();
        ++running_;
      }
      std::thread([self = shared_from_this()] { self->call_back(); }).detach();
      calls_back_ = true;
    } catch (...) {
      state_ = State::kOver;
      changed_.notify_all();
      throw;
    }
  }

  void submit(const std::shared_ptr<Job>& job, std::size_t begin, std::size_t end, bool accepted) override {
    bool refused = false;
    {
      const std::lock_guard lock(mutex_);
      if (!accepted && state_ != State::kRun) throw ValueError("the pool is closed: it takes no more tasks");
      refused = state_ == State::kOver || broken_;
      if (!refused) {
        for (std::size_t chunk = begin; chunk < end; ++chunk) tasks_.push_back({job, chunk});
      }
    }
    if (begin == end) return finish(job);
    changed_.notify_all();
    for (std::size_t chunk = begin; refused && chunk < end; ++chunk) fail({job, chunk});
  }

  void add_source(std::weak_ptr<Source> source) override {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kRun) throw ValueError("the pool is closed: it takes no more tasks");
    std::erase_if(sources_, [](const auto& each) { return is_exhausted(each); });
    sources_.push_back(std::move(source));
  }

  std::size_t workers() const override { return count_; }
  void help(const std::atomic<bool>&) override {}

  void close() override {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kRun) state_ = State::kClosed;
    changed_.notify_all();
  }

  void terminate() override {
    std::deque<Task> lost;
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kOver;
      lost.swap(tasks_);
    }
    changed_.notify_all();
    for (const Task& task : lost) fail(task);
    await_end();
  }

  void join() override {
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
    {
      const std::lock_guard lock(mutex_);
      sources_.clear();
    }
    changed_.notify_all();
    await_end();
  }

 private:
  enum class State { kRun, kClosed, kOver };
  struct Task {
    std::shared_ptr<Job> job;
    std::size_t chunk;
  };

  static bool is_exhausted(const std::weak_ptr<Source>& source) {
    const auto alive = source.lock();
    return alive == nullptr || alive->is_exhausted();
  }

  // A thread of the pool itself does not wait for itself: a callback or a task may terminate the pool.
  void await_end() {
    if (current_ == this) return;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return running_ == 0 && !calls_back_; });
  }

  void work() {
    current_ = this;
    bool is_ready = true;
    if (const auto& target = options_.initializer.target()) {
      const std::lock_guard one_at_a_time(initializing_);  // they share one set of arguments
      is_ready = entry::exit_code_of("a thread of a pool", [&] { target->call(); }) == 0;
    }
    while (is_ready) {
      const std::optional<Task> task = next();
      if (!task) break;
      perform(*task);
    }
    leave(is_ready);
  }

  std::optional<Task> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !tasks_.empty() || state_ == State::kOver || (state_ == State::kClosed && is_fed()); });
    if (tasks_.empty() || state_ == State::kOver) return std::nullopt;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  bool is_fed() const { return std::all_of(sources_.begin(), sources_.end(), is_exhausted); }

  void perform(const Task& task) {
    try {
      task.job->run(task.chunk);
    } catch (...) {
      task.job->fail(task.chunk, std::current_exception());
    }
    if (task.job->count_down()) finish(task.job);
  }

  void fail(const Task& task) {
    task.job->fail(task.chunk, std::make_exception_ptr(ProcessError("the pool was terminated before this was done")));
    if (task.job->count_down()) finish(task.job);
  }

  void finish(const std::shared_ptr<Job>& job) {
    {
      const std::lock_guard lock(mutex_);
      if (job->calls_back() && calls_back_) {
        callbacks_.push_back(job);
        changed_.notify_all();
        return;
      }
    }
    job->finish();
  }

  void leave(bool is_ready) {
    std::deque<Task> lost;
    {
      const std::lock_guard lock(mutex_);
      --running_;
      if (!is_ready && running_ == 0) {
        broken_ = true;
        lost.swap(tasks_);
      }
    }
    changed_.notify_all();
    for (const Task& task : lost) fail(task);
  }

  // The thread of the callbacks: it leaves last.
  void call_back() {
    current_ = this;
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !callbacks_.empty() || (state_ != State::kRun && running_ == 0); });
      if (callbacks_.empty()) {
        calls_back_ = false;
        break;
      }
      const std::shared_ptr<Job> job = std::move(callbacks_.front());
      callbacks_.pop_front();
      lock.unlock();
      job->finish();
    }
    changed_.notify_all();
  }

  static thread_local const ThreadRunner* current_;

  const PoolOptions options_;
  const std::size_t count_;
  std::mutex initializing_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  State state_ = State::kRun;
  bool broken_ = false;
  std::size_t running_ = 0;
  bool calls_back_ = false;
  std::deque<Task> tasks_;
  std::deque<std::shared_ptr<Job>> callbacks_;
  std::vector<std::weak_ptr<Source>> sources_;
};

thread_local const ThreadRunner* ThreadRunner::current_ = nullptr;

std::shared_ptr<Runner> run_threads(PoolOptions options) {
  const int threads = options.processes.value_or(usable_cpu_count());
  if (threads < 1) throw ValueError("a pool needs at least one thread");
  const auto runner = std::make_shared<ThreadRunner>(std::move(options), static_cast<std::size_t>(threads));
  runner->begin();
  return runner;
}

}  // namespace
}  // namespace pool_internal

ThreadPool::ThreadPool(PoolOptions options) : BasicPool(pool_internal::run_threads(std::move(options))) {}

}  // namespace mp
