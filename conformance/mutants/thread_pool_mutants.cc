// Pools of threads that are not what they should be.
#include <algorithm>
#include <atomic>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/thread_pool.h"

namespace mp::conformance {
namespace {

// Its workers are processes.
void make_of_processes(Adapter& adapter) {
  adapter.override_entry("ThreadPool()", [](Call& call) {
    Kwargs kwargs;
    for (const char* name : {"processes", "initializer", "initargs"}) kwargs.items.emplace_back(name, call.args[name]);
    return mp::conformance::adapter().make_object("Pool", {}, kwargs, call.args.handles());
  });
}

// What is an object comes back as nothing.
void lose_objects(Adapter& adapter) {
  change_answer(adapter, "ThreadPool.apply",
                [](const Value& answer) -> Value { return answer.is<Handle>() ? Value(None) : answer; });
}

}  // namespace

MUTANT(thread_pool_same_process, InOthers, "tasks are performed by processes") { make_of_processes(adapter); }

MUTANT(thread_pool_other_threads, AtHome, "tasks are performed by the caller") {
  adapter.override_entry("ThreadPool.apply_async", [](Call& call) {
    const Value result = call.original();
    mp::conformance::adapter().call_method(*result.as<Handle>(), "wait", {}, {}, call.args.handles());
    return result;
  });
}

MUTANT(thread_pool_count, OneMore, "a pool has one thread more than it was asked for") {
  call_otherwise(adapter, "ThreadPool()", [](Args& args) { args["processes"] = args.integer("processes") + 1; });
}

MUTANT(thread_pool_default_count, OneMore, "without a number there is one thread more than processors") {
  call_otherwise(adapter, "ThreadPool()", [](Args& args) {
    const Value count = mp::conformance::adapter().call_function("cpu_count", {}, {}, args.handles());
    if (args["processes"].is_none()) args["processes"] = count.integer() + 1;
  });
}

MUTANT(thread_pool_invalid_count, CountsAsOne, "less than one thread counts as one") {
  call_otherwise(adapter, "ThreadPool()",
                 [](Args& args) { args["processes"] = std::max<std::int64_t>(1, args.integer("processes")); });
}

MUTANT(thread_pool_no_children, HasSome, "a pool of threads starts processes") { make_of_processes(adapter); }

MUTANT(thread_pool_initializer, FirstOnly, "only one thread calls the initializer") {
  adapter.override_entry("ThreadPool()", [](Call& call) {
    const Value function = call.args["initializer"], of = call.args["initargs"];
    call.args["initializer"] = None;
    const Value pool = call.original();
    mp::conformance::adapter().call_method(*pool.as<Handle>(), "apply_async", {function, of}, {}, call.args.handles());
    return pool;
  });
}

MUTANT(thread_pool_initializer_before_tasks, AtTheSameTime, "the initializer is called beside the tasks") {
  adapter.override_entry("ThreadPool()", [](Call& call) {
    const Value function = call.args["initializer"], of = call.args["initargs"];
    call.args["initializer"] = None;
    call.args["processes"] = call.args.integer("processes") + 1;
    const Value pool = call.original();
    mp::conformance::adapter().call_method(*pool.as<Handle>(), "apply_async", {function, of}, {}, call.args.handles());
    return pool;
  });
}

MUTANT(thread_pool_same_object, IsLost, "objects do not come back") { lose_objects(adapter); }

MUTANT(thread_pool_unserialisable, IsLost, "what cannot be serialised does not come back") { lose_objects(adapter); }

MUTANT(thread_pool_shared_memory, IsTheirOwn, "tasks change a memory of their own") { make_of_processes(adapter); }

// ---- Its methods

MUTANT(thread_pool_apply, IsNone, "apply returns None") { answer_wrongly(adapter, "ThreadPool.apply", None); }

MUTANT(thread_pool_apply_exception, IsSwallowed, "an apply whose function failed returns None") {
  swallow_errors(adapter, "ThreadPool.apply");
}

MUTANT(thread_pool_exception_goes_on, EndsAll, "a task that failed is the end of the pool") {
  refuse_after(adapter, "ThreadPool.apply", "ThreadPool.apply", true);
}

MUTANT(thread_pool_apply_async, IsNone, "get returns None") { answer_wrongly(adapter, "AsyncResult.get", None); }

MUTANT(thread_pool_callback, IsForgotten, "the callback is not called") {
  always_pass(adapter, "ThreadPool.apply_async", "callback", None);
}

MUTANT(thread_pool_callback, ErrorsAreForgotten, "the error callback is not called") {
  always_pass(adapter, "ThreadPool.apply_async", "error_callback", None);
}

MUTANT(thread_pool_map, OfCompletion, "map returns the results in another order") {
  change_answer(adapter, "ThreadPool.map", reversed);
}

MUTANT(thread_pool_map_async, OfCompletion, "the results of map_async are in another order") {
  change_answer(adapter, "MapResult.get", reversed);
}

MUTANT(thread_pool_starmap, OfCompletion, "starmap returns the results in another order") {
  change_answer(adapter, "ThreadPool.starmap", reversed);
}

MUTANT(thread_pool_starmap_async, OfCompletion, "the results of starmap_async are in another order") {
  change_answer(adapter, "MapResult.get", reversed);
}

MUTANT(thread_pool_imap, OfCompletion, "imap gives the results in the order in which they come") {
  adapter.override_entry("ThreadPool.imap", [](Call& call) {
    return ask(call, "imap_unordered", {call.args["func"], call.args["iterable"], call.args["chunksize"]});
  });
}

MUTANT(thread_pool_imap_unordered, OfTheInputs, "imap_unordered gives the results in the order of the inputs") {
  adapter.override_entry("ThreadPool.imap_unordered", [](Call& call) {
    return ask(call, "imap", {call.args["func"], call.args["iterable"], call.args["chunksize"]});
  });
}

MUTANT(thread_pool_result_timeout, GivesNone, "a get whose timeout is over returns None") {
  swallow_errors(adapter, "AsyncResult.get");
}

// ---- Its end

MUTANT(thread_pool_close_refuses, DropsIt, "a closed pool takes tasks, and drops them") {
  swallow_errors(adapter, "ThreadPool.apply_async");
}

MUTANT(thread_pool_join_waits, ReturnsAtOnce, "join does not wait") { only_answer(adapter, "ThreadPool.join", None); }

MUTANT(thread_pool_join_before_close, IsAccepted, "join of a pool at work returns at once") {
  swallow_errors(adapter, "ThreadPool.join");
}

MUTANT(thread_pool_terminate_outstanding, HaveResults, "tasks that terminate has dropped have None as their result") {
  swallow_errors(adapter, "AsyncResult.get");
}

MUTANT(thread_pool_terminate_refuses, DropsIt, "a terminated pool takes tasks, and drops them") {
  swallow_errors(adapter, "ThreadPool.apply_async");
}

MUTANT(thread_pool_with, ExitDoesNothing, "leaving the context does nothing") {
  only_answer(adapter, "ThreadPool.__exit__", None);
}

}  // namespace mp::conformance
