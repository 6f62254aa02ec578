// Pools that perform single calls wrongly.
#include <atomic>
#include <mutex>
#include <string>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {

MUTANT(pool_apply_result, IsLost, "apply returns None") { answer_wrongly(adapter, "Pool.apply", None); }

MUTANT(pool_apply_arguments, LastFirst, "the function gets its arguments in the wrong order") {
  call_otherwise(adapter, "Pool.apply", [](Args& args) {
    const Values items = args["args"].items();
    args["args"] = Tuple::of(Values(items.rbegin(), items.rend()));
  });
}

MUTANT(pool_apply_keywords, AreDropped, "arguments by name are dropped") {
  always_pass(adapter, "Pool.apply", "kwds", Dict{});
}

MUTANT(pool_apply_waits, ReturnsAtOnce, "apply does not wait") {
  adapter.override_entry("Pool.apply", [](Call& call) -> Value {
    ask(call, "apply_async", {call.args["func"], call.args["args"]});
    return None;
  });
}

MUTANT(pool_apply_exception, IsSwallowed, "an apply whose function failed returns None") {
  swallow_errors(adapter, "Pool.apply");
}

MUTANT(pool_apply_exception, IsAnother, "an apply whose function failed raises a RuntimeError") {
  raise_another(adapter, "Pool.apply", "RuntimeError");
}

MUTANT(pool_apply_exception_goes_on, EndsTheWorker, "an error ends the worker, and another one takes its place") {
  always_pass(adapter, "Pool()", "maxtasksperchild", 1);
}

MUTANT(pool_apply_threads, OneAfterTheOther, "one thread can use a pool at a time") {
  static std::mutex guard;
  adapter.override_entry("Pool.apply", [](Call& call) {
    const std::lock_guard inside(guard);
    return call.original();
  });
}

MUTANT(pool_argument_kinds, TuplesAsLists, "tuples come back as lists") {
  change_answer(adapter, "Pool.apply", [](const Value& answer) -> Value {
    return answer.is<Tuple>() ? List::of(answer.items()) : answer;
  });
}

MUTANT(pool_argument_large, IsCut, "what is larger than 64 KiB is cut") {
  change_answer(adapter, "Pool.apply", [](const Value& answer) -> Value {
    if (answer.is<std::string>()) return answer.text().substr(0, 65536);
    return None;
  });
}

MUTANT(pool_argument_unserialisable, IsSwallowed, "an argument that cannot be serialised is silently dropped") {
  swallow_errors(adapter, "Pool.apply");
}

MUTANT(pool_argument_unserialisable_goes_on, EndsAll, "an argument that cannot be serialised is the end of the pool") {
  refuse_after(adapter, "Pool.apply", "Pool.apply", true);
}

MUTANT(pool_result_unserialisable, IsSwallowed, "a result that cannot be serialised becomes None") {
  swallow_errors(adapter, "AsyncResult.get");
}

MUTANT(pool_result_unserialisable_goes_on, EndsAll, "a result that cannot be serialised is the end of the pool") {
  refuse_after(adapter, "Pool.apply_async", "Pool.apply");
}

MUTANT(pool_apply_async_returns, Waits, "apply_async waits for its result") {
  adapter.override_entry("Pool.apply_async", [](Call& call) {
    const Value result = call.original();
    mp::conformance::adapter().call_method(*result.as<Handle>(), "wait", {}, {}, call.args.handles());
    return result;
  });
}

MUTANT(pool_apply_async_concurrent, OneAfterTheOther, "all calls are performed by one worker") {
  always_pass(adapter, "Pool()", "processes", 1);
}

MUTANT(pool_apply_async_arguments, NamesAreDropped, "arguments by name are dropped") {
  always_pass(adapter, "Pool.apply_async", "kwds", Dict{});
}

MUTANT(pool_apply_async_backlog, MixesThemUp, "a task that waits with a hundred others gets the arguments of the first") {
  static std::atomic<int> tasks{0};
  call_otherwise(adapter, "Pool.apply_async", [](Args& args) {
    if (++tasks > 100) args["args"] = Tuple{0};
  });
}

MUTANT(pool_apply_async_order, SwapsPairs, "of two tasks the second is performed first") {
  call_otherwise(adapter, "Pool.apply_async", [](Args& args) {
    const Values items = args["args"].items();
    if (items.size() == 1 && items[0].is<std::int64_t>()) args["args"] = Tuple{items[0].integer() ^ 1};
  });
}

// ---- Callbacks

MUTANT(pool_callback_result, IsNone, "the callback gets None") {
  tell_otherwise(adapter, "Pool.apply_async", "callback", [](Recorder& recorder, const Value*) { recorder({None}); });
}

MUTANT(pool_callback_single_argument, Spreads, "the callback gets the elements of a tuple as its arguments") {
  tell_otherwise(adapter, "Pool.apply_async", "callback", [](Recorder& recorder, const Value* result) {
    recorder(result != nullptr && result->is<Tuple>() ? result->items() : Values{None});
  });
}

MUTANT(pool_callback_once, Twice, "the callback is called twice") {
  tell_otherwise(adapter, "Pool.apply_async", "callback", [](Recorder& recorder, const Value* result) {
    for (int i = 0; i < 2; ++i) recorder({result != nullptr ? *result : Value(None)});
  });
}

MUTANT(pool_callback_not_on_failure, Always, "the callback is called for a call that failed, too") {
  tell_otherwise(adapter, "Pool.apply_async", "callback", [](Recorder& recorder, const Value* result) {
    recorder({result != nullptr ? *result : Value(None)});
  });
}

MUTANT(pool_callback_in_creator, InAWorker, "the callback runs in a worker") {
  adapter.override_entry("Pool.apply_async", [](Call& call) {
    const Value callback = call.args["callback"], of = call.args["args"];
    if (callback.is_none()) return call.original();
    call.args["callback"] = None;
    call.args["func"] = callback;
    return call.original();
  });
}

MUTANT(pool_callback_unasked, AtTheFirstGet, "the callback is called when somebody gets the result") {
  always_pass(adapter, "Pool.apply_async", "callback", None);
}

MUTANT(pool_callback_and_get, OneOfThem, "a result that went to a callback cannot be got") {
  answer_wrongly(adapter, "AsyncResult.get", None);
}

MUTANT(pool_callback_before_join, LateOnes, "join does not wait for callbacks") {
  tell_otherwise(adapter, "Pool.apply_async", "callback", [](Recorder& recorder, const Value*) {
    sleep_seconds(1);
    recorder({None});
  });
}

MUTANT(pool_callback_does_not_wait, HoldsUpTasks, "no task is begun while a callback runs") {
  static std::atomic<bool> calls_back{false};
  call_otherwise(adapter, "Pool.apply_async", [](Args& args) {
    if (calls_back) args["func"] = Function{"nothing"};
    if (!args["callback"].is_none()) calls_back = true;
  });
}

MUTANT(pool_error_callback_exception, IsNone, "the error callback gets None") {
  tell_otherwise(adapter, "Pool.apply_async", "error_callback",
                 [](Recorder& recorder, const Value*) { recorder({None}); });
}

MUTANT(pool_error_callback_alone, NeedsTheOther, "an error callback is forgotten without a callback") {
  call_otherwise(adapter, "Pool.apply_async", [](Args& args) {
    if (args["callback"].is_none()) args["error_callback"] = None;
  });
}

MUTANT(pool_error_callback_not_on_success, Always, "the error callback is called for every call") {
  tell_otherwise(adapter, "Pool.apply_async", "error_callback",
                 [](Recorder& recorder, const Value*) { recorder({None}); });
}

MUTANT(pool_error_callback_and_get, OneOfThem, "an error that went to an error callback is not raised by get") {
  swallow_errors(adapter, "AsyncResult.get");
}

}  // namespace mp::conformance
