// Mutants of what a manager makes.
#include <atomic>
#include <string>

#include "conformance/mutants/manager_mistakes.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {
namespace {

void forget_arguments(Adapter& adapter, std::string_view entry) {
  change_arguments(adapter, entry, [](Args& args) { args.more().clear(); });
}

void one_more(Adapter& adapter, std::string_view entry) {
  change_arguments(adapter, entry, [](Args& args) {
    if (!args.more().empty()) args.more()[0] = args.more()[0].integer() + 1;
  });
}

// For acquire and get: it may not wait, whatever was said.
void never_block(Adapter& adapter, std::string_view entry) {
  change_arguments(adapter, entry, [](Args& args) { args.more() = {false}; });
}

}  // namespace

// ---- Lists, dictionaries, values, arrays

MUTANT(manager_list_empty, HasOne, "list() has one item") {
  change_arguments(adapter, "SyncManager.list", [](Args& args) {
    if (args.more().empty()) args.more().push_back(List{0});
  });
}

MUTANT(manager_list_sequence, IsEmpty, "a list is empty whatever it was made of") {
  forget_arguments(adapter, "SyncManager.list");
}

MUTANT(manager_dict_empty, HasOne, "dict() has one entry") {
  change_arguments(adapter, "SyncManager.dict", [](Args& args) {
    if (args.more().empty()) args.more().push_back(Dict{{"a", 1}});
  });
}

MUTANT(manager_dict_mapping, IsEmpty, "a dictionary is empty whatever it was made of") {
  forget_arguments(adapter, "SyncManager.dict");
}

MUTANT(manager_dict_pairs, IsEmpty, "a dictionary is empty when it was made of pairs") {
  change_arguments(adapter, "SyncManager.dict", [](Args& args) {
    if (!args.more().empty() && args.more()[0].is<List>()) args.more().clear();
  });
}

MUTANT(manager_dict_key_kinds, AreTexts, "integers become texts as keys") {
  change_arguments(adapter, "DictProxy.__setitem__", [](Args& args) {
    Value& key = args.more()[0];
    if (key.is<std::int64_t>()) key = std::to_string(key.integer());
  });
}

MUTANT(manager_value, IsCopied, "what a child writes is lost") { lose_of_children(adapter, "ValueProxy.value="); }

MUTANT(manager_array, IsCopied, "what a child writes is lost") { lose_of_children(adapter, "ArrayProxy.__setitem__"); }

// ---- Locks

MUTANT(manager_lock_excludes, LetsAllIn, "acquire gives True at once") {
  only_answer(adapter, "AcquirerProxy.acquire", true);
}

MUTANT(manager_lock_without_waiting, TellsTrue, "an acquire that did not get the lock gives True") {
  answer_wrongly(adapter, "AcquirerProxy.acquire", true);
}

MUTANT(manager_lock_timeout, IsZero, "a timeout counts as zero") { never_block(adapter, "AcquirerProxy.acquire"); }

MUTANT(manager_lock_release_by_another, IsRefused, "a process that did not acquire the lock cannot release it") {
  static std::atomic<bool> held{false};
  adapter.override_entry("AcquirerProxy.acquire", [](Call& call) {
    const Value acquired = call.original();
    held = acquired == Value(true);
    return acquired;
  });
  adapter.override_entry("AcquirerProxy.release", [](Call& call) {
    if (!held || !in_main_process()) raise_error("RuntimeError");
    return call.original();
  });
}

MUTANT(manager_lock_release_free, SwallowsIt, "releasing a free lock is no error") {
  swallow_errors(adapter, "AcquirerProxy.release");
}

MUTANT(manager_lock_context, AcquiresNothing, "entering does not acquire") {
  only_answer(adapter, "AcquirerProxy.__enter__", true);
}

MUTANT(manager_rlock_recursive, ReleasesAll, "one release frees the lock whatever its depth") {
  adapter.override_entry("AcquirerProxy.release", [](Call& call) -> Value {
    try {
      for (;;) call.original();
    } catch (const std::exception&) {
      return None;
    }
  });
}

MUTANT(manager_rlock_owner, SwallowsIt, "a release by another process is no error") {
  swallow_errors(adapter, "AcquirerProxy.release");
}

MUTANT(manager_semaphore_counts, OneMore, "a semaphore can be acquired once more than its value says") {
  one_more(adapter, "SyncManager.Semaphore");
}

MUTANT(manager_semaphore_waits, NeverWaits, "acquire never waits") { never_block(adapter, "AcquirerProxy.acquire"); }

MUTANT(manager_bounded_semaphore_bound, IsUnbounded, "a bounded semaphore has no bound") {
  adapter.override_entry("SyncManager.BoundedSemaphore",
                         [](Call& call) { return ask(call, "Semaphore", call.args.more()); });
}

MUTANT(manager_condition_notify, WakesAll, "notify wakes all") {
  adapter.override_entry("ConditionProxy.notify", [](Call& call) { return ask(call, "notify_all"); });
}

MUTANT(manager_condition_notify_all, WakesOne, "notify_all wakes one") {
  adapter.override_entry("ConditionProxy.notify_all", [](Call& call) { return ask(call, "notify"); });
}

MUTANT(manager_condition_timeout, GivesTrue, "a wait whose timeout is over gives True") {
  answer_wrongly(adapter, "ConditionProxy.wait", true);
}

MUTANT(manager_condition_needs_lock, SwallowsIt, "notify without the lock does nothing") {
  swallow_errors(adapter, "ConditionProxy.notify");
}

MUTANT(manager_condition_wait_for, IsAWait, "wait_for returns when somebody notifies") {
  adapter.override_entry("ConditionProxy.wait_for", [](Call& call) { return ask(call, "wait"); });
}

MUTANT(manager_condition_given_lock, HasItsOwn, "a condition has a lock of its own in any case") {
  forget_arguments(adapter, "SyncManager.Condition");
}

MUTANT(manager_event_set, DoesNothing, "set does nothing") { only_answer(adapter, "EventProxy.set", None); }

MUTANT(manager_event_clear, DoesNothing, "clear does nothing") { only_answer(adapter, "EventProxy.clear", None); }

MUTANT(manager_event_timeout, IsZero, "a timeout counts as zero") {
  change_arguments(adapter, "EventProxy.wait", [](Args& args) {
    if (!args.more().empty()) args.more() = {0.0};
  });
}

MUTANT(manager_barrier_waits, NobodyWaits, "a barrier lets everybody pass") {
  only_answer(adapter, "BarrierProxy.wait", 0);
}

MUTANT(manager_barrier_numbers, AreZero, "every wait gives zero") { answer_wrongly(adapter, "BarrierProxy.wait", 0); }

MUTANT(manager_barrier_broken, SwallowsIt, "a wait at a broken barrier gives None") {
  swallow_errors(adapter, "BarrierProxy.wait");
}

MUTANT(manager_barrier_timeout, GivesNone, "a wait whose time is over gives None") { swallow_errors(adapter, "BarrierProxy.wait"); }

MUTANT(manager_barrier_reset, DoesNothing, "reset does nothing") { only_answer(adapter, "BarrierProxy.reset", None); }

MUTANT(manager_barrier_attributes, NobodyCounts, "n_waiting is always zero") {
  only_answer(adapter, "BarrierProxy.n_waiting", 0);
}

// ---- Queues

MUTANT(manager_queue_between_processes, TuplesAsLists, "tuples arrive as lists") {
  change_arguments(adapter, "QueueProxy.put", [](Args& args) {
    if (const auto* tuple = args.more()[0].as<Tuple>()) args.more()[0] = List::of(tuple->items);
  });
}

MUTANT(manager_queue_between_processes, HoldsOneBack, "an item goes when the next comes, and after it") {
  static Value held;
  static std::atomic<bool> is_held{false};
  adapter.override_entry("QueueProxy.put", [](Call& call) -> Value {
    if (!is_held.exchange(true)) {
      held = call.args.more()[0];
      return None;
    }
    call.original();
    std::swap(held, call.args.more()[0]);
    is_held = false;
    return call.original();
  });
}

MUTANT(manager_queue_get_waits, NeverWaits, "get never waits") { never_block(adapter, "QueueProxy.get"); }

MUTANT(manager_queue_bounded, OneMore, "a queue holds one item more than its size") { one_more(adapter, "SyncManager.Queue"); }

MUTANT(manager_queue_full, SwallowsIt, "a put that finds no room gives None") { swallow_errors(adapter, "QueueProxy.put"); }

MUTANT(manager_queue_empty, SwallowsIt, "a get that finds no item gives None") { swallow_errors(adapter, "QueueProxy.get"); }

MUTANT(manager_queue_state, IsNeverFull, "full is always False") { only_answer(adapter, "QueueProxy.full", false); }

MUTANT(manager_queue_negative_timeout, IsZero, "a negative timeout counts as zero") {
  change_arguments(adapter, "QueueProxy.get", [](Args& args) {
    if (args.more().size() == 2) args.more()[1] = 0.0;
  });
}

MUTANT(manager_queue_tasks, ReturnsAtOnce, "join does not wait") { only_answer(adapter, "QueueProxy.join", None); }

MUTANT(manager_queue_tasks_too_many, SwallowsIt, "a report too many is no error") {
  swallow_errors(adapter, "QueueProxy.task_done");
}

MUTANT(manager_joinable_queue, ReturnsAtOnce, "join does not wait") { only_answer(adapter, "QueueProxy.join", None); }

// ---- Namespace

MUTANT(manager_namespace_shared, IsCopied, "what a child writes is lost") {
  lose_of_children(adapter, "NamespaceProxy.__any__=");
}

MUTANT(manager_namespace_initial, AreForgotten, "a new namespace has no attributes") {
  change_arguments(adapter, "SyncManager.Namespace", [](Args& args) { args.more_by_name().items.clear(); });
}

MUTANT(manager_namespace_text, IsOfTheProxy, "the text is that of the proxy") {
  confuse_with(adapter, "NamespaceProxy.__str__", "__repr__");
}

MUTANT(manager_namespace_underscore, IsUnknown, "what begins with an underscore cannot be read back") {
  adapter.override_entry("NamespaceProxy.__any__", [](Call& call) {
    if (call.args.text("name")[0] == '_') raise_error("AttributeError");
    return call.original();
  });
}

MUTANT(manager_namespace_underscore_not_shared, IsShared, "what begins with an underscore is an attribute like others") {
  adapter.override_entry("NamespaceProxy.__any__", [](Call& call) {
    return !in_main_process() && call.args.text("name")[0] == '_' ? Value(12.3) : call.original();
  });
}

MUTANT(manager_namespace_missing, IsNone, "an attribute that is not there is None") {
  swallow_errors(adapter, "NamespaceProxy.__any__");
}

MUTANT(manager_namespace_delete, DoesNothing, "deleting does nothing") {
  only_answer(adapter, "NamespaceProxy.__delattr__", None);
}

MUTANT(manager_namespace_reassigned, OnceOnly, "an attribute that has a value keeps it") {
  only_answer(adapter, "NamespaceProxy.__any__=", None);
}

// ---- Who shares them

MUTANT(manager_compound_with_lock, LetsAllIn, "a lock lets everybody in") {
  only_answer(adapter, "AcquirerProxy.acquire", true);
  only_answer(adapter, "AcquirerProxy.release", None);
}

MUTANT(manager_any_process_sibling, IsCopied, "what a child writes is lost") {
  lose_of_children(adapter, "DictProxy.__setitem__");
}

MUTANT(manager_any_process_grandchild, IsCopied, "what a child writes is lost") {
  lose_of_children(adapter, "DictProxy.__setitem__");
}

MUTANT(manager_any_process_maker_elsewhere, DiesWithTheMakers, "a proxy is no use when the maker's is gone") {
  always_raise(adapter, "ListProxy.append", "RemoteError");
}

MUTANT(manager_example_dict_and_list, DoesNotReverse, "reverse changes a copy") {
  only_answer(adapter, "ListProxy.reverse", None);
}

MUTANT(manager_example_maths, AddsOnly, "mul adds") { confuse_with(adapter, "AutoProxy.mul", "add"); }

MUTANT(manager_example_five_kinds, TheArrayIsCopied, "what a child writes into an array is lost") {
  lose_of_children(adapter, "ArrayProxy.__setitem__");
}

MUTANT(manager_example_own_object, IsOnePerProcess, "each process counts for itself") {
  static std::atomic<std::int64_t> number{0};
  adapter.override_entry("AutoProxy.add", [](Call& call) -> Value { return number += call.args.more()[0].integer(); });
}

}  // namespace mp::conformance
