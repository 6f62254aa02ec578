// Mutants of the pools of a manager.
#include <string>

#include "conformance/mutants/manager_mistakes.h"
#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {

MUTANT(manager_pool_apply, ReturnsNone, "apply forgets the result") {
  answer_wrongly(adapter, "PoolProxy.apply", None);
}

MUTANT(manager_pool_workers, AreOfTheCaller, "what a manager makes is a pool of the caller") {
  adapter.override_entry("SyncManager.Pool", [](Call& call) {
    return mp::conformance::adapter().make_object("Pool", {}, arguments_of_pool(call.args), call.args.handles());
  });
}

MUTANT(manager_pool_exception, SwallowsIt, "a task that raises an error gives None") {
  swallow_errors(adapter, "PoolProxy.apply");
}

MUTANT(manager_pool_exception, OnceOnly, "after a task that raised an error the pool takes no more") {
  refuse_after(adapter, "PoolProxy.apply", "PoolProxy.apply", true);
}

MUTANT(manager_pool_apply_async, GetDoesNotWait, "get gives None when the task is not done") {
  adapter.override_entry("AsyncResultProxy.get", [](Call& call) -> Value {
    return ask(call, "ready") == Value(true) ? call.original() : None;
  });
}

MUTANT(manager_pool_apply_async, WaitsForTheTask, "apply_async waits until the task is done") {
  adapter.override_entry("PoolProxy.apply_async", [](Call& call) {
    const Value result = call.original();
    mp::conformance::adapter().call_method(*result.as<Handle>(), "wait", {}, {}, call.args.handles());
    return result;
  });
}

MUTANT(manager_pool_result_state, IsAlwaysReady, "a result is ready from the beginning") {
  only_answer(adapter, "AsyncResultProxy.ready", true);
}

MUTANT(manager_pool_result_state, IsAlwaysSuccessful, "a task that raised an error was successful") {
  only_answer(adapter, "AsyncResultProxy.successful", true);
}

MUTANT(manager_pool_map, IsReversed, "the results of map come in reverse order") {
  change_answer(adapter, "PoolProxy.map", reversed);
}

MUTANT(manager_pool_map, DoesNotSpread, "starmap gives each input as one argument") {
  adapter.override_entry("PoolProxy.starmap", [](Call& call) {
    return ask(call, "map", {call.args["func"], call.args["iterable"]});
  });
}

MUTANT(manager_pool_imap, IsEmpty, "the iterator is at its end from the beginning") {
  always_pass(adapter, "PoolProxy.imap", "iterable", List{});
}

MUTANT(manager_pool_imap, EndsWithNone, "after the last result comes None, for ever") {
  swallow_errors(adapter, "IteratorProxy.next");
}

MUTANT(manager_pool_initializer, IsForgotten, "the initializer is not called") {
  always_pass(adapter, "SyncManager.Pool", "initializer", None);
}

MUTANT(manager_pool_maxtasks, IsForgotten, "workers live as long as the pool") {
  always_pass(adapter, "SyncManager.Pool", "maxtasksperchild", None);
}

MUTANT(manager_pool_any_process, IsItsMakersOnly, "a task of another process than the maker is lost") {
  lose_of_children(adapter, "PoolProxy.apply");
}

MUTANT(manager_pool_any_process, IsNotADaemons, "a daemonic process may have no pool, not even another's") {
  adapter.override_entry("PoolProxy.map", [](Call& call) {
    if (!in_main_process()) raise_error("AssertionError");
    return call.original();
  });
}

MUTANT(manager_pool_close, ConcernsTheCloser, "a pool is closed for the process that closes it") {
  only_answer(adapter, "PoolProxy.close", None);
}

}  // namespace mp::conformance
