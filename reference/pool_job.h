#ifndef REFERENCE_POOL_JOB_H_
#define REFERENCE_POOL_JOB_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <exception>
#include <optional>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/life.h"
#include "reference/async_result.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/pool_call.h"
#include "reference/pool_runner.h"

// The jobs of a pool that give one value, or a list of them, from a known number of chunks.
namespace mp::pool_internal {

// The results of some chunks, as bytes or as they are.
//
// They are read each time that somebody asks: so each gets values of his own, which need not be such as can be copied. A proxy among them has a
// reference in nobody's name on its way (see Proxy::save). It has to stay until nobody can ask any more, as the object might end before, and then be
// given back once: by one more reading, the last. The one of a result that nobody asked for, or of chunks beside one that failed, is never given
// back, and its object stays as long as its server: what is in there is not known before it is read, and it may be large.
//
// Blocks: the end, where the results held proxies, until their servers answer.
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

  ~Results() {
    if (left_over_ && reader_ == platform::own_life()) use_up();
  }
  Results(const Results&) = delete;

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
        Reader reader(parts_[part], {}, &left_over_);
        for (std::size_t i = 0; i < size_of(part); ++i) take(reader.template read<Value>());
      }
    }
  }

 private:
  std::size_t size_of(std::size_t part) const { return std::min(chunk_, count_ - part * chunk_); }

  void use_up() noexcept {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      try {
        Reader reader(parts_[part]);
        for (std::size_t i = 0; i < size_of(part); ++i) reader.template read<Value>();
      } catch (...) {  // a server that has ended, or no result
      }
    }
  }

  const platform::Life reader_ = platform::own_life();  // the references are not those of a copy that a fork makes
  mutable std::atomic<bool> left_over_ = false;
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

}  // namespace mp::pool_internal

#endif  // REFERENCE_POOL_JOB_H_
