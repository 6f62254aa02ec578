// Results that are not what they should be.
#include <atomic>
#include <mutex>

#include "conformance/mutants/pool_mistakes.h"
#include "spec/clauses/async_result.h"

namespace mp::conformance {
namespace {

// One thread only gets it.
void give_once(Adapter& adapter) {
  static std::atomic<bool> given{false};
  adapter.override_entry("AsyncResult.get", [](Call& call) -> Value {
    const Value value = call.original();
    return given.exchange(true) ? Value(None) : value;
  });
}

// Each answer is the other one.
void answer_the_opposite(Adapter& adapter, std::string_view entry) {
  change_answer(adapter, entry, [](const Value& answer) -> Value { return answer != Value(true); });
}

}  // namespace

MUTANT(async_result_get_value, IsNone, "get returns None") { answer_wrongly(adapter, "AsyncResult.get", None); }

MUTANT(async_result_get_waits, RaisesAtOnce, "a get without timeout does not wait") {
  never_wait(adapter, "AsyncResult.get");
}

MUTANT(async_result_get_timeout, GivesNone, "a get whose timeout is over returns None") {
  swallow_errors(adapter, "AsyncResult.get");
}

MUTANT(async_result_get_timeout_class, IsALookupError, "a get whose timeout is over raises an error of another family") {
  raise_another(adapter, "AsyncResult.get", "KeyError");
}

MUTANT(async_result_get_timeout_not_before, HalfOfIt, "a get waits half of its timeout") {
  stretch_timeout(adapter, "AsyncResult.get", 0.5);
}

MUTANT(async_result_get_timeout_within, TwentyTimes, "a get waits twenty times its timeout") {
  stretch_timeout(adapter, "AsyncResult.get", 20);
}

MUTANT(async_result_get_timeout_none, CountsAsZero, "None as the timeout of a get counts as zero") {
  take_none_for_zero(adapter, "AsyncResult.get");
}

MUTANT(async_result_get_timeout_zero, CountsAsNone, "zero as the timeout of a get counts as None") {
  take_zero_for_none(adapter, "AsyncResult.get");
}

MUTANT(async_result_get_timeout_zero_ready, GivesUp, "a get with a timeout of zero always gives up") {
  adapter.override_entry("AsyncResult.get", [](Call& call) -> Value {
    if (call.args["timeout"] == Value(0)) raise_error("TimeoutError");
    return call.original();
  });
}

MUTANT(async_result_get_timeout_in_time, SleepsThrough, "a get with a timeout looks for the result when that is over") {
  sleep_through_timeout(adapter, "AsyncResult.get");
}

MUTANT(async_result_get_timeout_retry, LosesIt, "a get that gave up has given up the result") {
  refuse_after(adapter, "AsyncResult.get", "AsyncResult.get", true);
}

MUTANT(async_result_get_timeout_pool_goes_on, EndsAll, "a get that gave up is the end of the pool") {
  refuse_after(adapter, "AsyncResult.get", "Pool.apply", true);
}

MUTANT(async_result_get_exception, IsAnother, "get raises a RuntimeError, whatever the function raised") {
  raise_another(adapter, "AsyncResult.get", "RuntimeError");
}

MUTANT(async_result_get_exception_text, IsLost, "get raises errors without their text") {
  raise_another(adapter, "AsyncResult.get", "ValueError");
}

MUTANT(async_result_get_exception_late, SleepsOn, "who waits in get is not woken by an error") {
  hang_instead_of_error(adapter, "AsyncResult.get");
}

MUTANT(async_result_get_repeat, OnceOnly, "a second get returns None") { give_once(adapter); }

MUTANT(async_result_get_exception_repeat, OnceOnly, "a second get does not raise the error again") {
  static std::atomic<bool> raised{false};
  adapter.override_entry("AsyncResult.get", [](Call& call) -> Value {
    if (raised) return None;
    try {
      return call.original();
    } catch (const std::exception&) {
      raised = true;
      throw;
    }
  });
}

MUTANT(async_result_get_own_result, TheNextOne, "a get returns the first result that is there") {
  static std::mutex guard;
  static std::vector<Value> calls;
  adapter.override_entry("Pool.apply_async", [](Call& call) {
    const std::lock_guard inside(guard);
    if (!calls.empty()) call.args["args"] = calls.front();
    calls.push_back(call.args["args"]);
    return call.original();
  });
}

MUTANT(async_result_get_threads, OneOfThem, "one of those who wait for a result gets it") { give_once(adapter); }

MUTANT(async_result_get_after_join, IsGone, "join throws away results that nobody has got") {
  refuse_after(adapter, "Pool.join", "AsyncResult.get");
}

MUTANT(async_result_get_after_terminate, IsGone, "terminate throws away results that nobody has got") {
  refuse_after(adapter, "Pool.terminate", "AsyncResult.get");
}

// ---- wait

MUTANT(async_result_wait_waits, ReturnsAtOnce, "wait does not wait") { never_wait(adapter, "AsyncResult.wait"); }

MUTANT(async_result_wait_timeout, Raises, "a wait whose timeout is over raises TimeoutError") {
  adapter.override_entry("AsyncResult.wait", [](Call& call) -> Value {
    call.original();
    if (ask(call, "ready") == Value(false)) raise_error("TimeoutError");
    return None;
  });
}

MUTANT(async_result_wait_timeout_not_before, HalfOfIt, "a wait waits half of its timeout") {
  stretch_timeout(adapter, "AsyncResult.wait", 0.5);
}

MUTANT(async_result_wait_timeout_within, TwentyTimes, "a wait waits twenty times its timeout") {
  stretch_timeout(adapter, "AsyncResult.wait", 20);
}

MUTANT(async_result_wait_timeout_in_time, SleepsThrough, "a wait with a timeout looks for the result when that is over") {
  sleep_through_timeout(adapter, "AsyncResult.wait");
}

MUTANT(async_result_wait_completed, WaitsForTheNext, "a wait for a call that has completed waits for ever") {
  never_return(adapter, "AsyncResult.wait");
}

MUTANT(async_result_wait_failed, RaisesIt, "a wait raises the error of the call") {
  adapter.override_entry("AsyncResult.wait", [](Call& call) {
    call.original();
    return ask(call, "get");
  });
}

// ---- ready and successful

MUTANT(async_result_ready_not_yet, Always, "a call that is performed is ready") {
  only_answer(adapter, "AsyncResult.ready", true);
}

MUTANT(async_result_ready_queued, Always, "a call that waits for a worker is ready") {
  only_answer(adapter, "AsyncResult.ready", true);
}

MUTANT(async_result_ready_completed, AfterAGet, "a call is ready when its result was got") {
  only_answer(adapter, "AsyncResult.ready", false);
}

MUTANT(async_result_ready_failed, Never, "a call that failed never is ready") {
  only_answer(adapter, "AsyncResult.ready", false);
}

MUTANT(async_result_ready_unasked, WhenAsked, "a call is ready when somebody has waited for it") {
  only_answer(adapter, "AsyncResult.ready", false);
}

MUTANT(async_result_successful_returned, TheOpposite, "successful tells the opposite") {
  answer_the_opposite(adapter, "AsyncResult.successful");
}

MUTANT(async_result_successful_raised, Always, "a call that has ended was successful") {
  answer_wrongly(adapter, "AsyncResult.successful", true);
}

MUTANT(async_result_successful_not_ready, IsFalse, "successful is False before the result is there") {
  adapter.override_entry("AsyncResult.successful", [](Call& call) -> Value {
    return ask(call, "ready") == Value(false) ? Value(false) : call.original();
  });
}

// ---- The result of many

MUTANT(async_result_map_not_ready, TheFirst, "the first result makes all ready") { never_wait(adapter, "MapResult.wait"); }

MUTANT(async_result_map_unsuccessful, OneIsEnough, "a map_async is successful when one of its inputs was") {
  answer_wrongly(adapter, "MapResult.successful", true);
}

}  // namespace mp::conformance
