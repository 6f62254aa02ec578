#include <atomic>

#include "conformance/mutants/mutant.h"
#include "conformance/mutants/queue_mistakes.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

MUTANT(queue_robust_encode_failure_frees_slot, TakesASlot,
       "an item that could not be serialised takes a slot for ever") {
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      call.args["obj"] = None;
      return call.original();
    }
  });
}

MUTANT(queue_robust_encode_failure_goes_on, StopsThere,
       "after an item that could not be serialised nothing is put any more") {
  static std::atomic<bool> failed{false};
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (failed) return None;
    try {
      return call.original();
    } catch (const std::exception&) {
      failed = true;
      throw;
    }
  });
}

MUTANT(queue_robust_dead_putter_then_put, KeepsTheWritersLock,
       "who writes an item keeps the writers' lock, dead or not") {
  stop_in_large_items(adapter, "Queue.put", "writers");
  hang_on(adapter, "Queue.put", "writers");
}

MUTANT(queue_robust_cut_item_get_timeout, WaitsForTheRest,
       "a get waits for the rest of an item, whatever its timeout") {
  stop_in_large_items(adapter, "Queue.put", "half");
  hang_on(adapter, "Queue.get", "half");
}

MUTANT(queue_robust_cut_item_get_nowait, WaitsForTheRest, "get_nowait waits for the rest of an item") {
  stop_in_large_items(adapter, "Queue.put", "half");
  hang_on(adapter, "Queue.get_nowait", "half");
}

MUTANT(queue_robust_capacity_kept, LosesASlot, "the slot of an item that was never written to its end stays taken") {
  stop_in_large_items(adapter, "Queue.put", "half");
  adapter.override_entry("Queue.put", [](Call& call) {
    wait_until([&] { return !is_claimed("half") || ask(call, "qsize") < Value(2); });
    return call.original();
  });
}

}  // namespace mp::conformance
