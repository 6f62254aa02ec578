// The pool of a manager. Its tasks are calls of one function, which performs those of protocol.md, section 6, by their names.
#include <optional>
#include <string>

#include "conformance/adapters/reference/functions.h"
#include "conformance/adapters/reference/managers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/manager.h"
#include "reference/pool_proxy.h"

namespace mp::conformance {
namespace {

using ResultProxy = AsyncResultProxy<mp::Object>;

// (name of the function, arguments, keywords).
mp::Object perform(mp::Object task) {
  Handles handles;
  const Values parts = to_value(task, handles).items();
  const Parcel result = run_task(make_task(Function{parts.at(0).text()}, parts.at(1), parts.at(2), handles));
  return to_object(result.unpack(handles), handles);
}

mp::Object call_of(const Value& function, const Value& args, const Value& kwds, Handles& handles) {
  const Task task = make_task(function, args, kwds, handles);  // refuses what is none
  return mp::tuple(task.function, to_object(args, handles), to_object(kwds, handles));
}

// One for each input of a map; `spread`: of a starmap.
mp::List calls_of(Args& args, bool spread) {
  mp::List calls;
  for (const Value& item : args["iterable"].items()) {
    calls.push_back(call_of(args["func"], spread ? item : Value(Tuple{item}), Dict{}, args.handles()));
    if (spread) calls.back() = mp::tuple(std::move(calls.back()));
  }
  return calls;
}

std::optional<std::int64_t> number_or_none(Args& args, std::string_view name) {
  if (args[name].is_none()) return std::nullopt;
  return args.integer(name);
}

Value value_of(const std::vector<mp::Object>& results, Handles& handles) {
  Values values;
  for (const mp::Object& result : results) values.push_back(to_value(result, handles));
  return List::of(std::move(values));
}

PoolProxy make_pool(SyncManager& manager, Args& args) {
  PoolProxyOptions options;
  if (const auto processes = number_or_none(args, "processes")) options.processes = static_cast<int>(*processes);
  if (const auto share = number_or_none(args, "maxtasksperchild")) options.maxtasksperchild = static_cast<int>(*share);
  if (!args["initializer"].is_none()) {
    options.initializer =
        PoolProxyInitializer::of<perform>(call_of(args["initializer"], args["initargs"], Dict{}, args.handles()));
  }
  return manager.Pool(options);
}

}  // namespace

void offer_pool_proxies(Adapter& adapter) {
  Luggage::travels<PoolProxy>();
  Luggage::travels<ResultProxy>();
  adapter.type<SyncManager>("SyncManager")
      .method("Pool(processes=None, initializer=None, initargs=(), maxtasksperchild=None)", make_pool);
  adapter.type<PoolProxy>("PoolProxy")
      .method("apply(func, args=(), kwds={})",
              [](PoolProxy& pool, Args& args) {
                return to_value(pool.apply<perform>(call_of(args["func"], args["args"], args["kwds"], args.handles())),
                                args.handles());
              })
      .method("apply_async(func, args=(), kwds={})",
              [](PoolProxy& pool, Args& args) {
                return pool.apply_async<perform>(call_of(args["func"], args["args"], args["kwds"], args.handles()));
              })
      .method("map(func, iterable, chunksize=None)",
              [](PoolProxy& pool, Args& args) {
                return value_of(pool.map<perform>(calls_of(args, false), number_or_none(args, "chunksize")),
                                args.handles());
              })
      .method("map_async(func, iterable, chunksize=None)",
              [](PoolProxy& pool, Args& args) {
                return ResultProxy(pool.map_async<perform>(calls_of(args, false), number_or_none(args, "chunksize")));
              })
      .method("starmap(func, iterable, chunksize=None)",
              [](PoolProxy& pool, Args& args) {
                return value_of(pool.starmap<perform>(calls_of(args, true), number_or_none(args, "chunksize")),
                                args.handles());
              })
      .method(
          "starmap_async(func, iterable, chunksize=None)",
          [](PoolProxy& pool, Args& args) {
            return ResultProxy(pool.starmap_async<perform>(calls_of(args, true), number_or_none(args, "chunksize")));
          })
      .method("imap(func, iterable, chunksize=1)",
              [](PoolProxy& pool, Args& args) {
                return pool.imap<perform>(calls_of(args, false), args.integer("chunksize"));
              })
      .method("imap_unordered(func, iterable, chunksize=1)",
              [](PoolProxy& pool, Args& args) {
                return pool.imap_unordered<perform>(calls_of(args, false), args.integer("chunksize"));
              })
      .method("close()", [](PoolProxy& pool, Args&) { pool.close(); })
      .method("terminate()", [](PoolProxy& pool, Args&) { pool.terminate(); })
      .method("join()", [](PoolProxy& pool, Args&) { pool.join(); });
  adapter.type<ResultProxy>("AsyncResultProxy")
      .method("get(timeout=None)",
              [](ResultProxy& result, Args& args) {
                return to_value(result.get(wait_of(args, "timeout")), args.handles());
              })
      .method("wait(timeout=None)", [](ResultProxy& result, Args& args) { result.wait(wait_of(args, "timeout")); })
      .method("ready()", [](ResultProxy& result, Args&) { return result.ready(); })
      .method("successful()", [](ResultProxy& result, Args&) { return result.successful(); });
}

}  // namespace mp::conformance
