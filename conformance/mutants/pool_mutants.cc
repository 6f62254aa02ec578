// Pools whose workers are wrong: how many, who, for how long.
#include <algorithm>

#include "conformance/adapters/cpp/own_process.h"
#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {

// ---- Workers

MUTANT(pool_workers_count, OneMore, "a pool has one worker more than it was asked for") {
  call_otherwise(adapter, "Pool()", [](Args& args) { args["processes"] = args.integer("processes") + 1; });
}

MUTANT(pool_workers_count, OneLess, "a pool has one worker less than it was asked for") {
  call_otherwise(adapter, "Pool()",
                 [](Args& args) { args["processes"] = std::max<std::int64_t>(1, args.integer("processes") - 1); });
}

MUTANT(pool_workers_children, AreHidden, "active_children does not know the workers of a pool") {
  only_answer(adapter, "active_children", List{});
}

MUTANT(pool_workers_default_count, OneMore, "without a number there is one worker more than processors") {
  call_otherwise(adapter, "Pool()", [](Args& args) {
    const Value count = mp::conformance::adapter().call_function("cpu_count", {}, {}, args.handles());
    if (args["processes"].is_none()) args["processes"] = count.integer() + 1;
  });
}

MUTANT(pool_workers_count_none, IsRefused, "None as the number of workers is refused") {
  adapter.override_entry("Pool()", [](Call& call) -> Value {
    if (call.args["processes"].is_none()) raise_error("TypeError");
    return call.original();
  });
}

MUTANT(pool_workers_invalid_count, CountsAsOne, "less than one worker counts as one") {
  call_otherwise(adapter, "Pool()",
                 [](Args& args) { args["processes"] = std::max<std::int64_t>(1, args.integer("processes")); });
}

MUTANT(pool_workers_separate, AtHome, "tasks are performed by threads of the caller's process") {
  make_of_threads(adapter);
}

MUTANT(pool_workers_each_a_process, AreThreads, "all workers are threads of one process") { make_of_threads(adapter); }

MUTANT(pool_workers_parent, IsUnknown, "a worker does not know who made its pool") {
  only_answer(adapter, "parent_process", None);
}

MUTANT(pool_workers_daemonic, AreNot, "workers are not daemonic") { only_answer(adapter, "Process.daemon", false); }

MUTANT(pool_workers_live_long, OneForEachTask, "each task has a worker of its own") {
  always_pass(adapter, "Pool()", "maxtasksperchild", 1);
}

MUTANT(pool_workers_own_memory, IsShared, "tasks change the memory of the caller") { make_of_threads(adapter); }

MUTANT(pool_workers_start_method, AlwaysSpawn, "workers are spawned, whatever the program asked for") {
  adapter.override_entry("Pool()", [](Call& call) {
    Handles& handles = call.args.handles();
    const Value context = mp::conformance::adapter().call_function("get_context", {"spawn"}, {}, handles);
    return mp::conformance::adapter().call_method(*context.as<Handle>(), "Pool", {}, arguments_of_pool(call.args),
                                                  handles);
  });
}

MUTANT(pool_workers_context, IsForgotten, "a context makes its pools by the start method of the program") {
  adapter.override_entry("Context.Pool", [](Call& call) {
    return mp::conformance::adapter().make_object("Pool", {}, arguments_of_pool(call.args), call.args.handles());
  });
}

MUTANT(pool_several, EndTogether, "the end of one pool is that of all") {
  refuse_after(adapter, "Pool.close", "Pool.apply");
}

// ---- The initializer

// It puts something into a queue, in all tests of how often it is called.
MUTANT(pool_initializer_each_worker, FirstOnly, "only the first worker calls the initializer") {
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value { return claim("first") ? call.original() : None; });
}

MUTANT(pool_initializer_each_worker, Twice, "each worker calls the initializer twice") {
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value {
    call.original();
    return call.original();
  });
}

MUTANT(pool_initializer_arguments, LastFirst, "the initializer gets its arguments in the wrong order") {
  call_otherwise(adapter, "Pool()", [](Args& args) {
    Values items = args["initargs"].items();
    if (items.size() > 2) std::reverse(items.begin() + 1, items.end());
    args["initargs"] = Tuple::of(items);
  });
}

MUTANT(pool_initializer_none, IsRefused, "None as the initializer is refused") {
  adapter.override_entry("Pool()", [](Call& call) -> Value {
    if (call.args["initializer"].is_none()) raise_error("TypeError");
    return call.original();
  });
}

MUTANT(pool_initializer_before_tasks, AtTheSameTime, "the initializer is called beside the tasks") {
  adapter.override_entry("Pool()", [](Call& call) {
    Handles& handles = call.args.handles();
    const Value beside = mp::conformance::adapter().make_object("ThreadPool", {1}, {}, handles);
    mp::conformance::adapter().call_method(*beside.as<Handle>(), "apply_async",
                                           {call.args["initializer"], call.args["initargs"]}, {}, handles);
    call.args["initializer"] = None;
    return call.original();
  });
}

MUTANT(pool_initializer_once, ForEachTask, "the initializer is called for each task") {
  static Value queue;
  adapter.override_entry("Pool()", [](Call& call) {
    queue = call.args["initargs"].items().front();
    return call.original();
  });
  adapter.override_entry("Pool.apply", [](Call& call) {
    mp::conformance::adapter().call_method(*queue.as<Handle>(), "put", {1}, {}, call.args.handles());
    return call.original();
  });
}

MUTANT(pool_initializer_state, ElsewhereCalled, "the initializer is called in a process that performs no tasks") {
  adapter.override_entry("Pool()", [](Call& call) {
    call.original();  // kept by its handle
    call.args["initializer"] = None;
    return call.original();
  });
}

MUTANT(pool_initializer_replacement, FirstOnly, "only the first worker calls the initializer") {
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value { return claim("first") ? call.original() : None; });
}

// ---- A worker's share

MUTANT(pool_maxtasks_replaces, OneMore, "a worker performs one task more than its share") {
  call_otherwise(adapter, "Pool()", [](Args& args) {
    if (!args["maxtasksperchild"].is_none()) args["maxtasksperchild"] = args.integer("maxtasksperchild") + 1;
  });
}

MUTANT(pool_maxtasks_worker_ends, StaysAround, "a worker that has done its share stays") {
  always_pass(adapter, "Pool()", "maxtasksperchild", None);
}

MUTANT(pool_maxtasks_count_kept, OneIsReplaced, "of the workers that have done their share only one is replaced") {
  call_otherwise(adapter, "Pool()", [](Args& args) {
    if (!args["maxtasksperchild"].is_none()) args["processes"] = 1;
  });
}

MUTANT(pool_maxtasks_none, IsOne, "None as the share counts as one") {
  call_otherwise(adapter, "Pool()", [](Args& args) {
    if (args["maxtasksperchild"].is_none()) args["maxtasksperchild"] = 1;
  });
}

MUTANT(pool_maxtasks_all_results, LosesTheLast, "the result of a worker's last task is lost") {
  change_answer(adapter, "Pool.map", [](const Value& answer) -> Value {
    Values items = answer.items();
    items.back() = None;
    return List::of(items);
  });
}

MUTANT(pool_maxtasks_chunk, CountsInputs, "each input of a chunk counts as a task") {
  always_pass(adapter, "Pool.starmap", "chunksize", 1);
}

MUTANT(pool_maxtasks_invalid, ZeroIsNone, "a share of zero tasks counts as none") {
  call_otherwise(adapter, "Pool()", [](Args& args) {
    if (args["maxtasksperchild"] == Value(0)) args["maxtasksperchild"] = None;
  });
}

}  // namespace mp::conformance
