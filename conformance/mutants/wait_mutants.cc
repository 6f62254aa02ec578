#include <algorithm>
#include <functional>
#include <utility>

#include "conformance/adapters/cpp/socket_pair.h"
#include "conformance/mutants/mutant.h"
#include "spec/clauses/wait.h"

namespace mp::conformance {
namespace {

// The list without what `is_left_out` names.
void leave_out(Value& list, const std::function<bool(const Value&)>& is_left_out) {
  Values kept;
  for (const Value& each : list.items()) {
    if (!is_left_out(each)) kept.push_back(each);
  }
  list = List::of(std::move(kept));
}

bool is_connection(const Value& object) { return object.is<Handle>(); }
bool is_sentinel(const Value& object) { return !is_connection(object); }

void overlook(Adapter& adapter, bool (*is_overlooked)(const Value&)) {
  static bool (*overlooked)(const Value&);
  overlooked = is_overlooked;
  adapter.override_entry("wait", [](Call& call) -> Value {
    leave_out(call.args["object_list"], overlooked);
    return call.original();
  });
}

// Everything is taken for ready.
void give_all(Adapter& adapter) {
  adapter.override_entry("wait", [](Call& call) -> Value { return call.args["object_list"]; });
}

// A second wait for what the first one gave already.
void give_once(Adapter& adapter) {
  static bool gave = false;
  adapter.override_entry("wait", [](Call& call) -> Value {
    const Value ready = call.original();
    if (gave) return List{};
    gave = !ready.items().empty();
    return ready;
  });
}

bool is_socket(Call& call, const Value& object) {
  return object.is<Handle>() && call.args.handles().find(*object.as<Handle>()).as<Socket>() != nullptr;
}

void overlook_sockets(Adapter& adapter) {
  adapter.override_entry("wait", [](Call& call) -> Value {
    leave_out(call.args["object_list"], [&](const Value& object) { return is_socket(call, object); });
    if (call.args["object_list"].items().empty()) return List{};
    return call.original();
  });
}

}  // namespace

MUTANT(wait_data, GivesNothing, "wait returns an empty list when a message is there") {
  answer_wrongly(adapter, "wait", List{});
}

MUTANT(wait_eof, GivesNothing, "the end of file wakes wait, which then finds no message and returns an empty list") {
  answer_wrongly(adapter, "wait", List{});
}

MUTANT(wait_sentinel, GivesNothing, "the end of a process wakes wait, but it returns an empty list") {
  answer_wrongly(adapter, "wait", List{});
}

MUTANT(wait_idle, LooksForRoom, "wait takes a connection on which one can send for ready") { give_all(adapter); }

MUTANT(wait_socket_data, GivesNothing, "wait overlooks sockets") { overlook_sockets(adapter); }

MUTANT(wait_socket_closed_peer, GivesNothing,
       "the end of a socket wakes wait, which finds no data and returns an empty list") {
  answer_wrongly(adapter, "wait", List{});
}

MUTANT(wait_socket_idle, LooksForRoom, "wait takes a socket on which one can send for ready") { give_all(adapter); }

MUTANT(wait_socket_mixed, OverlooksSockets, "wait heeds no socket among other objects") { overlook_sockets(adapter); }

MUTANT(wait_socket_mixed, OverlooksOthers, "wait takes a list with a socket in it for one of sockets only") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    const auto has_socket = [&](const Value& list) {
      return std::any_of(list.items().begin(), list.items().end(), [&](const Value& each) { return is_socket(call, each); });
    };
    if (has_socket(call.args["object_list"])) leave_out(call.args["object_list"], is_sentinel);
    return call.original();
  });
}

MUTANT(wait_socket_takes_nothing, TakesIt, "wait reads from the socket to see whether there is something") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    const Value ready = call.original();
    for (const Value& each : ready.items()) call.args.object_of<Socket>(each)->recv(1);
    return ready;
  });
}

MUTANT(wait_running, TakesItForEnded, "wait takes the sentinel of a process that runs for ready") { give_all(adapter); }

MUTANT(wait_all_ready, GivesTheFirst, "wait returns the first object that is ready, and no other") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    const Value ready = call.original();
    if (ready.items().empty()) return ready;
    return List{ready.items().front()};
  });
}

MUTANT(wait_only_ready, GivesAll, "wait returns the whole list as soon as one object is ready") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    call.original();
    return call.args["object_list"];
  });
}

MUTANT(wait_mixed, OverlooksConnections, "wait heeds only the sentinels of a list") { overlook(adapter, is_connection); }

MUTANT(wait_mixed, OverlooksSentinels, "wait heeds only the connections of a list") { overlook(adapter, is_sentinel); }

MUTANT(wait_which_ended, GivesTheFirst, "wait returns the first sentinel, whichever process ended") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    call.original();
    return List{call.args["object_list"].items().front()};
  });
}

MUTANT(wait_same_object, GivesNumbers, "wait returns the descriptors of connections in their place") {
  adapter.override_entry("wait", [&adapter](Call& call) -> Value {
    Values numbers;
    const Value ready = call.original();
    for (const Value& each : ready.items()) {
      numbers.push_back(adapter.call_method(*each.as<Handle>(), "fileno", {}, {}, call.args.handles()));
    }
    return List::of(std::move(numbers));
  });
}

MUTANT(wait_again, OnlyOnce, "wait tells of a message once, as an edge-triggered poll does") { give_once(adapter); }

MUTANT(wait_takes_nothing, TakesIt, "wait receives the message, and drops it") {
  adapter.override_entry("wait", [&adapter](Call& call) -> Value {
    const Value ready = call.original();
    for (const Value& each : ready.items()) adapter.call_method(*each.as<Handle>(), "recv", {}, {}, call.args.handles());
    return ready;
  });
}

MUTANT(wait_blocks, GivesUpAtOnce, "wait looks and does not wait") { never_wait(adapter, "wait"); }

MUTANT(wait_timeout_none, TakesItForZero, "a timeout of None is taken for zero") { take_none_for_zero(adapter, "wait"); }

MUTANT(wait_timeout_gives_nothing, GivesNone, "wait returns None when its timeout is over") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    const Value ready = call.original();
    return ready.items().empty() ? Value() : ready;
  });
}

MUTANT(wait_timeout_not_before, GivesUpEarly, "wait gives up a tenth before its timeout") {
  stretch_timeout(adapter, "wait", 0.9);
}

MUTANT(wait_timeout_within, WaitsThreeTimes, "wait takes three times its timeout") { stretch_timeout(adapter, "wait", 3); }

MUTANT(wait_timeout_ready_in_time, SleepsThrough, "wait looks at its objects when its timeout is over, not before") {
  sleep_through_timeout(adapter, "wait");
}

MUTANT(wait_timeout_zero, TakesItForNone, "a timeout of zero is taken for None") { take_zero_for_none(adapter, "wait"); }

MUTANT(wait_timeout_negative, TakesItForNone, "a negative timeout is taken for None") {
  take_negative_for_none(adapter, "wait");
}

MUTANT(wait_robust_many, HeedsSixtyThree, "wait heeds the first 63 objects of its list") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    Values objects = call.args["object_list"].items();
    if (objects.size() > 63) objects.resize(63);
    call.args["object_list"] = List::of(std::move(objects));
    return call.original();
  });
}

MUTANT(wait_stopped, IsInterrupted, "a wait is interrupted by a stop of its process") {
  adapter.override_entry("wait", [](Call& call) -> Value {
    was_stopped();
    for (call.args["timeout"] = 0;; sleep_seconds(0.001)) {
      const Value ready = call.original();
      if (!ready.items().empty()) return ready;
      if (was_stopped()) raise_error("OSError");
    }
  });
}

}  // namespace mp::conformance
