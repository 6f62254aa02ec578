#include <atomic>
#include <vector>

#include "conformance/mutants/manager_mistakes.h"
#include "reference/manager.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {
namespace {

// The manager that is made has no server.
Value make_without_server(Call& call) { return adapter().make_object("SyncManager", {}, {}, call.args.handles()); }

}  // namespace

// ---- The life of a manager

MUTANT(manager_factory_started, IsNotStarted, "Manager() gives a manager that has to be started") {
  adapter.override_entry("Manager()", make_without_server);
}

MUTANT(manager_factory_child_process, IsNoChild, "the server is nobody's child") {
  only_answer(adapter, "active_children", List{});
}

MUTANT(manager_factory_context, IsNotStarted, "the manager of a context has to be started") {
  adapter.override_entry("Context.Manager", make_without_server);
}

MUTANT(manager_factory_context_method, IsForgotten, "a context makes its managers by the start method of the program") {
  adapter.override_entry("Context.Manager", [](Call& call) {
    return mp::conformance::adapter().make_object("Manager", {}, {}, call.args.handles());
  });
}

MUTANT(manager_lifetime_collected, IsKept, "a list of all managers keeps them") {
  static std::vector<Kept>* const managers = new std::vector<Kept>();
  adapter.override_entry("Manager()", [](Call& call) {
    const Value manager = call.original();
    managers->push_back(call.args.handles().find(*manager.as<Handle>()));
    return manager;
  });
}

MUTANT(manager_shutdown_ends_server, DoesNothing, "shutdown does nothing") {
  only_answer(adapter, "SyncManager.shutdown", None);
}

MUTANT(manager_shutdown_timeout_terminates, WaitsForIt, "shutdown waits until the server has ended, however long") {
  change_arguments(adapter, "BaseManager()", [](Args& args) { args["shutdown_timeout"] = 1000.0; });
}

MUTANT(manager_shutdown_timeout_not_before, IsImpatient, "shutdown ends a server that does not end at once") {
  change_arguments(adapter, "BaseManager()", [](Args& args) { args["shutdown_timeout"] = 0.0; });
}

MUTANT(manager_shutdown_repeatable, OnceOnly, "a second shutdown raises ProcessError") {
  static std::atomic<int> times{0};
  adapter.override_entry("BaseManager.shutdown", [](Call& call) {
    if (++times > 1) raise_error("ProcessError");
    return call.original();
  });
}

MUTANT(manager_shutdown_only_after_start, IsAlwaysThere, "shutdown of a manager without server does nothing") {
  only_answer(adapter, "BaseManager.shutdown", None);
}

MUTANT(manager_shutdown_proxies, GiveNone, "a call to a server that is gone gives None") {
  swallow_errors(adapter, "ListProxy.__len__");
}

MUTANT(manager_shutdown_create, GivesNone, "an object that cannot be made is None") {
  swallow_errors(adapter, "BaseManager.Counter");
}

MUTANT(manager_shutdown_no_leftovers, LeavesAFile, "shutdown leaves something in the directory for temporary files") {
  adapter.override_entry("BaseManager.shutdown", [](Call& call) {
    claim("left");
    return call.original();
  });
}

MUTANT(manager_lifetime_maker_exit, LeavesAFile, "a server that nobody shut down leaves its files") {
  adapter.override_entry("Manager()", [](Call& call) {
    claim("left");
    return call.original();
  });
}

MUTANT(manager_join_waits, ReturnsAtOnce, "join does not wait") { only_answer(adapter, "BaseManager.join", None); }

MUTANT(manager_join_timeout, ReturnsAtOnce, "join with a timeout does not wait") {
  only_answer(adapter, "BaseManager.join", None);
}

MUTANT(manager_ctor_not_started, GivesNone, "an object that cannot be made is None") {
  swallow_errors(adapter, "BaseManager.Counter");
}

MUTANT(manager_ctor_address_chosen, IsNotTold, "the address is the one that was given, also when there was none") {
  only_answer(adapter, "BaseManager.address", None);
}

MUTANT(manager_ctor_address_given, IsIgnored, "an arbitrary address is chosen in any case") {
  change_arguments(adapter, "BaseManager()", [](Args& args) { args["address"] = None; });
}

MUTANT(manager_ctor_authkey_given, IsIgnored, "the key of the process is used in any case") {
  change_arguments(adapter, "BaseManager()", [](Args& args) { args["authkey"] = None; });
}

MUTANT(manager_ctor_authkey_default, IsAnother, "without a key there is a fixed one") {
  change_arguments(adapter, "BaseManager()", [](Args& args) {
    if (args["authkey"].is_none()) args["authkey"] = Bytes("default");
  });
}

MUTANT(manager_ctor_authkey_type, TakesText, "a text is a key, too") {
  change_arguments(adapter, "BaseManager()", [](Args& args) {
    if (args["authkey"].is<std::string>()) args["authkey"] = Bytes(args["authkey"].text());
  });
}

MUTANT(manager_start_process, StartsNone, "start starts nothing") { only_answer(adapter, "BaseManager.start", None); }

MUTANT(manager_start_initializer, IsForgotten, "the initializer is not called") {
  change_arguments(adapter, "BaseManager.start", [](Args& args) { args["initializer"] = None; });
}

MUTANT(manager_start_initializer_in_server, RunsAtHome, "the initializer is called in the process that starts the manager") {
  adapter.override_entry("BaseManager.start", [](Call& call) {
    if (!call.args["initializer"].is_none()) {
      const Values what = call.args["initargs"].items();
      mp::conformance::adapter().call_method(*what[0].as<Handle>(), what[1].text(), {}, {}, call.args.handles());
      call.args["initializer"] = None;
    }
    return call.original();
  });
}

MUTANT(manager_start_initializer_fails, SwallowsIt, "start returns although the initializer failed") {
  swallow_errors(adapter, "BaseManager.start");
}

MUTANT(manager_start_twice, SwallowsIt, "a second start does nothing") { swallow_errors(adapter, "BaseManager.start"); }

MUTANT(manager_start_after_shutdown, SwallowsIt, "a start after shutdown does nothing") {
  swallow_errors(adapter, "BaseManager.start");
}

MUTANT(manager_get_server_serve_forever, ReturnsAtOnce, "serve_forever does not serve") {
  only_answer(adapter, "Server.serve_forever", None);
}

MUTANT(manager_get_server_address, IsWrong, "the server tells another address") {
  only_answer(adapter, "Server.address", Tuple{"127.0.0.1", 1});
}

MUTANT(manager_get_server_started, GivesNone, "a started manager gives no server and no error") {
  swallow_errors(adapter, "BaseManager.get_server");
}

MUTANT(manager_connect, DoesNothing, "connect does nothing") { only_answer(adapter, "ClientManager.connect", None); }

MUTANT(manager_connect_nobody, SwallowsIt, "connect returns when nobody listens") {
  swallow_errors(adapter, "ClientManager.connect");
}

MUTANT(manager_address_read_only, CanBeWritten, "an assignment to the address is accepted") {
  only_answer(adapter, "BaseManager.address=", None);
}

MUTANT(manager_context_enter_starts, StartsNothing, "entering starts nothing") { give_itself(adapter, "BaseManager.__enter__"); }

MUTANT(manager_context_enter_started, IsRefused, "entering a manager that runs raises ProcessError") {
  always_raise(adapter, "BaseManager.__enter__", "ProcessError");
}

MUTANT(manager_context_enter_gives_itself, GivesNone, "entering gives None") {
  answer_wrongly(adapter, "BaseManager.__enter__", None);
}

MUTANT(manager_context_exit_shuts_down, DoesNothing, "leaving does nothing") {
  only_answer(adapter, "SyncManager.__exit__", None);
}

// ---- What is registered

MUTANT(manager_register_method, GivesOneForAll, "each call gives the object that the first one made") {
  static Value first;
  adapter.override_entry("BaseManager.Counter", [](Call& call) {
    if (first.is_none()) first = call.original();
    return first;
  });
}

MUTANT(manager_register_callable, OnceOnly, "an object can be handed out once") {
  static std::atomic<int> times{0};
  adapter.override_entry("BaseManager.shared_list", [](Call& call) {
    if (++times > 1) raise_error("KeyError");
    return call.original();
  });
}

MUTANT(manager_register_arguments, AreForgotten, "arguments by name do not arrive") {
  change_arguments(adapter, "SyncManager.Namespace", [](Args& args) { args.more_by_name().items.clear(); });
}

MUTANT(manager_register_method_to_typeid, GivesAValue, "a method gives a value where the type says a proxy") {
  only_answer(adapter, "AutoProxy.counter", 0);
}

MUTANT(manager_register_result_by_value, GivesAProxy, "a list in a shared list comes as a proxy") {
  give_itself(adapter, "ListProxy.__getitem__");
}

MUTANT(manager_register_proxytype, IsPlain, "a proxy has the methods of its object only, whatever its class") {
  always_raise(adapter, "SumsProxy.twice", "AttributeError");
}

MUTANT(manager_register_proxytype, IsPlainInChildren, "a proxy that travelled has lost its class") {
  adapter.override_entry("SumsProxy.twice", [](Call& call) {
    if (!in_main_process()) raise_error("AttributeError");
    return call.original();
  });
}

MUTANT(manager_register_exposed_from_proxytype, CallsAll,
       "a call of what the proxy class does not expose is no error") {
  swallow_errors(adapter, "SumsProxy._callmethod");
}

MUTANT(manager_register_exposed_from_proxytype, CallsNone, "nothing is exposed without a list at the registration") {
  always_raise(adapter, "SumsProxy._callmethod", "RemoteError");
}

MUTANT(manager_register_method_to_typeid_from_proxytype, GivesAValue, "the mapping of the proxy class is not heeded") {
  only_answer(adapter, "SumsProxy.counter", 0);
}

MUTANT(manager_register_no_create_method, IsThereAllTheSame, "a manager has a method for each type") {
  adapter.override_entry("BaseManager.counter_result", [](Call& call) { return ask(call, "Counter"); });
}

MUTANT(manager_register_no_create_method_result, IsUnknown, "a result cannot be of a type that has no method") {
  always_raise(adapter, "AutoProxy.counter", "RemoteError");
}

MUTANT(manager_register_exposed, CallsAll, "a call of a method that is not exposed is no error") {
  swallow_errors(adapter, "AutoProxy._callmethod");
}

MUTANT(manager_register_exposed_private, IsHidden, "a private method is hidden although it is exposed") {
  always_raise(adapter, "AutoProxy._secret", "AttributeError");
}

MUTANT(manager_register_public_methods, CallsPrivateOnes, "a call of a private method is no error") {
  swallow_errors(adapter, "AutoProxy._callmethod");
}

MUTANT(manager_register_name_only, NeedsTheClass, "a client that has a name only makes no object") {
  always_raise(adapter, "ClientManager.Maths", "ValueError");
}

MUTANT(manager_register_own_class, IsOnAll, "what is registered on one class of managers is on all") {
  adapter.type<SyncManager>("SyncManager").method("Counter()", [](SyncManager&, Args&) {});
}

MUTANT(manager_register_unknown_to_server, GivesNone, "an object of an unknown type is None") {
  swallow_errors(adapter, "ClientManager.Counter");
}

MUTANT(manager_create_error, GivesNone, "an object that could not be made is None") {
  swallow_errors(adapter, "SyncManager.list");
}

// ---- Beyond the documentation

MUTANT(manager_robust_dead_client, WaitsForIt, "while one waits in a queue nothing can be appended, dead or not") {
  hold_up(adapter, "QueueProxy.get", "ListProxy.append");
}

MUTANT(manager_robust_dead_getter, GetsIt, "the item goes to who came first, dead or not") {
  adapter.override_entry("QueueProxy.get", [](Call& call) -> Value {
    claim("getter");
    const Value item = call.original();
    give_up("getter");
    return item;
  });
  adapter.override_entry("QueueProxy.put", [](Call& call) -> Value {
    if (!is_claimed("getter")) return call.original();
    give_up("getter");
    return None;
  });
}

MUTANT(manager_robust_dead_maker, WaitsForAnother, "a server waits for a process that does not end before it ends itself") {
  adapter.override_entry("current_process", [](Call& call) {
    Handles& handles = call.args.handles();
    const Value process = mp::conformance::adapter().make_object(
        "Process", {}, Kwargs{{"target", Function{"nap"}}, {"args", Tuple{1000.0, None}}}, handles);
    mp::conformance::adapter().call_method(*process.as<Handle>(), "start", {}, {}, handles);
    return call.original();
  });
}

MUTANT(manager_robust_dead_server, WaitsOn, "who waits in a server that died goes on waiting") {
  adapter.override_entry("QueueProxy.get", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

MUTANT(manager_robust_shutdown_dead_server, Raises, "shutdown raises OSError when the server is gone") {
  always_raise(adapter, "SyncManager.shutdown", "OSError");
}

}  // namespace mp::conformance
