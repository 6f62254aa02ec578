#ifndef REFERENCE_POOL_STREAM_H_
#define REFERENCE_POOL_STREAM_H_

#include <cstddef>
#include <cstring>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include "reference/codec.h"
#include "reference/error.h"
#include "reference/pool_call.h"
#include "reference/pool_runner.h"

// The jobs of a pool that give one value after the other.
namespace mp::pool_internal {

enum class Order { kOfInput, kOfArrival };

// What does not depend on the input and the function.
//
// Bounded: at most `window` chunks are under way or wait to be taken, so that an endless input is no matter; whoever takes a chunk reads the
// next one from the input, in his own thread.
template <class R>
class StreamJob : public Job, public Source, public std::enable_shared_from_this<StreamJob<R>> {
 public:
  using Value = Stored<R>;

  StreamJob(std::shared_ptr<Runner> runner, Order order, std::size_t window)
      : Job(0), runner_(std::move(runner)), order_(order), window_(window) {}

  // Throws StopIteration at the end, TimeoutError, and what the function threw instead of a chunk of results.
  Value next(platform::Deadline deadline) {
    std::optional<Value> value = try_next(deadline);
    if (!value) throw_late();
    return *std::move(value);
  }
  // Nothing when it is late: a TimeoutError is the function's.
  std::optional<Value> try_next(platform::Deadline deadline) {
    while (true) {
      std::optional<Arrival> arrival;
      {
        std::unique_lock lock(this->mutex_);
        if (!values_.empty()) return pop();
        if (!await(lock, deadline)) return std::nullopt;
        if (!values_.empty()) return pop();
        const auto taken = next_arrival();
        if (taken == arrived_.end()) throw StopIteration("there are no more results");
        arrival = std::move(taken->second);
        arrived_.erase(taken);
        ++taken_;
      }
      feed();
      unpack(std::move(*arrival));
    }
  }

  // Until next() would not wait, if nobody else takes what is there.
  bool wait(platform::Deadline deadline) {
    std::unique_lock lock(this->mutex_);
    return await(lock, deadline);
  }

  void accept(std::size_t chunk, std::span<const std::byte> result) override {
    arrive(chunk, {nullptr, {result.begin(), result.end()}, {}});
  }
  void fail(std::size_t chunk, std::exception_ptr error) override { arrive(chunk, {std::move(error), {}, {}}); }
  bool count_down() override { return false; }

  void feed() {
    while (feed_one(true)) {
    }
  }
  void feed_all() override {
    while (feed_one(false)) {
    }
  }
  bool is_exhausted() const override { return exhausted_.load(std::memory_order_acquire); }

 protected:
  struct Arrival {
    std::exception_ptr error;
    std::vector<std::byte> bytes;
    std::deque<Value> values;
  };

  // Reads the input of one chunk and keeps it as that of number `chunk`; false: there is none left.
  virtual bool take_in(std::size_t chunk) = 0;

  void arrive(std::size_t chunk, Arrival arrival) {
    {
      const std::lock_guard lock(this->mutex_);
      arrived_.emplace(order_ == Order::kOfInput ? chunk : arrivals_++, std::move(arrival));
    }
    this->changed_.notify_all();
    news_.store(true, std::memory_order_release);
  }

 private:
  Value pop() {
    Value value = std::move(values_.front());
    values_.pop_front();
    return value;
  }

  auto next_arrival() {
    if (order_ == Order::kOfArrival) return arrived_.begin();
    return arrived_.find(taken_);
  }
  bool is_over() const { return is_exhausted() && taken_ == offered_; }

  // Until there is something to take, or nothing will come any more.
  bool await(std::unique_lock<std::mutex>& lock, platform::Deadline deadline) {
    const auto is_there = [this] { return !values_.empty() || next_arrival() != arrived_.end() || is_over(); };
    if (is_there()) return true;
    if (!deadline.has_passed()) {
      lock.unlock();
      help();
      lock.lock();
    }
    if (deadline.is_never()) {
      this->changed_.wait(lock, is_there);
      return true;
    }
    return is_there() || (!deadline.has_passed() && this->changed_.wait_until(lock, deadline.when(), is_there));
  }

  // Looks for outcomes, of which the next may be the one.
  void help() {
    news_.store(false, std::memory_order_release);
    {
      const std::lock_guard lock(this->mutex_);
      if (next_arrival() != arrived_.end()) return;
    }
    runner_->help(news_);
  }

  bool feed_one(bool bounded) {
    const std::lock_guard feeding(feed_mutex_);
    std::size_t chunk;
    {
      const std::lock_guard lock(this->mutex_);
      if (is_exhausted() || (bounded && offered_ - taken_ >= window_)) return false;
      chunk = offered_++;
    }
    try {
      if (!take_in(chunk)) {
        end(true);
        return false;
      }
    } catch (...) {  // of the input, or of its encoding
      end(false);
      fail(chunk, std::current_exception());
      return false;
    }
    runner_->submit(this->shared_from_this(), chunk, chunk + 1, true);
    return true;
  }

  void end(bool without_last) {
    {
      const std::lock_guard lock(this->mutex_);
      if (without_last) --offered_;
      exhausted_.store(true, std::memory_order_release);
    }
    this->changed_.notify_all();
  }

  // Outside of the lock: decoding runs code of the results' class.
  void unpack(Arrival arrival) {
    if (arrival.error) std::rethrow_exception(arrival.error);
    Reader reader(arrival.bytes);
    while (reader.remaining() > 0) arrival.values.push_back(reader.template read<Value>());
    const std::lock_guard lock(this->mutex_);
    for (Value& value : arrival.values) values_.push_back(std::move(value));
  }

  const std::shared_ptr<Runner> runner_;
  const Order order_;
  const std::size_t window_;
  std::mutex feed_mutex_;  // one reads the input at a time; taken before the other
  std::atomic<bool> exhausted_ = false;
  std::atomic<bool> news_ = false;
  std::size_t offered_ = 0, taken_ = 0, arrivals_ = 0;
  std::map<std::size_t, Arrival> arrived_;
  std::deque<Value> values_;
};

// A range that is read from its beginning to its end.
template <class Range>
class Input {
 public:
  explicit Input(Range range) : range_(std::move(range)) {}
  using T = std::ranges::range_value_t<Range>;

  std::vector<T> take(std::size_t most) {
    if (!at_) at_.emplace(std::ranges::begin(range_));
    std::vector<T> items;
    for (; items.size() < most && *at_ != std::ranges::end(range_); ++*at_) items.push_back(**at_);
    return items;
  }

 private:
  Range range_;
  std::optional<std::ranges::iterator_t<Range>> at_;
};

template <class F, class Range>
class BytesStream : public StreamJob<ResultOf<Spread::kNo, F, std::ranges::range_value_t<Range>>> {
  using T = std::ranges::range_value_t<Range>;
  using Base = StreamJob<ResultOf<Spread::kNo, F, T>>;

 public:
  BytesStream(std::shared_ptr<Runner> runner, const F& function, Range range, std::size_t chunk, Order order, std::size_t window)
      : Base(std::move(runner), order, window), tasks_(function), input_(std::move(range)), chunk_(chunk) {}

  void encode(std::size_t chunk, std::vector<std::byte>& task) override {
    const std::lock_guard lock(this->mutex_);
    task = std::move(encoded_.extract(chunk).mapped());
  }
  void run(std::size_t) override {}

 protected:
  bool take_in(std::size_t chunk) override {
    const std::vector<T> items = input_.take(chunk_);
    if (items.empty()) return false;
    std::vector<std::byte> task;
    tasks_.write(task, items);
    const std::lock_guard lock(this->mutex_);
    encoded_.emplace(chunk, std::move(task));
    return true;
  }

 private:
  TaskWriter<Spread::kNo, F, T> tasks_;
  Input<Range> input_;
  const std::size_t chunk_;
  std::map<std::size_t, std::vector<std::byte>> encoded_;
};

// The same in this process.
template <class F, class Range>
class HereStream : public StreamJob<ResultOf<Spread::kNo, F, std::ranges::range_value_t<Range>>> {
  using T = std::ranges::range_value_t<Range>;
  using Base = StreamJob<ResultOf<Spread::kNo, F, T>>;

 public:
  HereStream(std::shared_ptr<Runner> runner, F function, Range range, std::size_t chunk, Order order, std::size_t window)
      : Base(std::move(runner), order, window), function_(std::move(function)), input_(std::move(range)), chunk_(chunk) {}

  void encode(std::size_t, std::vector<std::byte>&) override {}
  void run(std::size_t chunk) override {
    std::vector<T> items;
    {
      const std::lock_guard lock(this->mutex_);
      items = std::move(items_.extract(chunk).mapped());
    }
    std::deque<typename Base::Value> values;
    for (T& item : items) values.push_back(call_and_store<Spread::kNo>(function_, item));
    this->arrive(chunk, {nullptr, {}, std::move(values)});
  }

 protected:
  bool take_in(std::size_t chunk) override {
    std::vector<T> items = input_.take(chunk_);
    if (items.empty()) return false;
    const std::lock_guard lock(this->mutex_);
    items_.emplace(chunk, std::move(items));
    return true;
  }

 private:
  F function_;
  Input<Range> input_;
  const std::size_t chunk_;
  std::map<std::size_t, std::vector<T>> items_;
};

}  // namespace mp::pool_internal

#endif  // REFERENCE_POOL_STREAM_H_
