#include <atomic>
#include <optional>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

MUTANT(queue_put_full, RaisesAtOnce, "a put on a full queue raises Full at once") { never_wait(adapter, "Queue.put"); }

MUTANT(queue_put_full_other_process, HasSlotsForEach,
       "the bound holds for the items of each process by itself, for two of them") {
  adapter.override_entry("Queue()", [](Call& call) {
    call.args["maxsize"] = 2 * call.args.integer("maxsize");
    return call.original();
  });
}

MUTANT(queue_put_does_not_wait_for_reader, WaitsForReader, "a put waits while eight items wait to be read") {
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    wait_until([&] { return ask(call, "qsize") < Value(8); });
    return call.original();
  });
}

MUTANT(queue_put_timeout_raises_full, SaysNothing, "a put whose timeout is over raises nothing") {
  swallow_errors(adapter, "Queue.put");
}

MUTANT(queue_put_timeout_not_before, GivesUpEarly, "put gives up a tenth before its timeout") {
  stretch_timeout(adapter, "Queue.put", 0.9);
}

MUTANT(queue_put_timeout_within, WaitsThreeTimes, "put waits three times its timeout") {
  stretch_timeout(adapter, "Queue.put", 3);
}

MUTANT(queue_put_timeout_slot_in_time, SleepsThrough, "put looks for a slot when its timeout is over, not before") {
  sleep_through_timeout(adapter, "Queue.put");
}

MUTANT(queue_put_timeout_none, TakesItForZero, "a timeout of None is taken for zero") {
  take_none_for_zero(adapter, "Queue.put");
}

MUTANT(queue_put_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") {
  take_zero_for_none(adapter, "Queue.put");
}

MUTANT(queue_put_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "Queue.put");
}

MUTANT(queue_put_timeout_negative, IsRefused, "a negative timeout raises ValueError, as with queues of threads") {
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (!call.args["timeout"].is_none() && call.args["timeout"].number() < 0) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(queue_put_nonblocking_full, Waits, "put waits although block is false") { always_wait(adapter, "Queue.put"); }

MUTANT(queue_put_nonblocking_room, RaisesFull, "with block false put raises Full, room or not") {
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (!call.args.flag("block")) raise_error("Full");
    return call.original();
  });
}

MUTANT(queue_put_nonblocking_ignores_timeout, HeedsIt, "with block false put waits for its timeout") {
  heed_timeout_always(adapter, "Queue.put");
}

MUTANT(queue_put_nowait_full, Waits, "put_nowait waits for a slot") {
  adapter.override_entry("Queue.put_nowait", [](Call& call) { return ask(call, "put", {call.args["obj"]}); });
}

MUTANT(queue_put_nowait_full, SaysNothing, "put_nowait on a full queue drops the item and raises nothing") {
  swallow_errors(adapter, "Queue.put_nowait");
}

MUTANT(queue_put_nowait_room, RaisesFull, "put_nowait raises Full, room or not") {
  always_raise(adapter, "Queue.put_nowait", "Full");
}

MUTANT(queue_put_failed_stores_nothing, ComesLater, "an item whose put raised Full is put with the next one") {
  static std::optional<Value> refused;
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    const Value item = call.args["obj"];
    if (refused) call.args["obj"] = *std::exchange(refused, std::nullopt);
    try {
      return call.original();
    } catch (const std::exception&) {
      refused = item;
      throw;
    }
  });
}

MUTANT(queue_put_closed, IsNotRefused, "put goes on after close") { only_answer(adapter, "Queue.close", None); }

MUTANT(queue_put_closed, RaisesAnother, "put after close raises AssertionError, as it did long ago") {
  static std::atomic<bool> closed{false};
  adapter.override_entry("Queue.close", [](Call& call) {
    closed = true;
    return call.original();
  });
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (closed) raise_error("AssertionError");
    return call.original();
  });
}

MUTANT(queue_put_encodes, Vanishes, "an item that cannot be serialised vanishes without an error") {
  swallow_errors(adapter, "Queue.put");
}

}  // namespace mp::conformance
