#include <atomic>
#include <optional>

#include "conformance/mutants/mutant.h"
#include "conformance/mutants/queue_mistakes.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {
namespace {

// Readers exclude each other by a lock that is kept while they wait; nobody heeds a timeout to get it.
void keep_readers_lock(Adapter& adapter) {
  adapter.override_entry("Queue.get", [](Call& call) -> Value {
    wait_until([] { return claim("readers"); });
    try {
      const Value item = call.original();
      give_up("readers");
      return item;
    } catch (const std::exception&) {
      give_up("readers");
      throw;
    }
  });
}

}  // namespace

MUTANT(queue_get_waits, RaisesAtOnce, "a get on an empty queue raises Empty at once") {
  never_wait(adapter, "Queue.get");
}

MUTANT(queue_get_removes, GivesTwice, "a get gives what the last one gave, every second time") {
  give_twice(adapter, "Queue.get");
}

MUTANT(queue_get_one_waiter, EndsAllWaits,
       "an item ends the wait of all that wait in get; who does not get it returns None") {
  adapter.override_entry("Queue.get", [](Call& call) -> Value {
    call.args["timeout"] = 0;
    for (;;) {
      try {
        const Value item = call.original();
        claim("given");
        return item;
      } catch (const std::exception&) {
        if (is_claimed("given")) return None;
        sleep_seconds(0.001);
      }
    }
  });
}

MUTANT(queue_get_timeout_raises_empty, GivesNone, "a get whose timeout is over returns None") {
  swallow_errors(adapter, "Queue.get");
}

MUTANT(queue_get_timeout_not_before, GivesUpEarly, "get gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Queue.get", 0.9);
}

MUTANT(queue_get_timeout_within, WaitsThreeTimes, "get waits three times its timeout") {
  stretch_timeout(adapter, "Queue.get", 3);
}

MUTANT(queue_get_timeout_other_reader, WaitsForIt,
       "who waits in get keeps the readers' lock, for which others wait without limit") {
  keep_readers_lock(adapter);
}

MUTANT(queue_get_timeout_item_in_time, SleepsThrough, "get looks for an item when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Queue.get");
}

MUTANT(queue_get_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "Queue.get");
}

MUTANT(queue_get_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Queue.get");
}

MUTANT(queue_get_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Queue.get");
}

MUTANT(queue_get_nonblocking_empty, GivesNone, "with block false get returns None when nothing is there") {
  swallow_errors(adapter, "Queue.get");
}

MUTANT(queue_get_nonblocking_empty, Waits, "get waits although block is false") { always_wait(adapter, "Queue.get"); }

MUTANT(queue_get_nonblocking_item, RaisesEmpty, "with block false get raises Empty, items or not") {
  adapter.override_entry("Queue.get", [](Call& call) -> Value {
    if (!call.args.flag("block")) raise_error("Empty");
    return call.original();
  });
}

MUTANT(queue_get_nonblocking_ignores_timeout, HeedsIt, "with block false get waits for its timeout") {
  heed_timeout_always(adapter, "Queue.get");
}

MUTANT(queue_get_nowait_empty, Waits, "get_nowait waits for an item") {
  adapter.override_entry("Queue.get_nowait", [](Call& call) { return ask(call, "get"); });
}

MUTANT(queue_get_nowait_item, RaisesEmpty, "get_nowait raises Empty, items or not") {
  always_raise(adapter, "Queue.get_nowait", "Empty");
}

MUTANT(queue_get_closed, RaisesEmpty, "get after close raises Empty") {
  adapter.override_entry("Queue.get", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      raise_error("Empty");
    }
  });
}

MUTANT(queue_get_producer_ended, EndsWithIt, "items of a child are lost when it ends, unless it put eight more") {
  static std::vector<Value> kept;
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (in_main_process()) return call.original();
    kept.push_back(call.args["obj"]);
    if (kept.size() < 8) return None;
    for (Value& item : std::exchange(kept, {})) {
      call.args["obj"] = std::move(item);
      call.original();
    }
    return None;
  });
}

MUTANT(queue_robust_dead_getter, KeepsTheReadersLock, "who waits in get keeps the readers' lock, dead or not") {
  keep_readers_lock(adapter);
}

}  // namespace mp::conformance
