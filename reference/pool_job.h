#ifndef REFERENCE_POOL_JOB_H_
#define REFERENCE_POOL_JOB_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "reference/async_result.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/pool_runner.h"
#include "reference/target.h"
#include "reference/worker.h"

// The jobs of a pool, by types: how calls become tasks, and results come back.
//
//   task     name of perform() | function | number of items | items
//   result   items, one after the other
namespace mp::pool_internal {

// Calls the function with what there is of each argument: as it is if the function takes it so, else given away.
template <class F, class... A>
decltype(auto) call(F& function, A&... arguments) {
  if constexpr (std::is_invocable_v<F&, A&...>) {
    return std::invoke(function, arguments...);
  } else {
    return std::invoke(function, std::move(arguments)...);
  }
}

enum class Spread { kNo, kYes };  // whether an item is the tuple of the arguments

template <Spread kSpread, class F, class T>
decltype(auto) call_item(F& function, T& item) {
  if constexpr (kSpread == Spread::kYes) {
    return std::apply([&](auto&... parts) -> decltype(auto) { return call(function, parts...); }, item);
  } else {
    return call(function, item);
  }
}

// What these calls give; nothing where they cannot be made.
template <class F, class... A>
struct Called {};
template <class F, class... A>
requires std::is_invocable_v<F&, A&...>
struct Called<F, A...> {
  using type = std::decay_t<std::invoke_result_t<F&, A&...>>;
};
template <class F, class... A>
requires(!std::is_invocable_v<F&, A&...> && std::is_invocable_v<F&, A...>) struct Called<F, A...> {
  using type = std::decay_t<std::invoke_result_t<F&, A...>>;
};
template <class F, class T>
struct CalledWithParts {};
template <class F, template <class...> class List, class... A>
struct CalledWithParts<F, List<A...>> : Called<F, A...> {};
template <Spread kSpread, class F, class T>
using ResultOf = typename std::conditional_t<kSpread == Spread::kYes, CalledWithParts<F, T>, Called<F, T>>::type;

template <Spread kSpread, class F, class T>
Stored<ResultOf<kSpread, F, T>> call_and_store(F& function, T& item) {
  if constexpr (std::is_void_v<ResultOf<kSpread, F, T>>) {
    call_item<kSpread>(function, item);
    return Nothing{};
  } else {
    return call_item<kSpread>(function, item);
  }
}

template <class T>
inline constexpr bool kPlain = TravelsAsMemory<T> && !std::is_same_v<T, bool>;

template <class T>
void append(std::vector<std::byte>& bytes, const T& value) {
  static_assert(Encodable<T>, "what goes to a worker, or comes back, must be able to travel: see codec.h");
  if constexpr (kPlain<T>) {
    const auto* begin = reinterpret_cast<const std::byte*>(&value);
    bytes.insert(bytes.end(), begin, begin + sizeof(T));
  } else {
    const std::vector<std::byte> encoded = encode(value);
    bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  }
}

// The function of a task. One that travels by name is looked up once for as long as it comes again.
template <class F>
F read_function(Reader& reader, std::span<const std::byte> bytes) {
  if constexpr (codec_internal::kIsFunction<F>) {
    static thread_local std::vector<std::byte> last;
    static thread_local F found = nullptr;
    if (found != nullptr && bytes.size() >= last.size() && std::memcmp(bytes.data(), last.data(), last.size()) == 0) {
      std::byte skipped[1 + sizeof(platform::CodeName)];
      reader.read_bytes(skipped, last.size());
      return found;
    }
    found = reader.read<F>();
    last.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() - reader.remaining()));
    return found;
  } else {
    return reader.read<F>();
  }
}

// In the worker.
template <Spread kSpread, class F, class T>
void perform(std::span<const std::byte> task, std::vector<std::byte>& results) {
  Reader reader(task);
  F function = read_function<F>(reader, task);
  for (auto left = reader.read<std::uint64_t>(); left > 0; --left) {
    T item = reader.read<T>();
    const auto result = call_and_store<kSpread>(function, item);
    try {
      append(results, result);
    } catch (const std::exception& error) {
      throw MaybeEncodingError(std::string("the result cannot be sent: ") + error.what());
    }
  }
}

// In the pool: the part of a task that all of one job have in common.
template <Spread kSpread, class F, class T>
std::vector<std::byte> beginning(const F& function) {
  static_assert(Encodable<F>, "a pool's workers are other processes: this function cannot travel to them (see target.h)");
  std::vector<std::byte> task;
  worker::begin_task(&perform<kSpread, F, T>, task);
  append(task, function);
  return task;
}

// What makes the tasks of a job.
template <Spread kSpread, class F, class T>
class TaskWriter {
 public:
  explicit TaskWriter(const F& function) : beginning_(beginning<kSpread, F, T>(function)) {}

  // Throws what the codec does.
  template <class Items>
  void write(std::vector<std::byte>& task, const Items& items) const {
    task = beginning_;
    append(task, std::uint64_t{std::ranges::size(items)});
    if constexpr (kPlain<T> && std::ranges::contiguous_range<const Items>) {
      const auto bytes = std::as_bytes(std::span(std::ranges::data(items), std::ranges::size(items)));
      task.insert(task.end(), bytes.begin(), bytes.end());
    } else {
      for (const T& item : items) append(task, item);
    }
  }

 private:
  std::vector<std::byte> beginning_;
};

// ---- One value, or a list of them, from a known number of chunks. ----

// The results of some chunks, as bytes or as they are.
template <class R>
class Results {
 public:
  using Value = Stored<R>;

  // So many values, in chunks of `chunk` each.
  Results(std::size_t count, std::size_t chunk) : count_(count), chunk_(chunk) {
    if constexpr (kPlain<Value>) {
      memory_.resize(count * sizeof(Value));
    } else {
      parts_.resize(count == 0 ? 0 : (count + chunk - 1) / chunk);
    }
  }

  void put(std::size_t chunk, std::span<const std::byte> bytes) {
    if constexpr (kPlain<Value>) {
      const std::size_t begin = chunk * chunk_;
      const std::size_t expected = std::min(chunk_, count_ - begin) * sizeof(Value);
      if (bytes.size() != expected) throw PickleError("a worker sent too much or too little");
      if (expected != 0) std::memcpy(memory_.data() + begin * sizeof(Value), bytes.data(), expected);
    } else {
      parts_[chunk].assign(bytes.begin(), bytes.end());
    }
  }

  template <class Take>
  void each(Take take) const {
    if constexpr (kPlain<Value>) {
      Reader reader(memory_);
      for (std::size_t i = 0; i < count_; ++i) take(reader.template read<Value>());
    } else {
      for (std::size_t part = 0; part < parts_.size(); ++part) {
        Reader reader(parts_[part]);
        const std::size_t size = std::min(chunk_, count_ - part * chunk_);
        for (std::size_t i = 0; i < size; ++i) take(reader.template read<Value>());
      }
    }
  }

 private:
  std::size_t count_;
  std::size_t chunk_;
  std::vector<std::byte> memory_;
  std::vector<std::vector<std::byte>> parts_;
};

// A call of a function with each item: map, starmap, and with a single item apply.
template <Spread kSpread, class F, class T, class V>
class BytesJob : public ResultJob<V> {
 public:
  using R = ResultOf<kSpread, F, T>;

  BytesJob(const F& function, std::vector<T> items, std::size_t chunk, Callbacks<V> callbacks)
      : ResultJob<V>(items.empty() ? 0 : (items.size() + chunk - 1) / chunk, std::move(callbacks)),
        tasks_(function),
        count_(items.size()),
        chunk_(chunk),
        results_(count_, chunk) {
    if constexpr (kPlain<T>) {
      items_ = std::move(items);
    } else {
      encode_all(items);
    }
  }

  std::size_t chunks() const { return count_ == 0 ? 0 : (count_ + chunk_ - 1) / chunk_; }
  void encode(std::size_t chunk, std::vector<std::byte>& task) override {
    if constexpr (kPlain<T>) {
      tasks_.write(task, std::span(items_).subspan(chunk * chunk_, std::min(chunk_, count_ - chunk * chunk_)));
    } else {
      if (refusal_) std::rethrow_exception(refusal_);
      task = std::exchange(encoded_[chunk], {});
    }
  }
  void accept(std::size_t chunk, std::span<const std::byte> result) override { results_.put(chunk, result); }
  void run(std::size_t) override {}

  V value() const override {
    if constexpr (std::is_void_v<V>) {
      return;
    } else if constexpr (std::is_same_v<V, std::vector<Stored<R>>>) {
      return list();
    } else {
      std::optional<V> only;
      results_.each([&](Stored<R> value) { only.emplace(std::move(value)); });
      return std::move(*only);
    }
  }

 private:
  V list() const {
    V values;
    values.reserve(count_);
    results_.each([&](Stored<R> value) { values.push_back(std::move(value)); });
    return values;
  }

  // Some of the items. (A std::ranges::subrange does not compile with clang 14 on libstdc++ 12.)
  struct Part {
    typename std::vector<T>::const_iterator first;
    typename std::vector<T>::const_iterator last;
    auto begin() const { return first; }
    auto end() const { return last; }
    std::size_t size() const { return static_cast<std::size_t>(last - first); }
  };

  // While the caller is here: encoding runs code of the items' classes. A refusal is told by the result, as any error.
  void encode_all(const std::vector<T>& items) {
    encoded_.resize(chunks());
    try {
      for (std::size_t chunk = 0; chunk < encoded_.size(); ++chunk) {
        const auto begin = items.begin() + static_cast<std::ptrdiff_t>(chunk * chunk_);
        const std::size_t size = std::min(chunk_, count_ - chunk * chunk_);
        tasks_.write(encoded_[chunk], Part{begin, begin + static_cast<std::ptrdiff_t>(size)});
      }
    } catch (...) {
      refusal_ = std::current_exception();
    }
  }

  TaskWriter<kSpread, F, T> tasks_;
  std::size_t count_;
  std::size_t chunk_;
  std::vector<T> items_;
  std::vector<std::vector<std::byte>> encoded_;
  std::exception_ptr refusal_;
  Results<R> results_;
};

// The same in this process.
template <Spread kSpread, class F, class T, class V>
class HereJob : public ResultJob<V> {
 public:
  using R = ResultOf<kSpread, F, T>;

  HereJob(F function, std::vector<T> items, std::size_t chunk, Callbacks<V> callbacks)
      : ResultJob<V>(items.empty() ? 0 : (items.size() + chunk - 1) / chunk, std::move(callbacks)),
        function_(std::move(function)),
        chunk_(chunk),
        items_(std::move(items)),
        results_(items_.size()) {}

  std::size_t chunks() const { return items_.empty() ? 0 : (items_.size() + chunk_ - 1) / chunk_; }
  void encode(std::size_t, std::vector<std::byte>&) override {}
  void accept(std::size_t, std::span<const std::byte>) override {}
  void run(std::size_t chunk) override {
    const std::size_t end = std::min((chunk + 1) * chunk_, items_.size());
    for (std::size_t i = chunk * chunk_; i < end; ++i) results_[i].emplace(call_and_store<kSpread>(function_, items_[i]));
  }
  V value() const override {
    if constexpr (std::is_void_v<V>) {
      return;
    } else if constexpr (std::is_same_v<V, std::vector<Stored<R>>>) {
      V values;
      values.reserve(results_.size());
      for (const auto& result : results_) values.push_back(*result);
      return values;
    } else {
      return *results_.front();
    }
  }

 private:
  F function_;
  std::size_t chunk_;
  std::vector<T> items_;
  std::vector<std::optional<Stored<R>>> results_;
};

// ---- One value after the other. ----

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
    while (true) {
      std::optional<Arrival> arrival;
      {
        std::unique_lock lock(this->mutex_);
        if (!values_.empty()) return pop();
        if (!await(lock, deadline)) throw_late();
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

#endif  // REFERENCE_POOL_JOB_H_
