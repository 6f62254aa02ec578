#include <atomic>
#include <string>

#include "conformance/mutants/process_mistakes.h"
#include "spec/clauses/process.h"

namespace mp::conformance {
namespace {

void default_name(Adapter& adapter, const std::string& name) {
  make_otherwise(adapter, [name](Args& args) {
    if (args["name"].is_none()) args["name"] = name;
  });
}

Value one_more(const Value& number) { return number.is_none() ? number : Value(number.integer() + 1); }

}  // namespace

MUTANT(process_name_given, IsIgnored, "the parameter name is ignored") {
  make_otherwise(adapter, [](Args& args) { args["name"] = None; });
}

MUTANT(process_name_in_child, IsAnother, "a child does not know the name that it was given") {
  answer_wrongly_in_children(adapter, "Process.name", "Process-1");
}

MUTANT(process_name_default, HasNoNumber, "all unnamed processes are called Process") { default_name(adapter, "Process"); }

MUTANT(process_name_default_first, GoesOnCounting, "each process goes on with its parent's numbers") {
  make_otherwise(adapter, [](Args& args) {
    if (!in_main_process() && args["name"].is_none()) args["name"] = "Process-1:2";
  });
}

MUTANT(process_name_default_first, CountsFromZero, "the first process is called Process-0") { default_name(adapter, "Process-0"); }

MUTANT(process_name_default_counts, IsAlwaysOne, "all unnamed processes are called Process-1") { default_name(adapter, "Process-1"); }

MUTANT(process_name_default_named, DoesNotCount, "only unnamed processes are counted") {
  static std::atomic<int> unnamed{0};
  make_otherwise(adapter, [](Args& args) {
    if (args["name"].is_none()) args["name"] = "Process-" + std::to_string(++unnamed);
  });
}

MUTANT(process_name_default_subclass, IsThatOfTheClass, "an unnamed process is called after its class") {
  answer_wrongly(adapter, "Process.name", "ServeProcess-1");
}

MUTANT(process_name_default_nested, CountsFromOne, "a grandchild is called Process-1, without its parent's number") {
  make_otherwise(adapter, [](Args& args) {
    if (!in_main_process()) args["name"] = "Process-1";
  });
}

MUTANT(process_name_duplicate, IsRefused, "a process whose name another one has cannot be started") {
  static std::atomic<int> started{0};
  adapter.override_entry("Process.start", [](Call& call) -> Value {
    if (++started > 1) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(process_name_assigned, IsIgnored, "a name that is assigned is ignored") { only_answer(adapter, "Process.name=", None); }

MUTANT(process_name_main, IsAnother, "the main process is called Process-0") { answer_wrongly(adapter, "Process.name", "Process-0"); }

MUTANT(process_pid_before_start, IsZero, "the pid is 0 in the beginning") {
  answer_otherwise(adapter, "Process.pid", [](const Value& pid) { return pid.is_none() ? Value(0) : pid; });
}

MUTANT(process_pid_started, IsAnother, "the pid is off by one") { answer_otherwise(adapter, "Process.pid", one_more); }

MUTANT(process_pid_ended, IsForgotten, "a process that has ended has no pid") {
  adapter.override_entry("Process.pid",
                         [](Call& call) { return ask(call, "is_alive") == Value(true) ? call.original() : Value(); });
}

MUTANT(process_ident_same_as_pid, IsNone, "ident is always None") { only_answer(adapter, "Process.ident", None); }

MUTANT(process_authkey_bytes, IsEmpty, "the key is empty") { only_answer(adapter, "Process.authkey", Bytes()); }

MUTANT(process_authkey_bytes, IsText, "the key is a text") { only_answer(adapter, "Process.authkey", "secret"); }

MUTANT(process_authkey_inherited_by_object, IsItsOwn, "each object has a key of its own") {
  static std::atomic<int> asked{0};
  answer_otherwise(adapter, "Process.authkey", [](const Value& key) -> Value { return Bytes(key.bytes() + std::to_string(++asked)); });
}

MUTANT(process_authkey_in_child, IsItsOwn, "a child has a key of its own") {
  answer_wrongly_in_children(adapter, "Process.authkey", Bytes("another"));
}

MUTANT(process_authkey_set_on_object, IsIgnored, "a key that is set on an object is ignored") {
  only_answer(adapter, "Process.authkey=", None);
}

MUTANT(process_authkey_set_on_current, IsIgnored, "a key that is set on the own process is ignored") {
  only_answer(adapter, "Process.authkey=", None);
}

MUTANT(process_current_main, HasNoPid, "the object of the main process has no pid, because nobody started it") {
  answer_wrongly(adapter, "Process.pid", None);
}

MUTANT(process_current_child, HasNoPid, "in a child the own object has no pid") {
  answer_wrongly_in_children(adapter, "Process.pid", None);
}

MUTANT(process_parent_main, IsAPid, "in the main process parent_process gives a number, not None") {
  only_answer(adapter, "parent_process", 1);
}

MUTANT(process_parent_child, IsNone, "a child does not know its parent") { only_answer(adapter, "parent_process", None); }

MUTANT(process_parent_child, IsTheSystems, "a parent is who adopts orphans") { only_answer(adapter, "ParentProcess.pid", 1); }

MUTANT(process_parent_grandchild, IsAnother, "the pid of a grandchild's parent is off by one") {
  answer_otherwise(adapter, "ParentProcess.pid", one_more);
}

MUTANT(process_parent_name, IsAlwaysMain, "every parent is called MainProcess") { only_answer(adapter, "ParentProcess.name", "MainProcess"); }

MUTANT(process_parent_alive, IsFalse, "a parent is never alive") { only_answer(adapter, "ParentProcess.is_alive", false); }

MUTANT(process_parent_dead, IsTrue, "a parent is always alive") { only_answer(adapter, "ParentProcess.is_alive", true); }

MUTANT(process_active_children_running, KnowsNobody, "active_children is always empty") {
  answer_wrongly(adapter, "active_children", List{});
}

MUTANT(process_active_children_ended, ForgetsNobody, "a child stays among the active children when it has ended") {
  static Value seen = List{};
  adapter.override_entry("Process.start", [](Call& call) {
    const Value answer = call.original();
    seen = List{call.args.handles().keep(call.on())};
    return answer;
  });
  adapter.override_entry("active_children", [](Call&) { return seen; });
}

MUTANT(process_active_children_unstarted, ListsWhatWasMade, "a process is among the active children when it is made") {
  static Value made = List{};
  answer_otherwise(adapter, "Process()", [](const Value& process) {
    made = List{process};
    return process;
  });
  adapter.override_entry("active_children", [](Call&) { return made; });
}

MUTANT(process_active_children_own_only, ListsDescendants, "active_children lists as many as there are descendants") {
  adapter.override_entry("Process.start", [](Call& call) {
    if (!in_main_process()) claim("grandchild");
    return call.original();
  });
  answer_otherwise(adapter, "active_children", [](const Value& children) {
    Values items = children.items();
    if (is_claimed("grandchild")) items.push_back(items.front());
    return List::of(std::move(items));
  });
}

MUTANT(process_active_children_in_child, ListsSiblings, "a child lists its siblings as its own") {
  adapter.override_entry("active_children", [](Call& call) -> Value {
    if (in_main_process()) return call.original();
    return List{1};
  });
}

MUTANT(process_active_children_joins, AsksNobody, "active_children tells what was known before, and asks nobody") {
  only_answer(adapter, "active_children", List{});
}

MUTANT(process_cpu_count_positive, IsZero, "cpu_count does not count the processor it runs on") { only_answer(adapter, "cpu_count", 0); }

MUTANT(process_cpu_count_not_less_than_usable, IsOneLess, "cpu_count keeps one processor for others") {
  only_answer(adapter, "cpu_count", 0);
}

}  // namespace mp::conformance
