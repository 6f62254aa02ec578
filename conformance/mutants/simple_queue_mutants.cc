#include <atomic>
#include <optional>
#include <utility>

#include "conformance/mutants/mutant.h"
#include "conformance/mutants/queue_mistakes.h"
#include "spec/clauses/simple_queue.h"

namespace mp::conformance {
namespace {

// An item is written when its process puts the next one.
void put_late(Adapter& adapter) {
  static std::optional<Value> last;
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value {
    const std::optional<Value> before = std::exchange(last, call.args["obj"]);
    if (!before) return None;
    call.args["obj"] = *before;
    return call.original();
  });
}

}  // namespace

// ---- Items

MUTANT(simple_queue_order_one_producer, SwapsPairs, "of two items the second comes out first") {
  swap_pairs(adapter, "SimpleQueue.put");
}

MUTANT(simple_queue_exactly_once, GivesTwice, "every tenth item is given twice") {
  put_every_tenth_twice(adapter, "SimpleQueue.put");
}

MUTANT(simple_queue_exactly_once, LosesSome, "every tenth item is lost") {
  lose_every_tenth(adapter, "SimpleQueue.put");
}

MUTANT(simple_queue_thread_safe, SharesABuffer,
       "all threads of a process put through one buffer, and one overwrites what another left there") {
  share_a_buffer(adapter, "SimpleQueue.put");
}

MUTANT(simple_queue_item_kinds, TuplesAsLists, "tuples arrive as lists") {
  change_items(adapter, "SimpleQueue.put", tuple_as_list);
}

MUTANT(simple_queue_item_kinds, LosesNone, "get takes None for nothing and waits for the next item") {
  adapter.override_entry("SimpleQueue.get", [](Call& call) -> Value {
    Value item = call.original();
    while (item.is_none()) item = call.original();
    return item;
  });
}

MUTANT(simple_queue_item_large, IsCut, "of a text the first 64 KiB arrive") {
  change_items(adapter, "SimpleQueue.put", cut_text);
}

// ---- Who shares it

MUTANT(simple_queue_share_as_argument, IsAnotherQueue, "a child gets a queue of its own") {
  replace_arguments(adapter, "SimpleQueue");
}

MUTANT(simple_queue_share_grandchild, IsAnotherQueue, "a child's child gets a queue of its own") {
  replace_arguments(adapter, "SimpleQueue", [] { return !in_main_process(); });
}

// ---- empty, get, put

MUTANT(simple_queue_empty_new, IsNotEmpty, "empty is False for a queue on which nothing was put") {
  only_answer(adapter, "SimpleQueue.empty", false);
}

MUTANT(simple_queue_empty_after_put, StaysEmpty, "empty stays True after a put") {
  only_answer(adapter, "SimpleQueue.empty", true);
}

MUTANT(simple_queue_empty_after_put, KnowsItsOwn, "empty is False for the process that put something only") {
  static std::atomic<bool> has_put{false};
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value {
    has_put = true;
    return call.original();
  });
  adapter.override_entry("SimpleQueue.empty", [](Call&) -> Value { return !has_put; });
}

MUTANT(simple_queue_empty_after_last_get, StaysFilled, "empty stays False once something was put") {
  static std::atomic<bool> used{false};
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value {
    used = true;
    return call.original();
  });
  adapter.override_entry("SimpleQueue.empty", [](Call&) -> Value { return !used; });
}

MUTANT(simple_queue_get_waits, RaisesAtOnce, "a get on an empty queue raises Empty at once") {
  adapter.override_entry("SimpleQueue.get", [](Call& call) -> Value {
    if (ask(call, "empty") == Value(true)) raise_error("Empty");
    return call.original();
  });
}

MUTANT(simple_queue_get_removes, GivesTwice, "a get gives what the last one gave, every second time") {
  give_twice(adapter, "SimpleQueue.get");
}

MUTANT(simple_queue_get_one_waiter, EndsAllWaits,
       "an item ends the wait of all that wait in get; who does not get it returns None") {
  adapter.override_entry("SimpleQueue.get", [](Call& call) -> Value {
    wait_until([&] { return is_claimed("given") || ask(call, "empty") == Value(false); });
    if (!claim("given")) return None;
    return call.original();
  });
}

MUTANT(simple_queue_put_producer_gone, ComesLate, "an item is written when its process puts the next one") {
  put_late(adapter);
}

MUTANT(simple_queue_put_encodes, SwallowsIt, "an item that cannot be serialised vanishes without an error") {
  swallow_errors(adapter, "SimpleQueue.put");
}

MUTANT(simple_queue_put_failed_stores_nothing, StoresNone,
       "in the place of an item that cannot be serialised None is put") {
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      call.args["obj"] = None;
      call.original();
      throw;
    }
  });
}

MUTANT(simple_queue_put_without_reader, Waits, "put of a large item waits for a reader") {
  adapter.override_entry("SimpleQueue.put", [](Call& call) -> Value {
    if (is_large(call)) sleep_for_ever();
    return call.original();
  });
}

// ---- close

MUTANT(simple_queue_close_frees, KeepsAll, "close only forbids put and get; what the queue held stays open") {
  only_answer(adapter, "SimpleQueue.close", None);
}

MUTANT(simple_queue_close_refuses, GoesOn, "close does nothing") { only_answer(adapter, "SimpleQueue.close", None); }

MUTANT(simple_queue_close_refuses, TellsAnything, "empty is True for a queue that is closed") {
  adapter.override_entry("SimpleQueue.empty", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return true;
    }
  });
}

MUTANT(simple_queue_close_local, ForEverybody, "a close closes the queue for all processes") {
  adapter.override_entry("SimpleQueue.close", [](Call& call) {
    claim("closed");
    return call.original();
  });
  for (const char* entry : {"SimpleQueue.put", "SimpleQueue.get"}) {
    adapter.override_entry(entry, [](Call& call) -> Value {
      if (is_claimed("closed")) raise_error("OSError");
      return call.original();
    });
  }
}

MUTANT(simple_queue_close_twice, IsRefused, "a second close raises OSError") {
  static std::atomic<int> times{0};
  adapter.override_entry("SimpleQueue.close", [](Call& call) -> Value {
    if (++times > 1) raise_error("OSError");
    return call.original();
  });
}

// ---- Who dies

MUTANT(simple_queue_robust_dead_getter, KeepsTheReadersLock, "who waits in get keeps the readers' lock, dead or not") {
  adapter.override_entry("SimpleQueue.get", [](Call& call) -> Value {
    wait_until([] { return claim("readers"); });
    const Value item = call.original();
    give_up("readers");
    return item;
  });
}

MUTANT(simple_queue_robust_dead_putter, KeepsTheWritersLock,
       "who writes an item keeps the writers' lock, dead or not") {
  stop_in_large_items(adapter, "SimpleQueue.put", "writers");
  hang_on(adapter, "SimpleQueue.put", "writers");
}

}  // namespace mp::conformance
