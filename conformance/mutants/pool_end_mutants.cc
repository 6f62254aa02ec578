// Pools that do not end as they should.
#include <atomic>
#include <optional>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {

// ---- close

MUTANT(pool_close_refuses, GoesOn, "close does nothing") { only_answer(adapter, "Pool.close", None); }

MUTANT(pool_close_refuses, SomeSlipThrough, "a closed pool still takes what starmap_async gives it") {
  swallow_errors(adapter, "Pool.starmap_async");
}

MUTANT(pool_close_returns, Waits, "close waits for all tasks") {
  adapter.override_entry("Pool.close", [](Call& call) {
    call.original();
    return ask(call, "join");
  });
}

MUTANT(pool_close_tasks_complete, Terminates, "close ends the workers in the middle of their tasks") {
  do_instead(adapter, "Pool.close", "terminate");
}

MUTANT(pool_close_workers_exit, WhenJoined, "workers of a closed pool wait until somebody joins") {
  only_answer(adapter, "Pool.close", None);
}

MUTANT(pool_close_exit_codes, AreTerminated, "close ends the workers by a signal") {
  answer_wrongly(adapter, "Process.exitcode", -15);
}

MUTANT(pool_close_twice, IsRefused, "a second close raises ValueError") { refuse_the_second(adapter, "Pool.close"); }

// ---- terminate

MUTANT(pool_terminate_stops, Closes, "terminate lets tasks be performed to their end") {
  do_instead(adapter, "Pool.terminate", "close");
}

MUTANT(pool_terminate_idle, ForgetsThem, "terminate ends those only who perform a task") {
  only_answer(adapter, "Pool.terminate", None);
}

MUTANT(pool_terminate_outstanding, HaveResults, "tasks that terminate has dropped have None as their result") {
  swallow_errors(adapter, "AsyncResult.get");
}

MUTANT(pool_terminate_refuses, GoesOn, "a terminated pool takes tasks, and drops them") {
  swallow_errors(adapter, "Pool.apply_async");
}

MUTANT(pool_terminate_after_close, DoesNothing, "terminate of a closed pool does nothing") {
  static std::atomic<bool> closed{false};
  adapter.override_entry("Pool.close", [](Call& call) {
    closed = true;
    return call.original();
  });
  adapter.override_entry("Pool.terminate", [](Call& call) { return closed ? Value() : call.original(); });
}

MUTANT(pool_terminate_twice, IsRefused, "a second terminate raises ValueError") {
  refuse_the_second(adapter, "Pool.terminate");
}

MUTANT(pool_terminate_on_collection, LivesOn, "a pool that nobody refers to lives on") {
  static std::optional<Kept> pool;
  adapter.override_entry("Pool()", [](Call& call) {
    const Value made = call.original();
    pool = call.args.handles().find(*made.as<Handle>());
    return made;
  });
}

// ---- join

MUTANT(pool_join_waits, ReturnsAtOnce, "join does not wait") { only_answer(adapter, "Pool.join", None); }

MUTANT(pool_join_workers_gone, ForTasksOnly, "join waits for tasks, and not for workers") {
  only_answer(adapter, "Pool.close", None);
  only_answer(adapter, "Pool.join", None);
}

MUTANT(pool_join_after_terminate, WaitsForTheDropped, "join waits for tasks that terminate has dropped") {
  static std::atomic<bool> terminated{false};
  adapter.override_entry("Pool.terminate", [](Call& call) {
    terminated = true;
    return call.original();
  });
  adapter.override_entry("Pool.join", [](Call& call) -> Value {
    if (terminated) sleep_for_ever();
    return call.original();
  });
}

MUTANT(pool_join_before_close, IsAccepted, "join of a pool at work returns at once") { swallow_errors(adapter, "Pool.join"); }

MUTANT(pool_join_twice, IsRefused, "a second join raises ValueError") { refuse_the_second(adapter, "Pool.join"); }

// ---- The context

MUTANT(pool_with_enter, GivesNothing, "entering a pool gives None") { only_answer(adapter, "Pool.__enter__", None); }

MUTANT(pool_with_exit_terminates, Closes, "leaving the context closes the pool") {
  do_instead(adapter, "Pool.__exit__", "close");
}

MUTANT(pool_with_exit_refuses, DoesNothing, "leaving the context does nothing") {
  only_answer(adapter, "Pool.__exit__", None);
}

}  // namespace mp::conformance
