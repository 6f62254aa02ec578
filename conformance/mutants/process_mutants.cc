#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>

#include "conformance/mutants/process_mistakes.h"
#include "spec/clauses/process.h"

namespace mp::conformance {

MUTANT(process_ctor_defaults, NeedsATarget, "a process cannot be made without a target") {
  make_otherwise(adapter, [](Args& args) {
    if (args["target"].is_none()) raise_error("TypeError");
  });
}

MUTANT(process_ctor_starts_nothing, StartsAtOnce, "a process runs as soon as it is made") {
  adapter.override_entry("Process()", [&adapter](Call& call) -> Value {
    const Value process = call.original();
    adapter.call_method(*process.as<Handle>(), "start", {}, {}, call.args.handles());
    return process;
  });
}

MUTANT(process_ctor_no_arguments, PassesItsName, "a target without arguments gets the name of the process, which it does not take") {
  make_otherwise(adapter, [](Args& args) {
    if (!args["args"].items().empty()) return;
    args["target"] = Function{"fail"};
    args["args"] = Tuple{"TypeError", "takes 0 arguments, 1 was given"};
  });
}

MUTANT(process_ctor_args_tuple, ReversesThem, "the arguments arrive in the opposite order") {
  change_arguments(adapter, [](Values& items) { std::ranges::reverse(items); });
}

MUTANT(process_ctor_args_list, WantsATuple, "a list for args is a TypeError") {
  make_otherwise(adapter, [](Args& args) {
    if (args["args"].is<List>()) raise_error("TypeError");
  });
}

MUTANT(process_ctor_kwargs, LosesTheLast, "the last named argument does not arrive") {
  make_otherwise(adapter, [](Args& args) {
    if (auto* dict = args["kwargs"].as<Dict>(); dict != nullptr && !dict->items.empty()) dict->items.pop_back();
  });
}

MUTANT(process_ctor_args_and_kwargs, TakesOneOrTheOther, "named arguments are lost when there are others") {
  make_otherwise(adapter, [](Args& args) {
    if (args["args"].items().size() > 1) args["kwargs"] = Dict{};
  });
}

MUTANT(process_ctor_argument_kinds, MakesTuplesLists, "a tuple among the arguments arrives as a list") {
  change_arguments(adapter, [](Values& items) {
    for (Value& item : items) {
      if (item.is<Tuple>()) item = List::of(item.items());
    }
  });
}

MUTANT(process_ctor_argument_kinds, EndsTextAtZero, "bytes end at the first zero") {
  change_arguments(adapter, [](Values& items) {
    for (Value& item : items) {
      if (item.is<Bytes>()) item = Bytes(item.bytes().c_str());
    }
  });
}

MUTANT(process_ctor_large_argument, CutsAtAPipe, "of a large argument arrives what fits in a pipe") {
  change_arguments(adapter, [](Values& items) {
    for (Value& item : items) {
      if (item.is<std::string>()) item = item.text().substr(0, 65536);
    }
  });
}

MUTANT(process_nested, OnlyMainStarts, "a child cannot start a process") {
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (!in_main_process()) raise_error("AssertionError");
    return call.original();
  });
}

MUTANT(process_run_called_directly, StartsIt, "run is another word for start") {
  adapter.override_entry("Process.run", [](Call& call) { return ask(call, "start"); });
}

MUTANT(process_run_no_target, NeedsOne, "run without a target is a TypeError") { always_raise(adapter, "Process.run", "TypeError"); }

MUTANT(process_run_overridden, RunsTheBaseClass, "of a subclass the run of Process is called") {
  adapter.override_entry("ServeProcess()",
                         [&adapter](Call& call) { return adapter.make_object("Process", {}, {}, call.args.handles()); });
}

MUTANT(process_run_subclass_state, CarriesOnlyTheBase, "what a subclass keeps does not travel") {
  adapter.override_entry("ServeProcess()", [](Call& call) {
    call.args.more().clear();
    return call.original();
  });
}

MUTANT(process_start_other_process, RunsHere, "start calls the target in the calling process") {
  adapter.override_entry("Process.start", [](Call& call) { return ask(call, "run"); });
}

MUTANT(process_start_does_not_wait, WaitsForTheEnd, "start returns when the child has ended") {
  adapter.override_entry("Process.start", [](Call& call) {
    call.original();
    return ask(call, "join");
  });
}

MUTANT(process_start_several_at_once, OneAfterAnother, "a second process waits for the first to end") {
  static std::atomic<int> started{0};
  adapter.override_entry("Process.start", [](Call& call) {
    if (++started > 1) sleep_for_ever();
    return call.original();
  });
}

MUTANT(process_start_once, SaysNothing, "a second start of a running process raises nothing") { swallow_errors(adapter, "Process.start"); }

MUTANT(process_start_once_ended, SaysNothing, "a second start of an ended process raises nothing") {
  swallow_errors(adapter, "Process.start");
}

MUTANT(process_start_from_thread, OnlyOnTheMainThread, "only the main thread may start processes") {
  static const std::thread::id main_thread = std::this_thread::get_id();
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (std::this_thread::get_id() != main_thread) raise_error("RuntimeError");
    return call.original();
  });
}

MUTANT(process_start_joins_ended, IsPutOff, "a start while there are ended children is put off, and takes no note of them") {
  static std::atomic<int> started{0};
  adapter.override_entry("Process.start", [](Call& call) -> Value { return ++started > 1 ? Value() : call.original(); });
}

MUTANT(process_isolation_memory, SharesIt, "what a child remembers its parent remembers") {
  adapter.override_entry("remember", [](Call& call) {
    if (!in_main_process()) claim("by-child");
    return call.original();
  });
  adapter.override_entry("recall", [](Call& call) { return is_claimed("by-child") ? Value(2) : call.original(); });
}

MUTANT(process_isolation_crash, TakesTheParentAlong, "a process that joins a child goes down with it") {
  adapter.override_entry("Process.join", [](Call& call) -> Value {
    call.original();
    std::_Exit(1);
  });
}

MUTANT(process_robust_many, HasSixteenPlaces, "no more than sixteen processes can be started") {
  static std::atomic<int> started{0};
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (++started > 16) raise_error("OSError");
    return call.original();
  });
}

}  // namespace mp::conformance
