#ifndef REFERENCE_POOL_PROXY_H_
#define REFERENCE_POOL_PROXY_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "reference/pool_function.h"
#include "reference/proxies.h"

// Owns, Shares, Threads, Blocks, Throws: as Proxy.
namespace mp {

// The result of a call that did not wait for it; it stays in the manager.
template <class R>
class AsyncResultProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit AsyncResultProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  R get(Wait timeout = Wait::forever()) const { return call<R>("get", proxy_internal::seconds(timeout)); }
  void wait(Wait timeout = Wait::forever()) const { call<void>("wait", proxy_internal::seconds(timeout)); }
  bool ready() const { return call<bool>("ready"); }
  bool successful() const { return call<bool>("successful"); }
};

// What each worker of a pool in a manager calls before its first task: PoolProxyInitializer::of<prepare>(5) calls prepare(5).
class PoolProxyInitializer {
 public:
  PoolProxyInitializer() = default;
  template <auto kFunction, class... A>
  static PoolProxyInitializer of(A&&... arguments) {
    return {pool_internal::PoolFunction<kFunction>::name(), tuple(std::forward<A>(arguments)...)};
  }
  const Object& function() const { return function_; }  // None: there is nothing to call
  const Object& arguments() const { return arguments_; }

 private:
  PoolProxyInitializer(Object function, Object arguments)
      : function_(std::move(function)), arguments_(std::move(arguments)) {}

  Object function_;
  Object arguments_ = tuple();
};

// As PoolOptions. The start method is that of the manager.
struct PoolProxyOptions {
  std::optional<int> processes = {};  // unset: one for each processor that the manager may use
  PoolProxyInitializer initializer = {};
  std::optional<int> maxtasksperchild = {};  // unset: workers live as long as the pool
};

// [manager.pool] A pool in the process of a manager. Functions are template arguments, so that a program knows from its beginning all that
// its clients may have called:
//
//   const mp::PoolProxy pool = manager.Pool(4);
//   std::vector<int> squares = pool.map<square>(std::vector{1, 2, 3});
//
// With a manager of Python it is the other way: pool.call("map", mp::Global{"math", "sqrt"}, numbers).
class PoolProxy : public Proxy {
 public:
  using Proxy::Proxy;
  explicit PoolProxy(Proxy proxy) : Proxy(std::move(proxy)) {}

  template <auto kFunction>
  using ResultOf = typename pool_internal::PoolFunction<kFunction>::R;
  template <auto kFunction>
  using ListOf = std::vector<ResultOf<kFunction>>;

  template <auto kFunction, class... A>
  ResultOf<kFunction> apply(A&&... arguments) const {
    return call<ResultOf<kFunction>>("apply", name<kFunction>(), tuple(std::forward<A>(arguments)...));
  }
  template <auto kFunction, class... A>
  auto apply_async(A&&... arguments) const {
    return call<AsyncResultProxy<ResultOf<kFunction>>>("apply_async", name<kFunction>(),
                                                       tuple(std::forward<A>(arguments)...));
  }
  template <auto kFunction>
  ListOf<kFunction> map(const Object& items, std::optional<std::int64_t> chunksize = {}) const {
    return call<ListOf<kFunction>>("map", name<kFunction>(), items, chunksize);
  }
  template <auto kFunction>
  auto map_async(const Object& items, std::optional<std::int64_t> chunksize = {}) const {
    return call<AsyncResultProxy<ListOf<kFunction>>>("map_async", name<kFunction>(), items, chunksize);
  }
  // Each item is a tuple or list: the arguments of a call.
  template <auto kFunction>
  ListOf<kFunction> starmap(const Object& items, std::optional<std::int64_t> chunksize = {}) const {
    return call<ListOf<kFunction>>("starmap", name<kFunction>(), items, chunksize);
  }
  template <auto kFunction>
  auto starmap_async(const Object& items, std::optional<std::int64_t> chunksize = {}) const {
    return call<AsyncResultProxy<ListOf<kFunction>>>("starmap_async", name<kFunction>(), items, chunksize);
  }
  // The results one by one: next<int>(), until StopIteration.
  template <auto kFunction>
  IteratorProxy imap(const Object& items, std::int64_t chunksize = 1) const {
    return call<IteratorProxy>("imap", name<kFunction>(), items, chunksize);
  }
  template <auto kFunction>
  IteratorProxy imap_unordered(const Object& items, std::int64_t chunksize = 1) const {
    return call<IteratorProxy>("imap_unordered", name<kFunction>(), items, chunksize);
  }

  void close() const { call<void>("close"); }
  void terminate() const { call<void>("terminate"); }
  void join() const { call<void>("join"); }

 private:
  template <auto kFunction>
  static Object name() {
    return pool_internal::PoolFunction<kFunction>::name();
  }
};

}  // namespace mp

#endif  // REFERENCE_POOL_PROXY_H_
