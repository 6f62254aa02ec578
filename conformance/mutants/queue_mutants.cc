#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "conformance/mutants/mutant.h"
#include "conformance/mutants/queue_mistakes.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {
namespace {

// Sizes that `wrong` picks become another.
void resize(Adapter& adapter, std::function<std::int64_t(std::int64_t)> wrong) {
  adapter.override_entry("Queue()", [wrong = std::move(wrong)](Call& call) {
    call.args["maxsize"] = wrong(call.args.integer("maxsize"));
    return call.original();
  });
}

}  // namespace

// ---- Size

MUTANT(queue_ctor_unbounded, HasABound, "a queue without size holds a thousand items") {
  resize(adapter, [](std::int64_t size) -> std::int64_t { return size == 0 ? 1000 : size; });
}

MUTANT(queue_ctor_bounded, HoldsOneMore, "a queue holds one item more than its size") {
  resize(adapter, [](std::int64_t size) -> std::int64_t { return size > 0 ? size + 1 : size; });
}

MUTANT(queue_ctor_bounded, HoldsOneLess,
       "a queue holds one item less than its size, as a ring that keeps a slot free") {
  resize(adapter, [](std::int64_t size) -> std::int64_t { return size > 1 ? size - 1 : size; });
}

MUTANT(queue_ctor_zero, IsASize, "a size of zero is a bound of one") {
  resize(adapter, [](std::int64_t size) -> std::int64_t { return size == 0 ? 1 : size; });
}

MUTANT(queue_ctor_negative, IsRefused, "a negative size raises ValueError") {
  resize(adapter, [](std::int64_t size) -> std::int64_t { return size < 0 ? (raise_error("ValueError"), 0) : size; });
}

MUTANT(queue_qsize_settled, OnlyGrows, "qsize is the number of all items that were ever put") {
  static std::atomic<std::int64_t> puts{0};
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    ++puts;
    return call.original();
  });
  adapter.override_entry("Queue.qsize", [](Call&) -> Value { return puts.load(); });
}

MUTANT(queue_qsize_settled, CountsThoseOnTheWay, "qsize is one too many") {
  adapter.override_entry("Queue.qsize", [](Call& call) -> Value { return call.original().integer() + 1; });
}

MUTANT(queue_empty_new, IsNotEmpty, "empty is False for a queue on which nothing was put") {
  only_answer(adapter, "Queue.empty", false);
}

MUTANT(queue_empty_after_put, StaysEmpty, "empty stays True after a put") { only_answer(adapter, "Queue.empty", true); }

MUTANT(queue_empty_after_last_get, StaysFilled, "empty stays False once something was put") {
  static std::atomic<bool> used{false};
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    used = true;
    return call.original();
  });
  adapter.override_entry("Queue.empty", [](Call&) -> Value { return !used; });
}

MUTANT(queue_full_at_maxsize, IsNeverFull, "full is False for a queue that is full") {
  only_answer(adapter, "Queue.full", false);
}

MUTANT(queue_full_below_maxsize, WhenFilled, "full is True as soon as there is an item") {
  adapter.override_entry("Queue.full", [](Call& call) -> Value { return ask(call, "empty") == Value(false); });
}

MUTANT(queue_full_below_maxsize, StaysFull, "full stays True once the queue was full") {
  static std::atomic<bool> once{false};
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    const Value none = call.original();
    if (ask(call, "qsize") == Value(1)) once = true;
    return none;
  });
  adapter.override_entry("Queue.full", [](Call&) -> Value { return once.load(); });
}

MUTANT(queue_full_unbounded, AtSome, "a queue without bound is full when it holds a hundred items") {
  adapter.override_entry("Queue.full", [](Call& call) -> Value { return ask(call, "qsize") >= Value(100); });
}

// ---- Items

MUTANT(queue_item_kinds, BigNumbersAsFloats, "integers of more than 64 bits arrive as floats") {
  change_items(adapter, "Queue.put", [](const Value& item) { return item.is<BigInt>() ? Value(1.0) : item; });
}

MUTANT(queue_item_kinds, BytesAsText, "bytes arrive as text") {
  change_items(adapter, "Queue.put", [](const Value& item) { return item.is<Bytes>() ? Value("text") : item; });
}

MUTANT(queue_item_kinds, TuplesAsLists, "tuples arrive as lists") { change_items(adapter, "Queue.put", tuple_as_list); }

MUTANT(queue_item_large, IsCut, "of a text the first 64 KiB arrive") { change_items(adapter, "Queue.put", cut_text); }

MUTANT(queue_item_empty_handed, IsOverlooked, "get takes None for nothing and waits for the next item") {
  adapter.override_entry("Queue.get", [](Call& call) -> Value {
    Value item = call.original();
    while (item.is_none()) item = call.original();
    return item;
  });
}

// ---- Order, and every item once

MUTANT(queue_order_one_producer, SwapsPairs, "of two items the second comes out first") {
  swap_pairs(adapter, "Queue.put");
}

MUTANT(queue_order_own_items, SwapsPairs, "of two items the second comes out first") {
  swap_pairs(adapter, "Queue.put");
}

MUTANT(queue_exactly_once, GivesTwice, "every tenth item is given twice") {
  put_every_tenth_twice(adapter, "Queue.put");
}

MUTANT(queue_exactly_once, LosesSome, "every tenth item is lost") { lose_every_tenth(adapter, "Queue.put"); }

MUTANT(queue_thread_safe, SharesABuffer,
       "all threads of a process put through one buffer, and one overwrites what another left there") {
  share_a_buffer(adapter, "Queue.put");
}

// ---- Who shares it

MUTANT(queue_share_as_argument, IsAnotherQueue, "a child gets a queue of its own") {
  replace_arguments(adapter, "Queue");
}

MUTANT(queue_share_keyword_argument, IsAnotherQueue, "a child gets a queue of its own") {
  replace_arguments(adapter, "Queue");
}

MUTANT(queue_share_subclass_state, IsAnotherQueue, "a child gets a queue of its own") {
  replace_arguments(adapter, "Queue");
}

MUTANT(queue_share_grandchild, IsAnotherQueue, "a child's child gets a queue of its own") {
  replace_arguments(adapter, "Queue", [] { return !in_main_process(); });
}

MUTANT(queue_share_outlives_maker_reference, EndsWithIt,
       "when its maker drops the queue, children cannot put any more") {
  when_maker_drops(adapter, "Queue()", [] { claim("dropped"); });
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

}  // namespace mp::conformance
