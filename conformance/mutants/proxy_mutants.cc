#include <atomic>
#include <mutex>

#include "conformance/mutants/manager_mistakes.h"
#include "spec/clauses/guidelines.h"
#include "spec/clauses/proxy.h"

namespace mp::conformance {
namespace {

void refuse_proxies(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) {
    if (call.args["obj"].is<Handle>()) raise_error("PickleError");
    return call.original();
  });
}

// Fetching an object, or its items, fails as if it were gone.
void is_gone(Adapter& adapter, bool for_slices) {
  adapter.override_entry("ListProxy.__getitem__", [for_slices](Call& call) {
    if (call.args.more()[0].is<Slice>() == for_slices) raise_error("RemoteError");
    return call.original();
  });
}

}  // namespace

MUTANT(proxy_refers, IsACopy, "what is appended is appended to a copy") { only_answer(adapter, "ListProxy.append", None); }
MUTANT(proxy_several, IsACopy, "what is appended is appended to a copy") { only_answer(adapter, "ListProxy.append", None); }
MUTANT(proxy_argument, IsACopy, "what a child appends is lost") { lose_of_children(adapter, "ListProxy.append"); }
MUTANT(proxy_sent_connection, IsRefused, "a proxy cannot be sent") { refuse_proxies(adapter, "Connection.send"); }
MUTANT(proxy_sent_queue, IsRefused, "a proxy cannot be an item") { refuse_proxies(adapter, "Queue.put"); }

MUTANT(proxy_sent_pool, IsRefused, "a proxy cannot be an argument of a task") {
  adapter.override_entry("Pool.apply", [](Call& call) -> Value {
    for (const Value& item : call.args["args"].items()) {
      if (item.is<Handle>()) raise_error("PickleError");
    }
    return call.original();
  });
}

MUTANT(proxy_arguments_serialisable, SwallowsIt, "what cannot be serialised is not sent, and nobody is told") {
  swallow_errors(adapter, "ListProxy.append");
}

MUTANT(proxy_processes, DoesItTwice, "every tenth call is done twice") {
  static std::atomic<int> calls{0};
  adapter.override_entry("ListProxy.append", [](Call& call) {
    if (++calls % 10 == 0) call.original();
    return call.original();
  });
}

MUTANT(proxy_waiting_call, HoldsUpOthers, "one call at a time is served") {
  hold_up(adapter, "QueueProxy.get", "ListProxy.append");
}

MUTANT(proxy_waiting_call_thread, HoldsUpOthers, "a process makes one call at a time") {
  static std::mutex one;
  for (const char* entry : {"QueueProxy.get", "QueueProxy.qsize"}) {
    adapter.override_entry(entry, [](Call& call) {
      const std::lock_guard alone(one);
      return call.original();
    });
  }
}

MUTANT(proxy_text, IsOfTheProxy, "the text is that of the proxy") { confuse_with(adapter, "ListProxy.__str__", "__repr__"); }
MUTANT(proxy_debug_text, IsOfTheObject, "the debugging text is that of the object") {
  confuse_with(adapter, "ListProxy.__repr__", "__str__");
}
MUTANT(proxy_copy_compares, IsAProxy, "a copy is a proxy again") { give_itself(adapter, "ListProxy._getvalue"); }

// ---- Lists

MUTANT(proxy_list_index, CountsFromTheBegin, "a negative index counts from the begin") {
  change_arguments(adapter, "ListProxy.__getitem__", [](Args& args) {
    Value& index = args.more()[0];
    if (index.is<std::int64_t>() && index.integer() < 0) index = -index.integer() - 1;
  });
}
MUTANT(proxy_list_index_error, IsNone, "an item that is not there is None") { swallow_errors(adapter, "ListProxy.__getitem__"); }
MUTANT(proxy_list_slice, IsAProxy, "a slice is a proxy, too") {
  adapter.override_entry("ListProxy.__getitem__", [](Call& call) -> Value {
    if (call.args.more()[0].is<Slice>()) return call.args.handles().keep(call.on());
    return call.original();
  });
}
MUTANT(proxy_list_assign, ItemsOnly, "slices cannot be assigned") {
  adapter.override_entry("ListProxy.__setitem__",
                         [](Call& call) { return call.args.more()[0].is<Slice>() ? Value() : call.original(); });
}
MUTANT(proxy_list_delete, DoesNothing, "deleting does nothing") { only_answer(adapter, "ListProxy.__delitem__", None); }
MUTANT(proxy_list_grow, AtTheEnd, "insert adds at the end") {
  adapter.override_entry("ListProxy.insert", [](Call& call) { return ask(call, "append", {call.args.more()[1]}); });
}
MUTANT(proxy_list_shrink, Keeps, "pop gives an item and keeps it") {
  adapter.override_entry("ListProxy.pop", [](Call& call) {
    return ask(call, "__getitem__", {call.args.more().empty() ? Value(-1) : call.args.more()[0]});
  });
}
MUTANT(proxy_list_order, OfACopy, "reverse reverses a copy") { only_answer(adapter, "ListProxy.reverse", None); }
MUTANT(proxy_list_look, CountsOne, "count gives one for what is there") { answer_wrongly(adapter, "ListProxy.count", 1); }
MUTANT(proxy_list_concatenate, InPlace, "a sum changes the shared list") {
  adapter.override_entry("ListProxy.__add__", [](Call& call) {
    const Value sum = call.original();
    ask(call, "extend", call.args.more());
    return sum;
  });
}
MUTANT(proxy_list_in_place, GivesNone, "the operators give None") { answer_wrongly(adapter, "ListProxy.__iadd__", None); }

// ---- Dictionaries

MUTANT(proxy_dict_items, KeepsAll, "deleting does nothing") { only_answer(adapter, "DictProxy.__delitem__", None); }
MUTANT(proxy_dict_missing, IsNone, "a key that is not there gives None") { swallow_errors(adapter, "DictProxy.__getitem__"); }
MUTANT(proxy_dict_get, IgnoresTheDefault, "get gives None where there is a default") {
  change_arguments(adapter, "DictProxy.get", [](Args& args) { args.more().resize(1); });
}
MUTANT(proxy_dict_views, AreTuples, "keys are a tuple") {
  adapter.override_entry("DictProxy.keys", [](Call& call) -> Value { return Tuple::of(call.original().items()); });
}
MUTANT(proxy_dict_pop, Keeps, "pop gives a value and keeps it") { confuse_with(adapter, "DictProxy.pop", "get"); }
MUTANT(proxy_dict_update, SetsAnew, "setdefault overwrites what is there") {
  adapter.override_entry("DictProxy.setdefault", [](Call& call) {
    ask(call, "__setitem__", call.args.more());
    return call.original();
  });
}
MUTANT(proxy_dict_clear, DoesNothing, "clear does nothing") { only_answer(adapter, "DictProxy.clear", None); }
MUTANT(proxy_dict_look, HasAll, "every key is there") { only_answer(adapter, "DictProxy.__contains__", true); }
MUTANT(proxy_dict_copy, IsAProxy, "a copy is a proxy again") { give_itself(adapter, "DictProxy.copy"); }

MUTANT(proxy_array, IsConstant, "the items of an array cannot be changed") {
  only_answer(adapter, "ArrayProxy.__setitem__", None);
}
MUTANT(proxy_value, MethodOnly, "the attribute cannot be assigned") { only_answer(adapter, "ValueProxy.value=", None); }

// ---- Objects in objects

MUTANT(proxy_nested_append, IsACopy, "a shared list in another one is a copy") { send_copies(adapter, "ListProxy.append"); }
MUTANT(proxy_nested_mixed, IsACopy, "a shared dictionary in a list is a copy") { send_copies(adapter, "SyncManager.list"); }
MUTANT(proxy_nested_inner_kept, IsGone, "an object that only another object has is gone") { is_gone(adapter, false); }
MUTANT(proxy_nested_outer_gone, IsGone, "an object goes with the one that had it") { is_gone(adapter, true); }
MUTANT(proxy_plain_nested, IsNotWritten, "an item that is assigned again stays as it was") {
  only_answer(adapter, "ListProxy.__setitem__", None);
}

// ---- _callmethod and _getvalue

MUTANT(proxy_callmethod, TakesNoArguments, "arguments by name do not arrive") {
  change_arguments(adapter, "AutoProxy._callmethod", [](Args& args) { args["kwds"] = Dict{}; });
}
MUTANT(proxy_callmethod_proxy, GivesNone, "what is no plain value is None") { answer_wrongly(adapter, "AutoProxy._callmethod", None); }
MUTANT(proxy_callmethod_error, SwallowsIt, "a method that raises gives None") { swallow_errors(adapter, "AutoProxy.fail"); }
MUTANT(proxy_callmethod_error_goes_on, IsTheLast, "after an error the object cannot be used") {
  static std::atomic<bool> failed{false};
  adapter.override_entry("AutoProxy.fail", [](Call& call) {
    failed = true;
    return call.original();
  });
  adapter.override_entry("AutoProxy.add", [](Call& call) {
    if (failed) raise_error("RemoteError");
    return call.original();
  });
}
MUTANT(proxy_callmethod_remote_error, IsATypeError, "what goes wrong beside the method raises another error") {
  raise_another(adapter, "AutoProxy._callmethod", "TypeError");
}
MUTANT(proxy_callmethod_not_exposed, GivesNone, "a method that is not exposed gives None") {
  swallow_errors(adapter, "ListProxy._callmethod");
}
MUTANT(proxy_getvalue, IsAProxy, "_getvalue gives a proxy") { give_itself(adapter, "ListProxy._getvalue"); }
MUTANT(proxy_getvalue_not_serialisable, GivesNone, "what cannot be serialised is None") {
  swallow_errors(adapter, "AcquirerProxy._getvalue");
}

// ---- Iterators

MUTANT(proxy_iterator, EndsWithNone, "after the last item there is None") { swallow_errors(adapter, "IteratorProxy.next"); }
MUTANT(proxy_iterator_shared_position, OnePerProcess, "each process begins anew") {
  static std::atomic<std::int64_t> next{0};
  adapter.override_entry("IteratorProxy.next", [](Call&) -> Value {
    const std::int64_t number = next++;
    return number * number;
  });
}

// ---- When objects go

MUTANT(proxy_cleanup_dropped, IsKept, "an object stays") { only_answer(adapter, "SyncManager._number_of_objects", 1); }
MUTANT(proxy_cleanup_counts, CountsOne, "all objects count as one") {
  only_answer(adapter, "SyncManager._number_of_objects", 1);
}
MUTANT(proxy_cleanup_process_exit, IsKept, "an object stays") { only_answer(adapter, "SyncManager._number_of_objects", 1); }
MUTANT(proxy_cleanup_kept, IsGone, "an object goes with the first proxy that does") { is_gone(adapter, true); }
MUTANT(proxy_robust_dead_process, IsKept, "an object stays") { only_answer(adapter, "SyncManager._number_of_objects", 1); }

// ---- Guidelines

MUTANT(guidelines_joining_managed_queue, WaitsForAGet, "who has put a large item is joined when somebody got it") {
  adapter.override_entry("QueueProxy.put", [](Call& call) {
    claim("put");
    return call.original();
  });
  adapter.override_entry("Process.join", [](Call& call) {
    if (is_claimed("put")) sleep_for_ever();
    return call.original();
  });
}
MUTANT(guidelines_joining_managed_queue_kept, IsLost, "what a child puts goes with it") {
  lose_of_children(adapter, "QueueProxy.put");
}
MUTANT(guidelines_proxies_own_lock, OneListPerThread, "a thread sees what it did itself") {
  answer_wrongly(adapter, "ListProxy.__len__", 1);
}

}  // namespace mp::conformance
