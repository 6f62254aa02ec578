#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/functions.h"
#include "conformance/adapters/reference/makers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/error.h"
#include "reference/pool.h"
#include "reference/thread_pool.h"

namespace mp::conformance {
namespace {

// What a task of a pool returns travels back.
Parcel perform(const Task& task) { return run_task(task); }

void prepare(const Task& task) { run_task(task); }

// The elements of what Python calls an iterable: of a list, tuple, set or the characters of a text.
Values elements(const Value& iterable) {
  if (iterable.is<List>() || iterable.is<Tuple>()) return iterable.items();
  if (const Set* set = iterable.as<Set>()) return set->items;
  if (const FrozenSet* set = iterable.as<FrozenSet>()) return set->items;
  if (const Dict* dict = iterable.as<Dict>()) {
    Values keys;
    for (const auto& [key, item] : dict->items) keys.push_back(key);
    return keys;
  }
  if (const std::string* text = iterable.as<std::string>()) {
    Values letters;
    for (const char letter : *text) letters.emplace_back(std::string(1, letter));
    return letters;
  }
  type_error("not an iterable: " + printed(iterable));
}

std::vector<Task> tasks_of(Args& args, bool spread) {
  std::vector<Task> tasks;
  for (const Value& item : elements(args["iterable"])) {
    tasks.push_back(make_task(args["func"], spread ? Value(Tuple::of(elements(item))) : Value(Tuple::of({item})), Dict{}, args.handles()));
  }
  return tasks;
}

std::optional<std::int64_t> chunksize_of(Args& args) {
  if (args["chunksize"].is_none()) return std::nullopt;
  return args.integer("chunksize");
}

Value unpack(const Parcel& result, Handles& handles) { return result.unpack(handles); }
Value unpack(const std::vector<Parcel>& results, Handles& handles) {
  Values values;
  for (const Parcel& result : results) values.push_back(result.unpack(handles));
  return List::of(std::move(values));
}

// A callback: a recorder, or a function of the protocol. Results of tasks are data: no handle of theirs means anything to it.
std::function<void(const Value&)> callback_of(Args& args, std::string_view name) {
  const Value& value = args[name];
  if (value.is_none()) return {};
  if (value.is<Function>()) {
    return [value](const Value& result) {
      Handles handles;
      run_task(make_task(value, Tuple::of({result}), Dict{}, handles));
    };
  }
  return [recorder = args.object<Recorder>(name)](const Value& result) { (*recorder)({result}); };
}

template <class R>
Callbacks<R> callbacks_of(Args& args) {
  Callbacks<R> callbacks;
  if (const auto callback = callback_of(args, "callback")) {
    callbacks.callback = [callback](const R& result) {
      Handles handles;
      callback(unpack(result, handles));
    };
  }
  if (const auto callback = callback_of(args, "error_callback")) {
    callbacks.error_callback = [callback](const std::exception& error) { callback(adapter().implementer().error(error)); };
  }
  return callbacks;
}

template <class R>
MapOptions<R> map_options(Args& args) {
  Callbacks<R> callbacks = callbacks_of<R>(args);
  return {chunksize_of(args), std::move(callbacks.callback), std::move(callbacks.error_callback)};
}

template <class R>
void offer_result(Adapter& adapter, const std::string& name) {
  using Result = AsyncResult<R>;
  adapter.type<Result>(name)
      .method("get(timeout=None)",
              [](Result& result, Args& args) { return unpack(result.get(wait_of(args, "timeout")), args.handles()); })
      .method("wait(timeout=None)", [](Result& result, Args& args) { result.wait(wait_of(args, "timeout")); })
      .method("ready()", [](Result& result, Args&) { return result.ready(); })
      .method("successful()", [](Result& result, Args&) { return result.successful(); });
}

using Stream = IMapIterator<Parcel>;

// The protocol's object that travels, and does not arrive.
struct Spoilt {
  std::string content = "spoilt";  // what is plain memory would travel as that

  template <class Archive>
  void save(Archive& archive) const {
    archive(content);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(content);
    throw ValueError("the spoilt cannot be made again");
  }
};

template <class P>
void offer_pool(Adapter& adapter, const std::string& name) {
  adapter.type<P>(name)
      .method("apply(func, args=(), kwds={})",
              [](P& pool, Args& args) {
                return unpack(pool.apply(&perform, make_task(args["func"], args["args"], args["kwds"], args.handles())), args.handles());
              })
      .method("apply_async(func, args=(), kwds={}, callback=None, error_callback=None)",
              [](P& pool, Args& args) {
                return pool.apply_async(callbacks_of<Parcel>(args), &perform, make_task(args["func"], args["args"], args["kwds"], args.handles()));
              })
      .method("map(func, iterable, chunksize=None)",
              [](P& pool, Args& args) { return unpack(pool.map(&perform, tasks_of(args, false), chunksize_of(args)), args.handles()); })
      .method("map_async(func, iterable, chunksize=None, callback=None, error_callback=None)",
              [](P& pool, Args& args) { return pool.map_async(&perform, tasks_of(args, false), map_options<std::vector<Parcel>>(args)); })
      .method("starmap(func, iterable, chunksize=None)",
              [](P& pool, Args& args) { return unpack(pool.map(&perform, tasks_of(args, true), chunksize_of(args)), args.handles()); })
      .method("starmap_async(func, iterable, chunksize=None, callback=None, error_callback=None)",
              [](P& pool, Args& args) { return pool.map_async(&perform, tasks_of(args, true), map_options<std::vector<Parcel>>(args)); })
      .method("imap(func, iterable, chunksize=1)",
              [](P& pool, Args& args) { return pool.imap(&perform, tasks_of(args, false), args.integer("chunksize")); })
      .method("imap_unordered(func, iterable, chunksize=1)",
              [](P& pool, Args& args) { return pool.imap_unordered(&perform, tasks_of(args, false), args.integer("chunksize")); })
      .method("close()", [](P& pool, Args&) { pool.close(); })
      .method("terminate()", [](P& pool, Args&) { pool.terminate(); })
      .method("join()", [](P& pool, Args&) { pool.join(); })
      .method("__exit__()", [](P& pool, Args&) { pool.terminate(); });
}

PoolOptions options_of(Args& args) {
  PoolOptions options;
  if (!args["processes"].is_none()) options.processes = static_cast<int>(args.integer("processes"));
  if (!args["initializer"].is_none()) {
    options.initializer = PoolInitializer(&prepare, make_task(args["initializer"], args["initargs"], Dict{}, args.handles()));
  }
  return options;
}

template <class From>
Pool make_pool(const From& from, Args& args) {
  PoolOptions options = options_of(args);
  if (!args["maxtasksperchild"].is_none()) options.maxtasksperchild = static_cast<int>(args.integer("maxtasksperchild"));
  return from.Pool(std::move(options));
}

}  // namespace

void offer_pools(Adapter& adapter) {
  Luggage::travels<Spoilt>();
  adapter.type<Spoilt>("spoilt").make("spoilt()", [](Args&) { return std::make_shared<Spoilt>(); });
  offer_pool<Pool>(adapter, "Pool");
  offer_pool<ThreadPool>(adapter, "ThreadPool");
  offer_class(adapter, "Pool(processes=None, initializer=None, initargs=(), maxtasksperchild=None)",
              [](const auto& from, Args& args) { return make_pool(from, args); });
  adapter.make("ThreadPool(processes=None, initializer=None, initargs=())", [](Args& args) {
    return std::make_shared<ThreadPool>(options_of(args));
  });
  // Entering gives the pool itself, behind the handle that it has.
  adapter.type<Pool>("Pool").method("__enter__()", [](Pool& pool, Args&) { return borrowed(&pool); });
  adapter.type<ThreadPool>("ThreadPool").method("__enter__()", [](ThreadPool& pool, Args&) { return borrowed(&pool); });
  offer_result<Parcel>(adapter, "AsyncResult");
  offer_result<std::vector<Parcel>>(adapter, "MapResult");  // AsyncResult to its user; of its own name to mutants
  adapter.type<Stream>("IMapIterator")
      .method("next(timeout=None)", [](Stream& stream, Args& args) { return unpack(stream.next(wait_of(args, "timeout")), args.handles()); })
      .method("__next__()", [](Stream& stream, Args& args) { return unpack(stream.next(), args.handles()); })
      .method("__iter__()", [](Stream& stream, Args&) { return borrowed(&stream); });
}

}  // namespace mp::conformance
