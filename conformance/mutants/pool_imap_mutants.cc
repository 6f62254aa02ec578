// Pools that give results one by one, and wrongly.
#include <atomic>
#include <deque>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

// The last input is dropped.
void drop_the_last(Adapter& adapter, std::string_view entry) {
  call_otherwise(adapter, entry, [](Args& args) {
    Values items = args["iterable"].items();
    if (!items.empty()) items.pop_back();
    args["iterable"] = List::of(items);
  });
}

}  // namespace

MUTANT(pool_imap_order, OfCompletion, "imap gives the results in the order in which they come") {
  adapter.override_entry("Pool.imap", [](Call& call) {
    return ask(call, "imap_unordered", {call.args["func"], call.args["iterable"], call.args["chunksize"]});
  });
}

MUTANT(pool_imap_returns, Waits, "imap waits for its first result") {
  adapter.override_entry("Pool.imap", [](Call& call) {
    const Value results = call.original();
    mp::conformance::adapter().call_method(*results.as<Handle>(), "next", {}, {}, call.args.handles());
    return results;
  });
}

MUTANT(pool_imap_early, OneLater, "a result is given when the one after it is there") {
  static std::deque<Value> ahead;
  adapter.override_entry("IMapIterator.next", [](Call& call) {
    if (ahead.empty()) {
      for (int i = 0; i < 2; ++i) ahead.push_back(call.original());
    }
    const Value first = ahead.front();
    ahead.pop_front();
    return first;
  });
}

MUTANT(pool_imap_waits, RaisesAtOnce, "a next without timeout does not wait") { never_wait(adapter, "IMapIterator.next"); }

MUTANT(pool_imap_end, IsNone, "after the last result next returns None") { swallow_errors(adapter, "IMapIterator.next"); }

MUTANT(pool_imap_end_repeats, OnceOnly, "after the end was told next returns None") {
  static std::atomic<bool> told{false};
  adapter.override_entry("IMapIterator.next", [](Call& call) -> Value {
    if (told) return None;
    try {
      return call.original();
    } catch (const std::exception&) {
      told = true;
      throw;
    }
  });
}

MUTANT(pool_imap_empty, IsNone, "an imap of no inputs gives None") { swallow_errors(adapter, "IMapIterator.next"); }

MUTANT(pool_imap_exception, IsNone, "an input that failed gives None") { swallow_errors(adapter, "IMapIterator.next"); }

MUTANT(pool_imap_exception_goes_on, IsTheEnd, "an input that failed is the end of the results") {
  static std::atomic<bool> failed{false};
  adapter.override_entry("IMapIterator.next", [](Call& call) -> Value {
    if (failed) raise_error("StopIteration");
    try {
      return call.original();
    } catch (const std::exception&) {
      failed = true;
      throw;
    }
  });
}

MUTANT(pool_imap_one_by_one, InPairs, "without a chunksize two inputs are a task") {
  always_pass(adapter, "Pool.imap", "chunksize", 2);
}

MUTANT(pool_imap_chunksize, IsIgnored, "imap ignores its chunksize") { always_pass(adapter, "Pool.imap", "chunksize", 1); }

MUTANT(pool_imap_chunksize_results, LosesTheRest, "inputs that do not fill a chunk are dropped") {
  drop_the_last(adapter, "Pool.imap");
}

MUTANT(pool_imap_chunksize_invalid, CountsAsOne, "a chunksize of zero counts as one") {
  call_otherwise(adapter, "Pool.imap", [](Args& args) {
    if (args["chunksize"] == Value(0)) args["chunksize"] = 1;
  });
}

MUTANT(pool_imap_timeout, IsNone, "a next whose timeout is over returns None") {
  swallow_errors(adapter, "IMapIterator.next");
}

MUTANT(pool_imap_timeout, IsTheEnd, "a next whose timeout is over raises StopIteration") {
  raise_another(adapter, "IMapIterator.next", "StopIteration");
}

MUTANT(pool_imap_timeout_not_before, HalfOfIt, "a next waits half of its timeout") {
  stretch_timeout(adapter, "IMapIterator.next", 0.5);
}

MUTANT(pool_imap_timeout_within, TwentyTimes, "a next waits twenty times its timeout") {
  stretch_timeout(adapter, "IMapIterator.next", 20);
}

MUTANT(pool_imap_timeout_retry, SkipsIt, "a next that gave up has given up its result") {
  static std::atomic<bool> gave_up{false};
  adapter.override_entry("IMapIterator.next", [](Call& call) -> Value {
    if (gave_up) call.original();
    try {
      return call.original();
    } catch (const std::exception&) {
      gave_up = true;
      throw;
    }
  });
}

MUTANT(pool_imap_timeout_in_time, SleepsThrough, "a next with a timeout looks for its result when that is over") {
  sleep_through_timeout(adapter, "IMapIterator.next");
}

MUTANT(pool_imap_after_close, AreGone, "the end of the pool is the end of its results") {
  refuse_after(adapter, "Pool.join", "IMapIterator.next");
}

// ---- imap_unordered

MUTANT(pool_imap_unordered_all, LosesOne, "one result is lost") { drop_the_last(adapter, "Pool.imap_unordered"); }

MUTANT(pool_imap_unordered_completion, OfTheInputs, "imap_unordered gives the results in the order of the inputs") {
  adapter.override_entry("Pool.imap_unordered", [](Call& call) {
    return ask(call, "imap", {call.args["func"], call.args["iterable"], call.args["chunksize"]});
  });
}

MUTANT(pool_imap_unordered_one_worker, LastFirst, "imap_unordered begins with the last input") {
  call_otherwise(adapter, "Pool.imap_unordered", [](Args& args) { args["iterable"] = reversed(args["iterable"]); });
}

MUTANT(pool_imap_unordered_waits, RaisesAtOnce, "a next without timeout does not wait") {
  never_wait(adapter, "IMapIterator.next");
}

MUTANT(pool_imap_unordered_exception, IsNone, "an input that failed gives None") {
  swallow_errors(adapter, "IMapIterator.next");
}

MUTANT(pool_imap_unordered_timeout, IsNone, "a next whose timeout is over returns None") {
  swallow_errors(adapter, "IMapIterator.next");
}

}  // namespace mp::conformance
