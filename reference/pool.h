#ifndef REFERENCE_POOL_H_
#define REFERENCE_POOL_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <utility>
#include <vector>

#include "reference/async_result.h"
#include "reference/pool_job.h"
#include "reference/pool_runner.h"
#include "reference/pool_stream.h"
#include "reference/start_method.h"
#include "reference/target.h"
#include "reference/wait.h"
#include "reference/worker.h"

namespace mp {

// What each worker calls before its first task: a function, or a lambda without captures, and its arguments.
class PoolInitializer {
 public:
  PoolInitializer() = default;
  template <class F, class... A>
  requires(!std::same_as<std::decay_t<F>, PoolInitializer>) PoolInitializer(F&& function, A&&... arguments)
      : target_(make_target(std::forward<F>(function), std::forward<A>(arguments)...)) {}
  const std::shared_ptr<Target>& target() const { return target_; }

 private:
  std::shared_ptr<Target> target_;
};

struct PoolOptions {
  std::optional<int> processes = {};  // unset: as many as there are processors that this process may use
  PoolInitializer initializer = {};
  std::optional<int> maxtasksperchild = {};  // unset: workers live as long as the pool
  std::optional<StartMethod> start_method = {};
};

// How map_async and its kin do it.
template <class R>
struct MapOptions {
  std::optional<std::int64_t> chunksize = {};  // unset: about four chunks for each worker
  typename pool_internal::CallbackOf<R>::type callback = {};
  std::function<void(const std::exception&)> error_callback = {};
};

// The results of imap, one after the other.
//
// Owns:    a share of the results and of the input.
// Shares:  copies go on where any of them is. It does not travel to other processes.
// Threads: next() in any thread at once.
// Blocks:  next() until the next result is there, or the timeout is over.
// Throws:  StopIteration at the end, again and again; TimeoutError, after which nothing is lost; in the place of a result what the
//          function has thrown, after which the next one comes.
template <class R>
class IMapIterator {
 public:
  using Value = pool_internal::Stored<R>;

  explicit IMapIterator(std::shared_ptr<pool_internal::StreamJob<R>> job) : job_(std::move(job)) {}

  Value next(Wait timeout = Wait::forever()) const { return job_->next(timeout.deadline()); }
  // Additions, for who has to tell a late result from a TimeoutError of the function: nothing when the next one is late; and without taking it,
  // false then.
  std::optional<Value> try_next(Wait timeout = Wait::none()) const { return job_->try_next(timeout.deadline()); }
  bool wait(Wait timeout = Wait::forever()) const { return job_->wait(timeout.deadline()); }

  // for (const int result : pool.imap(square, numbers))
  class Iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;
    Iterator() = default;
    explicit Iterator(std::shared_ptr<pool_internal::StreamJob<R>> job) : job_(std::move(job)) { ++*this; }
    Value& operator*() const { return *value_; }
    Iterator& operator++() {
      try {
        value_ = std::make_shared<Value>(job_->next(platform::Deadline::never()));
      } catch (const StopIteration&) {
        value_ = nullptr;
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) { return iterator.value_ == nullptr; }

   private:
    std::shared_ptr<pool_internal::StreamJob<R>> job_;
    std::shared_ptr<Value> value_;
  };
  Iterator begin() const { return Iterator(job_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::shared_ptr<pool_internal::StreamJob<R>> job_;
};

namespace pool_internal {

std::size_t chunk_of(std::optional<std::int64_t> chunksize, std::size_t items, std::size_t workers);
std::size_t stream_chunk_of(std::int64_t chunksize);

template <class Range>
std::vector<std::ranges::range_value_t<Range>> list_of(Range&& range) {
  using T = std::ranges::range_value_t<Range>;
  if constexpr (std::is_same_v<std::decay_t<Range>, std::vector<T>>) {
    return std::forward<Range>(range);
  } else {
    std::vector<T> items;
    if constexpr (std::ranges::sized_range<Range>) items.reserve(std::ranges::size(range));
    for (auto&& item : range) items.push_back(std::forward<decltype(item)>(item));
    return items;
  }
}

template <class F, class... A>
using ArgumentsOf = typename target_internal::Bound<decltype(target_internal::parameters_of(std::declval<const F&>())), F, A...>::Arguments;
template <class F, class... A>
using CallResult = ResultOf<Spread::kYes, F, ArgumentsOf<F, A...>>;
template <class F, class T>
using ItemResult = ResultOf<Spread::kNo, F, T>;
template <class F, class T>
using SpreadResult = ResultOf<Spread::kYes, F, T>;
template <class R>
using ListOf = std::vector<Stored<R>>;

enum class Road { kBytes, kHere };

template <Road kRoad, Spread kSpread, class F, class T, class V>
using JobFor = std::conditional_t<kRoad == Road::kBytes, BytesJob<kSpread, F, T, V>, HereJob<kSpread, F, T, V>>;
template <Road kRoad, class F, class Range>
using StreamFor = std::conditional_t<kRoad == Road::kBytes, BytesStream<F, Range>, HereStream<F, Range>>;

}  // namespace pool_internal

// What a pool of processes and one of threads have in common: all but how they are made.
//
// Owns:    its workers, which end with it. A pool that goes out of scope is terminated, as by leaving a `with`.
// Shares:  nothing: it can be moved, and neither copied nor sent to another process.
// Threads: every method in any thread at once.
// Blocks:  apply(), map(), starmap() until their results are there; join() until the workers and its own threads have ended, so that who forks
//          after it does so without them; terminate() and the end
//          of the object for as long as workers need to end, a second at most before they are killed.
// Throws:  ValueError when the pool is closed, and for a chunk size below one. What the function has thrown: see AsyncResult.
template <pool_internal::Road kRoad>
class BasicPool {
 public:
  BasicPool(BasicPool&&) noexcept = default;
  BasicPool& operator=(BasicPool&& other) noexcept {
    end();
    runner_ = std::move(other.runner_);
    return *this;
  }
  ~BasicPool() { end(); }

  template <class F, class... A>
  auto apply(F&& function, A&&... arguments) {
    return apply_async(std::forward<F>(function), std::forward<A>(arguments)...).get();
  }
  template <class F, class... A>
  requires requires { typename pool_internal::CallResult<std::decay_t<F>, A...>; }
  auto apply_async(F&& function, A&&... arguments) {
    return apply_async({}, std::forward<F>(function), std::forward<A>(arguments)...);
  }
  // pool.apply_async({.callback = print}, square, 3)
  template <class F, class... A>
  auto apply_async(Callbacks<pool_internal::CallResult<std::decay_t<F>, A...>> callbacks, F&& function, A&&... arguments) {
    using T = pool_internal::ArgumentsOf<std::decay_t<F>, A...>;
    std::vector<T> items;
    items.emplace_back(std::forward<A>(arguments)...);
    return submit<pool_internal::Spread::kYes, pool_internal::CallResult<std::decay_t<F>, A...>>(
        std::forward<F>(function), std::move(items), 1, std::move(callbacks));
  }

  // The results in the order of the items. A function that returns nothing gives a vector of Nothing.
  template <class F, std::ranges::input_range Range>
  auto map(F&& function, Range&& range, std::optional<std::int64_t> chunksize = {}) {
    return map_async(std::forward<F>(function), std::forward<Range>(range), {.chunksize = chunksize}).get();
  }
  template <class F, std::ranges::input_range Range>
  auto map_async(F&& function, Range&& range,
                 MapOptions<pool_internal::ListOf<pool_internal::ItemResult<std::decay_t<F>, std::ranges::range_value_t<Range>>>> options = {}) {
    return map_any<pool_internal::Spread::kNo, pool_internal::ItemResult<std::decay_t<F>, std::ranges::range_value_t<Range>>>(
        std::forward<F>(function), std::forward<Range>(range), std::move(options));
  }
  // Each item is a tuple or pair: the arguments of a call.
  template <class F, std::ranges::input_range Range>
  auto starmap(F&& function, Range&& range, std::optional<std::int64_t> chunksize = {}) {
    return starmap_async(std::forward<F>(function), std::forward<Range>(range), {.chunksize = chunksize}).get();
  }
  template <class F, std::ranges::input_range Range>
  auto starmap_async(F&& function, Range&& range,
                     MapOptions<pool_internal::ListOf<pool_internal::SpreadResult<std::decay_t<F>, std::ranges::range_value_t<Range>>>> options = {}) {
    return map_any<pool_internal::Spread::kYes, pool_internal::SpreadResult<std::decay_t<F>, std::ranges::range_value_t<Range>>>(
        std::forward<F>(function), std::forward<Range>(range), std::move(options));
  }

  // The input is copied, or moved here, and read little by little: never more than a few chunks for each worker ahead of the results that are
  // taken. It is read by who calls imap() or next(), and by join(), which reads it to its end.
  template <class F, std::ranges::input_range Range>
  [[nodiscard]] auto imap(F&& function, Range&& range, std::int64_t chunksize = 1) {
    return stream(std::forward<F>(function), std::forward<Range>(range), chunksize, pool_internal::Order::kOfInput);
  }
  // In the order in which they come.
  template <class F, std::ranges::input_range Range>
  [[nodiscard]] auto imap_unordered(F&& function, Range&& range, std::int64_t chunksize = 1) {
    return stream(std::forward<F>(function), std::forward<Range>(range), chunksize, pool_internal::Order::kOfArrival);
  }

  // [pool.close] No more tasks are taken; the workers end when all is done.
  void close() { runner_->close(); }
  // Ends the workers without waiting for what they do. What was not done fails.
  void terminate() { runner_->terminate(); }
  // Waits until the workers have ended. ValueError before close() or terminate().
  void join() { runner_->join(); }

 protected:
  explicit BasicPool(std::shared_ptr<pool_internal::Runner> runner) : runner_(std::move(runner)) {}

 private:
  void end() {
    if (runner_) runner_->terminate();
    runner_.reset();
  }

  template <pool_internal::Spread kSpread, class V, class F, class T>
  AsyncResult<V> submit(F&& function, std::vector<T> items, std::size_t chunk, Callbacks<V> callbacks) {
    using Made = pool_internal::JobFor<kRoad, kSpread, std::decay_t<F>, T, V>;
    auto job = std::make_shared<Made>(std::forward<F>(function), std::move(items), chunk, std::move(callbacks));
    job->set_helper(runner_);
    runner_->submit(job, 0, job->chunks(), false);
    return AsyncResult<V>(std::move(job));
  }

  template <pool_internal::Spread kSpread, class R, class F, class Range>
  AsyncResult<pool_internal::ListOf<R>> map_any(F&& function, Range&& range, MapOptions<pool_internal::ListOf<R>> options) {
    auto items = pool_internal::list_of(std::forward<Range>(range));
    const std::size_t chunk = pool_internal::chunk_of(options.chunksize, items.size(), runner_->workers());
    return submit<kSpread, pool_internal::ListOf<R>>(std::forward<F>(function), std::move(items), chunk,
                                                     {std::move(options.callback), std::move(options.error_callback)});
  }

  template <class F, class Range>
  auto stream(F&& function, Range&& range, std::int64_t chunksize, pool_internal::Order order) {
    using Made = pool_internal::StreamFor<kRoad, std::decay_t<F>, std::decay_t<Range>>;
    using R = pool_internal::ItemResult<std::decay_t<F>, std::ranges::range_value_t<Range>>;
    const std::size_t chunk = pool_internal::stream_chunk_of(chunksize);
    auto job = std::make_shared<Made>(runner_, std::forward<F>(function), std::forward<Range>(range), chunk, order, 4 * runner_->workers());
    runner_->add_source(job);
    job->feed();
    return IMapIterator<R>(std::move(job));
  }

  std::shared_ptr<pool_internal::Runner> runner_;
};

// Processes that perform calls.
//
//   mp::Pool pool(4);
//   std::vector<int> squares = pool.map(square, std::vector{1, 2, 3});
//
// See BasicPool for what it does, and pool.cc for how.
class Pool : public BasicPool<pool_internal::Road::kBytes> {
 public:
  // [pool.workers.count] ValueError for less than one.
  explicit Pool(PoolOptions options = {});
  explicit Pool(int processes) : Pool(PoolOptions{.processes = processes}) {}
};

}  // namespace mp

#endif  // REFERENCE_POOL_H_
