// Pools in which somebody waits for the dead.
#include <csignal>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {

MUTANT(pool_robust_dead_worker_busy, WaitsForTheDead, "a get waits for the result of a dead worker") {
  hang_instead_of_error(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_dead_worker_busy_goes_on, IsNotReplaced, "a dead worker is not replaced") {
  call_otherwise(adapter, "Pool()", [](Args& args) { args["processes"] = 1; });
}

MUTANT(pool_robust_dead_worker_others, LosesTheirs, "with a dead worker the results of all are lost") {
  never_return(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_dead_worker_idle, TakesTheQueue, "who dies while he waits for a task keeps the others from getting one") {
  never_return(adapter, "Pool.apply");
}

MUTANT(pool_robust_dead_worker_idle_of_two, TakesTheQueue,
       "who dies while he waits for a task keeps the others from getting one") {
  never_return(adapter, "Pool.map");
}

MUTANT(pool_robust_dead_worker_map, WaitsForTheDead, "a map waits for the result of a dead worker") {
  hang_instead_of_error(adapter, "Pool.map");
}

MUTANT(pool_robust_dead_worker_imap, WaitsForTheDead, "a next waits for the result of a dead worker") {
  hang_instead_of_error(adapter, "IMapIterator.next");
}

MUTANT(pool_robust_dead_worker_error_callback, IsNotTold, "the error callback is told of what tasks raise, and of nothing else") {
  always_pass(adapter, "Pool.apply_async", "error_callback", None);
}

MUTANT(pool_robust_dead_worker_join, WaitsForTheDead, "a join waits for the result of a dead worker") {
  never_return(adapter, "Pool.join");
}

MUTANT(pool_robust_dead_worker_terminate, WaitsForTheDead, "a terminate waits for an answer of each worker") {
  never_return(adapter, "Pool.terminate");
}

MUTANT(pool_robust_exit_in_task, WaitsForTheDead, "a get waits for the result of a task that has asked to exit") {
  hang_instead_of_error(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_exit_in_task_goes_on, IsNotReplaced, "a worker that was asked to exit is not replaced") {
  never_return(adapter, "Pool.apply");
}

MUTANT(pool_robust_interrupt_in_task, WaitsForTheDead, "a get waits for the result of a task that was interrupted") {
  hang_instead_of_error(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_undecodable_result, IsDropped, "a result that cannot be decoded is dropped") {
  hang_instead_of_error(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_undecodable_result_goes_on, EndsAll, "a result that cannot be decoded ends who takes results in") {
  never_return(adapter, "Pool.apply");
}

MUTANT(pool_robust_undecodable_argument, IsDropped, "a task that cannot be decoded is dropped") {
  hang_instead_of_error(adapter, "Pool.apply");
}

MUTANT(pool_robust_callback_raises, EndsAll, "an error of a callback ends who takes results in") {
  never_return(adapter, "Pool.apply");
}

MUTANT(pool_robust_callback_raises_result, IsLost, "a result whose callback failed is lost") {
  never_return(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_initializer_fails, WaitsForEver, "a task waits for a worker whose initializer succeeds") {
  hang_instead_of_error(adapter, "Pool.apply");
}

MUTANT(pool_robust_terminate_wakes, SleepsOn, "who waits for a result of a terminated pool waits on") {
  hang_instead_of_error(adapter, "AsyncResult.get");
}

MUTANT(pool_robust_terminate_stopped_worker, WaitsForIt, "a terminate waits until each worker has reacted") {
  never_return(adapter, "Pool.terminate");
}

// What each worker begins with asks an event, which is where a mutant can be.
MUTANT(pool_robust_creator_killed, LivesOn, "a worker that has lost its pool does not end") {
  adapter.override_entry("Pool()", [](Call& call) {
    const Value event = mp::conformance::adapter().make_object("Event", {}, {}, call.args.handles());
    call.args["initializer"] = Function{"call"};
    call.args["initargs"] = Tuple{event, "is_set"};
    return call.original();
  });
  adapter.override_entry("Event.is_set", [](Call& call) {
    std::signal(SIGTERM, SIG_IGN);  // by which it ends itself
    return call.original();
  });
}

}  // namespace mp::conformance
