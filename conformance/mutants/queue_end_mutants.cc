#include <atomic>
#include <cstdlib>
#include <optional>

#include "conformance/mutants/mutant.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {
namespace {

// Whoever does this throws away what nobody has read yet.
void discard_unread(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) {
    while (ask(call, "empty") == Value(false)) ask(call, "get");
    return call.original();
  });
}

// A join waits until the last queue that was made has been read.
void join_waits_for_readers(Adapter& adapter) {
  static std::optional<Value> queue;
  adapter.override_entry("Queue()", [](Call& call) {
    queue = call.original();
    return *queue;
  });
  adapter.override_entry("Process.join", [&adapter](Call& call) {
    wait_until(
        [&] { return adapter.call_method(*queue->as<Handle>(), "empty", {}, {}, call.args.handles()) == Value(true); });
    return call.original();
  });
}

// What a child put last does not arrive.
void forget_the_last(Adapter& adapter) {
  static std::optional<Value> last;
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (in_main_process()) return call.original();
    const std::optional<Value> before = std::exchange(last, call.args["obj"]);
    if (!before) return None;
    call.args["obj"] = *before;
    return call.original();
  });
}

}  // namespace

MUTANT(queue_close_flushes, DiscardsThem, "close throws away what nobody has read yet") {
  discard_unread(adapter, "Queue.close");
}

MUTANT(queue_close_dropped, LosesThem, "what its maker put into a queue is lost when he drops it") {
  when_maker_drops(adapter, "Queue()", [] { claim("dropped"); });
  adapter.override_entry("Queue.get", [](Call& call) {
    if (is_claimed("dropped")) sleep_for_ever();
    return call.original();
  });
}

MUTANT(queue_close_local, ForEverybody, "a close closes the queue for all processes") {
  adapter.override_entry("Queue.close", [](Call& call) {
    claim("closed");
    return call.original();
  });
  for (const char* entry : {"Queue.put", "Queue.get"}) {
    adapter.override_entry(entry, [](Call& call) -> Value {
      if (is_claimed("closed")) raise_error("ValueError");
      return call.original();
    });
  }
}

MUTANT(queue_close_twice, IsRefused, "a second close raises ValueError") {
  static std::atomic<int> times{0};
  adapter.override_entry("Queue.close", [](Call& call) -> Value {
    if (++times > 1) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(queue_join_thread_before_close, IsNotRefused, "join_thread before close does nothing") {
  swallow_errors(adapter, "Queue.join_thread");
}

MUTANT(queue_join_thread_unused, WaitsForAPut, "join_thread waits for a thread that was never started") {
  static std::atomic<bool> used{false};
  adapter.override_entry("Queue.put", [](Call& call) {
    used = true;
    return call.original();
  });
  adapter.override_entry("Queue.join_thread", [](Call& call) {
    if (!used) sleep_for_ever();
    return call.original();
  });
}

MUTANT(queue_join_thread_flushed, DiscardsThem, "join_thread throws away what nobody has read yet") {
  discard_unread(adapter, "Queue.join_thread");
}

MUTANT(queue_cancel_join_thread_exit, IsIgnored,
       "a process that put something ends when all of it was read, whatever it cancelled") {
  join_waits_for_readers(adapter);
}

MUTANT(queue_cancel_join_thread_join_thread, IsIgnored,
       "join_thread waits until all was read, whatever was cancelled") {
  adapter.override_entry("Queue.join_thread", [](Call& call) {
    wait_until([&] { return ask(call, "empty") == Value(true); });
    return call.original();
  });
}

MUTANT(queue_cancel_join_thread_may_lose, LosesAll, "cancel_join_thread throws away what nobody has read yet") {
  discard_unread(adapter, "Queue.cancel_join_thread");
}

MUTANT(queue_exit_flushes, ForgetsTheLast, "the last item that a child put is lost when it ends") { forget_the_last(adapter); }

MUTANT(queue_exit_flushes_error, ForgetsTheLast, "the last item that a child put is lost when it ends") { forget_the_last(adapter); }

MUTANT(queue_exit_creator, WaitsForReaders, "the creator of a queue does not end as long as there may be items in it") {
  adapter.override_entry("Queue()", [](Call& call) {
    std::atexit([] {
      if (in_main_process()) sleep_for_ever();
    });
    return call.original();
  });
}

MUTANT(queue_robust_join_before_get, WaitsForReaders, "a process that put something ends when all of it was read") {
  join_waits_for_readers(adapter);
}

}  // namespace mp::conformance
