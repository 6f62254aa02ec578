// Rounds, what can be asked of a barrier, and its action.
#include <atomic>
#include <memory>
#include <string>

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/mutants/mutant.h"
#include "spec/clauses/barrier.h"

namespace mp::conformance {
namespace {

// The barrier knows nothing of its action; the mutant calls it when it likes. For one barrier, in the process of its maker.
std::shared_ptr<Recorder> action;

void take_action_away(Adapter& adapter) {
  adapter.override_entry("Barrier()", [](Call& call) {
    action = call.args.object<Recorder>("action");
    call.args["action"] = None;
    return call.original();
  });
}

void change_index(Adapter& adapter, std::int64_t (*change)(std::int64_t)) {
  adapter.override_entry("Barrier.wait", [change](Call& call) -> Value { return change(call.original().integer()); });
}

}  // namespace

MUTANT(barrier_wait_blocks, OneFewerIsEnough, "a round is over when all but one have come") {
  adapter.override_entry("Barrier()", [](Call& call) {
    call.args["parties"] = call.args.integer("parties") - 1;
    return call.original();
  });
}

MUTANT(barrier_wait_releases_all, ReleasesOne, "at the end of a round one of the parties returns") {
  adapter.override_entry("Barrier.wait", [](Call& call) {
    const Value index = call.original();
    if (!claim("returned")) sleep_for_ever();
    return index;
  });
}

MUTANT(barrier_wait_one_party, WaitsForAnother, "a barrier for one party waits for a second one") {
  adapter.override_entry("Barrier()", [](Call& call) {
    if (call.args.integer("parties") == 1) call.args["parties"] = 2;
    return call.original();
  });
}

MUTANT(barrier_wait_index_range, CountsFromOne, "the numbers of a round begin with one") {
  change_index(adapter, [](std::int64_t index) { return index + 1; });
}

MUTANT(barrier_wait_index_unique, IsZeroForAll, "every party gets zero") {
  change_index(adapter, [](std::int64_t) { return std::int64_t{0}; });
}

MUTANT(barrier_wait_again, OnceOnly, "a second round breaks the barrier") {
  static std::atomic<int> rounds{0};
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    if (++rounds > 1) raise_error("BrokenBarrierError");
    return call.original();
  });
}

MUTANT(barrier_wait_nobody_early, EveryTenthIsPassed, "a party that is in a hurry passes every tenth round at once") {
  static std::atomic<int> rounds{0};
  adapter.override_entry("Barrier.wait",
                         [](Call& call) -> Value { return ++rounds % 10 == 0 ? Value(0) : call.original(); });
}

MUTANT(barrier_wait_no_more_than_parties, LosesPatience, "who is left over after a round goes on after a while") {
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    call.args["timeout"] = 0.03;
    try {
      return call.original();
    } catch (const std::exception&) {
      return 0;
    }
  });
}

MUTANT(barrier_parties, IsOneLess, "parties is the number of those whom the last one waits for") {
  adapter.override_entry("Barrier.parties", [](Call& call) -> Value { return call.original().integer() - 1; });
}

MUTANT(barrier_n_waiting, IsZero, "n_waiting is always zero") { only_answer(adapter, "Barrier.n_waiting", 0); }

MUTANT(barrier_n_waiting, IsOfTheProcess, "n_waiting counts those of the process that asks") {
  static std::atomic<int> waiting{0};
  adapter.override_entry("Barrier.wait", [](Call& call) {
    ++waiting;
    const Value index = call.original();
    --waiting;
    return index;
  });
  adapter.override_entry("Barrier.n_waiting", [](Call&) -> Value { return waiting.load(); });
}

MUTANT(barrier_n_waiting_after_round, StaysUp, "after a round n_waiting is the number of those who came to it") {
  adapter.override_entry("Barrier.wait", [](Call& call) {
    const Value index = call.original();
    claim("round");
    return index;
  });
  adapter.override_entry("Barrier.n_waiting",
                         [](Call& call) -> Value { return is_claimed("round") ? Value(2) : call.original(); });
}

MUTANT(barrier_n_waiting_after_break, StaysUp, "who failed at a broken barrier is counted all the same") {
  adapter.override_entry("Barrier.wait", [](Call& call) {
    try {
      return call.original();
    } catch (const std::exception&) {
      claim("failed");
      throw;
    }
  });
  adapter.override_entry("Barrier.n_waiting",
                         [](Call& call) -> Value { return is_claimed("failed") ? Value(1) : call.original(); });
}

MUTANT(barrier_share_grandchild, IsAnotherOne, "a child's child gets a barrier of its own") {
  replace_arguments(adapter, "Barrier", [] { return !in_main_process(); }, {3});
}

MUTANT(barrier_share_outlives_maker_reference, EndsWithIt,
       "when its maker drops the barrier, children cannot wait at it any more") {
  when_maker_drops(adapter, "Barrier()", [] { claim("dropped"); });
  adapter.override_entry("Barrier.wait", [](Call& call) -> Value {
    if (is_claimed("dropped")) raise_error("OSError");
    return call.original();
  });
}

MUTANT(barrier_action_once_a_round, ByEachParty, "each of the parties calls the action") {
  take_action_away(adapter);
  adapter.override_entry("Barrier.wait", [](Call& call) {
    const Value index = call.original();
    (*action)({});
    return index;
  });
}

MUTANT(barrier_action_once_a_round, WithTheIndex, "the action is called with the number of its caller") {
  take_action_away(adapter);
  adapter.override_entry("Barrier.wait", [](Call& call) {
    const Value index = call.original();
    if (index == Value(0)) (*action)({index});
    return index;
  });
}

MUTANT(barrier_action_before_release, ComesLater, "one of the parties calls the action while the others go on") {
  take_action_away(adapter);
  adapter.override_entry("Barrier.wait", [](Call& call) {
    const Value index = call.original();
    if (index == Value(0)) {
      sleep_seconds(0.05);
      (*action)({});
    }
    return index;
  });
}

MUTANT(barrier_action_not_before_all, IsCalledByTheFirst, "the first party that comes calls the action") {
  take_action_away(adapter);
  adapter.override_entry("Barrier.wait", [](Call& call) {
    if (claim("first")) (*action)({});
    return call.original();
  });
}

namespace {

// The action is called when nobody waits any more, and its error is that of one party alone.
void fail_alone(Adapter& adapter) {
  take_action_away(adapter);
  adapter.override_entry("Barrier.wait", [](Call& call) {
    const Value index = call.original();
    if (index == Value(0)) (*action)({});
    return index;
  });
}

}  // namespace

MUTANT(barrier_action_error_breaks, LeavesItWhole, "an action that fails does not break the barrier") {
  fail_alone(adapter);
}

MUTANT(barrier_action_error_others, GoOn, "when the action fails, the other parties go on") { fail_alone(adapter); }

MUTANT(barrier_action_error_own, IsReplaced, "the error of the action becomes a BrokenBarrierError") {
  raise_another(adapter, "Barrier.wait", "BrokenBarrierError");
}

MUTANT(barrier_action_with_processes, IsLost, "a child's barrier has no action") {
  adapter.override_entry("Barrier()", [](Call& call) {
    call.args["action"] = None;
    return call.original();
  });
}

}  // namespace mp::conformance
