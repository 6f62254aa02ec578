#include <algorithm>
#include <string>
#include <utility>

#include "conformance/mutants/process_mistakes.h"
#include "spec/clauses/start_method.h"

namespace mp::conformance {
namespace {

const Kwargs kForce{{"force", true}};

// What a call of the module changes besides.
void also_set(Adapter& adapter, const char* entry, Value method) {
  static Value set;
  set = std::move(method);
  adapter.override_entry(entry, [&adapter](Call& call) -> Value {
    const Value value = call.original();
    adapter.call_function("set_start_method", {set}, kForce, call.args.handles());
    return value;
  });
}

void force_always(Adapter& adapter) {
  adapter.override_entry("set_start_method", [](Call& call) -> Value {
    call.args["force"] = true;
    return call.original();
  });
}

// None is unset again after this: what was to be fixed is not.
void leave_unset(Adapter& adapter, const char* entry) { also_set(adapter, entry, None); }

bool is_text(const Value& value) { return value.is<std::string>(); }

void start_nothing(Adapter& adapter) { only_answer(adapter, "Process.start", None); }

}  // namespace

MUTANT(start_method_all_names, HasThreads, "threads are listed among the start methods") {
  only_answer(adapter, "get_all_start_methods", List{"fork", "spawn", "forkserver", "thread"});
}

MUTANT(start_method_all_posix, LacksSpawn, "spawn is not listed") {
  only_answer(adapter, "get_all_start_methods", List{"fork", "forkserver"});
}

MUTANT(start_method_all_forkserver, IsNotListed, "forkserver is not listed") {
  only_answer(adapter, "get_all_start_methods", List{"fork", "spawn"});
}

MUTANT(start_method_all_default_first, IsSorted, "the methods are listed backwards") {
  only_answer(adapter, "get_all_start_methods", List{"spawn", "forkserver", "fork"});
}

MUTANT(start_method_default_linux_fork, IsSpawn, "the default is spawn") {
  only_answer(adapter, "get_start_method", "spawn");
}

MUTANT(start_method_get_name, IsInCapitals, "get_start_method names the method in capitals") {
  only_answer(adapter, "get_start_method", "FORK");
}

MUTANT(start_method_get_fixes_default, FixesNothing, "get_start_method tells the default and fixes nothing") {
  adapter.override_entry("get_start_method", [&adapter](Call& call) -> Value {
    call.args["allow_none"] = true;
    const Value method = call.original();
    if (!method.is_none()) return method;
    return adapter.call_function("get_all_start_methods", {}, {}, call.args.handles()).items().front();
  });
}

MUTANT(start_method_get_allow_none, GivesTheDefault, "get_start_method takes no notice of allow_none") {
  adapter.override_entry("get_start_method", [](Call& call) -> Value {
    call.args["allow_none"] = false;
    return call.original();
  });
}

MUTANT(start_method_get_allow_none_fixes_nothing, FixesTheDefault, "get_start_method fixes the default, asked how it may") {
  adapter.override_entry("get_start_method", [](Call& call) -> Value {
    call.args["allow_none"] = false;
    call.original();
    return None;
  });
}

MUTANT(start_method_set_selects, SelectsAnother, "whatever is set, spawn is used") {
  adapter.override_entry("set_start_method", [](Call& call) -> Value {
    if (is_text(call.args["method"])) call.args["method"] = "spawn";
    return call.original();
  });
}

MUTANT(start_method_set_again, ReplacesIt, "set_start_method replaces the method that is set") { force_always(adapter); }

MUTANT(start_method_set_again_same, IsHarmless, "the method that is set can be set again") { force_always(adapter); }

MUTANT(start_method_set_after_start, FixesNothing, "starting a process fixes no method") {
  leave_unset(adapter, "Process.start");
}

MUTANT(start_method_set_force, IgnoresIt, "set_start_method takes no notice of force with a name") {
  adapter.override_entry("set_start_method", [](Call& call) -> Value {
    if (is_text(call.args["method"])) call.args["force"] = false;
    return call.original();
  });
}

MUTANT(start_method_set_none_force, SetsTheDefault, "None with force sets the default") {
  adapter.override_entry("set_start_method", [&adapter](Call& call) -> Value {
    const Value value = call.original();
    if (call.args["method"].is_none()) adapter.call_function("get_start_method", {}, {}, call.args.handles());
    return value;
  });
}

MUTANT(start_method_set_none, SetsNothing, "None without force sets nothing") {
  adapter.override_entry("set_start_method", [](Call& call) -> Value {
    if (call.args["method"].is_none()) call.args["force"] = true;
    return call.original();
  });
}

MUTANT(start_method_set_unknown, TakesTheDefault, "a name that is no method stands for the default") {
  adapter.override_entry("set_start_method", [](Call& call) -> Value {
    if (call.args["method"] == Value("thread")) call.args["method"] = None;
    return call.original();
  });
}

MUTANT(start_method_executable_used, IsIgnored, "children are started with the program that runs, whatever was set") {
  only_answer(adapter, "set_executable", None);
}

MUTANT(start_method_executable_default, IsAnother, "a child is another program than its creator") {
  answer_wrongly_in_children(adapter, "program", "/usr/bin/another");
}

MUTANT(start_method_executable_own, IsCutShort, "the path of the program loses its last letter") {
  adapter.override_entry("set_executable", [](Call& call) -> Value {
    std::string path = call.args.text("executable");
    path.pop_back();
    call.args["executable"] = path;
    return call.original();
  });
}

MUTANT(start_method_executable_again, TheFirstStays, "the program can be set once only") {
  adapter.override_entry("set_executable", [](Call& call) -> Value {
    static bool set = false;
    if (!std::exchange(set, true)) call.original();
    return None;
  });
}

MUTANT(start_method_executable_fork, IsLookedFor, "a fork fails when the program to be started is not there") {
  static bool set = false;
  adapter.override_entry("set_executable", [](Call& call) -> Value {
    set = true;
    return call.original();
  });
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (set) raise_error("FileNotFoundError");
    return call.original();
  });
}

MUTANT(start_method_robust_missing_executable, IsSilent, "a start with a program that does not exist raises nothing") {
  swallow_errors(adapter, "Process.start");
}

MUTANT(start_method_forkserver_nested, IsForMainOnly, "only the main process can start others") {
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (!in_main_process()) raise_error("RuntimeError");
    return call.original();
  });
}

MUTANT(start_method_child_same_method, IsTheDefault, "a child names another method than that of its parent") {
  adapter.override_entry("get_start_method",
                         [](Call& call) -> Value { return in_main_process() ? call.original() : Value("thread"); });
}

MUTANT(start_method_fork_copy, BeginsAnew, "a forked child knows nothing of its parent's variables") {
  answer_wrongly_in_children(adapter, "recall", None);
}

MUTANT(start_method_fork_copy, SeesWhatIsNow, "a forked child sees what its parent sets later") {
  answer_wrongly_in_children(adapter, "recall", 2);
}

MUTANT(start_method_fork_inherits_all, HoldsWhatItWasGiven, "a pipe end that a child was not given is closed in it") {
  adapter.override_entry("Connection.close", [](Call& call) {
    claim("closed");
    return call.original();
  });
  adapter.override_entry("Connection.recv", [](Call& call) -> Value {
    if (is_claimed("closed")) raise_error("EOFError");
    return call.original();
  });
}

MUTANT(start_method_fork_global_resource, IsAnother, "a forked child finds a queue of its own in its parent's variable") {
  adapter.override_entry("recall", [&adapter](Call& call) {
    return in_main_process() ? call.original() : adapter.make_object("Queue", {}, {}, call.args.handles());
  });
}

MUTANT(start_method_spawn_fresh, IsACopy, "a spawned child has the variables of its creator") {
  adapter.override_entry("remember", [](Call& call) {
    claim("remembered");
    return call.original();
  });
  adapter.override_entry("recall", [](Call& call) { return is_claimed("remembered") ? Value(1) : call.original(); });
}

MUTANT(start_method_freeze_support, Raises, "freeze_support raises an error in a program that is not frozen") {
  always_raise(adapter, "freeze_support", "RuntimeError");
}

MUTANT(start_method_context_default, IsAnother, "a context names spawn, whatever the module has") {
  only_answer(adapter, "Context.get_start_method", "spawn");
}

MUTANT(start_method_context_named, IsThatOfTheModule, "a context names the method of the module") {
  only_answer(adapter, "Context.get_start_method", "fork");
}

MUTANT(start_method_context_leaves_global, SetsIt, "to get a context by name sets the method of the module") {
  also_set(adapter, "get_context", "spawn");
}

MUTANT(start_method_context_unavailable, GivesTheDefault, "a name that is no method gives the default context") {
  adapter.override_entry("get_context", [](Call& call) -> Value {
    if (call.args["method"] == Value("thread")) call.args["method"] = None;
    return call.original();
  });
}

MUTANT(start_method_context_process, StartsNothing, "start returns, and no process runs") { start_nothing(adapter); }

MUTANT(start_method_context_same_classes, HasNoQueue, "a queue cannot be made from a context") {
  always_raise(adapter, "Context.Queue", "TypeError");
}

MUTANT(start_method_context_same_classes, HasNoArray, "an array cannot be made from a context") {
  always_raise(adapter, "Context.Array", "TypeError");
}

MUTANT(start_method_context_side_by_side, OneMethodAtATime, "while the process of one context runs, no other starts") {
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (!claim("running")) raise_error("RuntimeError");
    return call.original();
  });
}

MUTANT(start_method_arguments_shared_objects, AreCopied, "a process gets a new queue in the place of its argument") {
  replace_arguments(adapter, "Queue");
}

MUTANT(start_method_arguments_nested, AreCopied, "a process gets a new queue in the place of one in a list") {
  replace_arguments(adapter, "Queue");
}

MUTANT(start_method_context_foreign_fork_lock, ExcludesNobody, "a lock of another context is taken, and excludes nobody") {
  only_answer(adapter, "Lock.acquire", true);
}

MUTANT(start_method_spawn_only_what_is_needed, StaysOpen, "a pipe end stays open somewhere after its close") {
  only_answer(adapter, "Connection.close", None);
}

MUTANT(start_method_spawn_unserialisable, IsSilent, "a start that fails because of an argument raises nothing") {
  swallow_errors(adapter, "Process.start");
}

MUTANT(start_method_spawn_unserialisable_leaves_nothing, StaysListed, "a process that could not be started is alive") {
  only_answer(adapter, "Process.is_alive", true);
}

MUTANT(start_method_spawn_undecodable, IsReportedAtTheStart, "start raises what will go wrong in the child") {
  static bool is_spoilt = false;
  make_otherwise(adapter, [](Args& args) { is_spoilt = std::ranges::any_of(args["args"].items(), &Value::is<Handle>); });
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (is_spoilt) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(start_method_spawn_undecodable, IsLeftOut, "the target is called without the argument that cannot be made anew") {
  make_otherwise(adapter, [](Args& args) { args["args"] = Tuple{1}; });
}

MUTANT(start_method_spawn_unserialisable_goes_on, SpoilsTheNext, "after a start that failed every start fails") {
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    static bool failed = false;
    if (failed) raise_error("RuntimeError");
    try {
      return call.original();
    } catch (const std::exception&) {
      failed = true;
      throw;
    }
  });
}

}  // namespace mp::conformance
