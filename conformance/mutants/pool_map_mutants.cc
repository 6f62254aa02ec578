// Pools that map wrongly.
#include <atomic>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

// Waits for what it gives before it gives it.
void wait_for_result(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) {
    const Value result = call.original();
    mp::conformance::adapter().call_method(*result.as<Handle>(), "wait", {}, {}, call.args.handles());
    return result;
  });
}

void refuse_without_inputs(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    if (call.args["iterable"].items().empty()) raise_error("ValueError");
    return call.original();
  });
}

// A callback for each element, not one for all.
void tell_each(Adapter& adapter, std::string_view entry) {
  tell_otherwise(adapter, entry, "callback", [](Recorder& recorder, const Value* result) {
    if (result == nullptr) return;
    for (const Value& item : result->items()) recorder({item});
  });
}

}  // namespace

MUTANT(pool_map_result, IsATuple, "map returns a tuple") {
  change_answer(adapter, "Pool.map", [](const Value& answer) { return Tuple::of(answer.items()); });
}

MUTANT(pool_map_order, OfCompletion, "map returns the results in another order") {
  change_answer(adapter, "Pool.map", reversed);
}

MUTANT(pool_map_waits, ReturnsAtOnce, "map does not wait") {
  adapter.override_entry("Pool.map", [](Call& call) -> Value {
    ask(call, "map_async", {call.args["func"], call.args["iterable"], call.args["chunksize"]});
    return None;
  });
}

MUTANT(pool_map_parallel, OneAfterTheOther, "one worker works on all inputs") {
  call_otherwise(adapter, "Pool.map",
                 [](Args& args) { args["chunksize"] = static_cast<std::int64_t>(args["iterable"].items().size()); });
}

MUTANT(pool_map_empty, IsRefused, "map needs an input") { refuse_without_inputs(adapter, "Pool.map"); }

MUTANT(pool_map_other_iterables, ListsOnly, "map takes lists only") {
  adapter.override_entry("Pool.map", [](Call& call) -> Value {
    if (!call.args["iterable"].is<List>()) raise_error("TypeError");
    return call.original();
  });
}

MUTANT(pool_map_exception, IsSwallowed, "a map of which an input failed returns None") {
  swallow_errors(adapter, "Pool.map");
}

MUTANT(pool_map_exception_goes_on, EndsAll, "an input that failed is the end of the pool") {
  refuse_after(adapter, "Pool.map", "Pool.map", true);
}

MUTANT(pool_map_chunksize, IsIgnored, "map ignores its chunksize") {
  always_pass(adapter, "Pool.map", "chunksize", 1);
}

MUTANT(pool_map_chunks_cover, LosesTheRest, "inputs that do not fill a chunk are dropped") {
  call_otherwise(adapter, "Pool.map", [](Args& args) {
    if (args["chunksize"].is_none()) return;
    Values items = args["iterable"].items();
    items.resize(items.size() - items.size() % static_cast<std::size_t>(args.integer("chunksize")));
    args["iterable"] = List::of(items);
  });
}

MUTANT(pool_map_chunksize_invalid, CountsAsOne, "a chunksize of zero counts as one") {
  call_otherwise(adapter, "Pool.map", [](Args& args) {
    if (args["chunksize"] == Value(0)) args["chunksize"] = 1;
  });
}

MUTANT(pool_map_many, LosesOne, "of more than a thousand inputs one is lost") {
  change_answer(adapter, "Pool.map", [](const Value& answer) -> Value {
    Values items = answer.items();
    if (items.size() > 1000) items.erase(items.begin() + 1000);
    return List::of(items);
  });
}

MUTANT(pool_map_mixed, MixesThemUp, "an imap beside a map gives the results of that") {
  call_otherwise(adapter, "Pool.imap_unordered", [](Args& args) { args["iterable"] = List{5}; });
}

// ---- map_async

MUTANT(pool_map_async_returns, Waits, "map_async waits for its results") { wait_for_result(adapter, "Pool.map_async"); }

MUTANT(pool_map_async_result, OfCompletion, "the results of map_async are in another order") {
  change_answer(adapter, "MapResult.get", reversed);
}

MUTANT(pool_map_async_callback, ForEach, "the callback is called for each result") {
  tell_each(adapter, "Pool.map_async");
}

MUTANT(pool_map_async_error_callback, IsForgotten, "map_async forgets its error callback") {
  always_pass(adapter, "Pool.map_async", "error_callback", None);
}

MUTANT(pool_map_async_error_callback, ForEach, "the error callback is called for each input that failed") {
  tell_otherwise(adapter, "Pool.map_async", "error_callback", [](Recorder& recorder, const Value*) {
    for (int i = 0; i < 2; ++i) recorder({Error{{"ValueError", "Exception"}, "wrong", {}}});
  });
}

MUTANT(pool_map_async_exception, IsNone, "the result of inputs that failed is None") { swallow_errors(adapter, "MapResult.get"); }

MUTANT(pool_map_async_empty, IsNone, "the result of no inputs is None") {
  change_answer(adapter, "MapResult.get",
                [](const Value& answer) -> Value { return answer.items().empty() ? Value(None) : answer; });
}

MUTANT(pool_map_async_empty_callback, IsForgotten, "the callback is not called when there are no inputs") {
  call_otherwise(adapter, "Pool.map_async", [](Args& args) {
    if (args["iterable"].items().empty()) args["callback"] = None;
  });
}

MUTANT(pool_map_async_close_join_get, IsGone, "join throws away results that nobody has got") {
  refuse_after(adapter, "Pool.join", "MapResult.get");
}

// ---- starmap

MUTANT(pool_starmap_unpacks, LastFirst, "starmap swaps the elements of an input") {
  call_otherwise(adapter, "Pool.starmap", [](Args& args) {
    Values inputs = args["iterable"].items();
    for (Value& input : inputs) input = reversed(input);
    args["iterable"] = List::of(inputs);
  });
}

MUTANT(pool_starmap_order, OfCompletion, "starmap returns the results in another order") {
  change_answer(adapter, "Pool.starmap", reversed);
}

MUTANT(pool_starmap_exception, IsSwallowed, "a starmap of which an input failed returns None") {
  swallow_errors(adapter, "Pool.starmap");
}

MUTANT(pool_starmap_chunksize, IsIgnored, "starmap ignores its chunksize") {
  always_pass(adapter, "Pool.starmap", "chunksize", 1);
}

MUTANT(pool_starmap_async_returns, Waits, "starmap_async waits for its results") {
  wait_for_result(adapter, "Pool.starmap_async");
}

MUTANT(pool_starmap_async_result, OfCompletion, "the results of starmap_async are in another order") {
  change_answer(adapter, "MapResult.get", reversed);
}

MUTANT(pool_starmap_async_callback, ForEach, "the callback is called for each result") {
  tell_each(adapter, "Pool.starmap_async");
}

MUTANT(pool_starmap_async_error_callback, IsForgotten, "starmap_async forgets its error callback") {
  always_pass(adapter, "Pool.starmap_async", "error_callback", None);
}

MUTANT(pool_starmap_async_exception, IsAnother, "get of a starmap_async raises another error than the function") {
  raise_another(adapter, "MapResult.get", "RuntimeError");
}

}  // namespace mp::conformance
