#include <atomic>

#include "conformance/mutants/manager_mistakes.h"
#include "spec/clauses/remote_manager.h"

namespace mp::conformance {
namespace {

void finds_nobody(Adapter& adapter) { always_raise(adapter, "ClientManager.connect", "OSError"); }

}  // namespace

MUTANT(remote_manager_foreground, IsNotFound, "nobody gets through to a server in the foreground") { finds_nobody(adapter); }
MUTANT(remote_manager_tcp, IsNotFound, "nobody gets through to a TCP address") { finds_nobody(adapter); }
MUTANT(remote_manager_unix, IsNotFound, "nobody gets through to a path") { finds_nobody(adapter); }

MUTANT(remote_manager_two_clients, OneQueueEach, "what one client puts the other does not get") {
  only_answer(adapter, "QueueProxy.put", None);
}
MUTANT(remote_manager_existing_object, OneListEach, "each client gets a list of its own") {
  only_answer(adapter, "ListProxy.append", None);
}
MUTANT(remote_manager_own_children, OneQueueEach, "what a child puts no client gets") {
  lose_of_children(adapter, "QueueProxy.put");
}
MUTANT(remote_manager_port_zero, StaysZero, "the address tells port zero") {
  only_answer(adapter, "BaseManager.address", Tuple{"127.0.0.1", 0});
}
MUTANT(remote_manager_wrong_key, SwallowsIt, "connect with another key returns") {
  swallow_errors(adapter, "ClientManager.connect");
}
MUTANT(remote_manager_wrong_key_goes_on, IsTheLast, "after one was refused all are") {
  adapter.override_entry("ClientManager.connect", [](Call& call) {
    if (is_claimed("refused")) raise_error("OSError");
    try {
      return call.original();
    } catch (const std::exception&) {
      claim("refused");
      throw;
    }
  });
}
MUTANT(remote_manager_client_exit, TakesItAway, "what a client put goes with it") {
  lose_of_children(adapter, "ListProxy.append");
}
MUTANT(remote_manager_client_shutdown, IsThere, "who connected can call shutdown") {
  only_answer(adapter, "ClientManager.shutdown", None);
}
MUTANT(remote_manager_client_collected, EndsTheServer, "the server ends with a manager that connected") {
  static std::atomic<bool> dropped{false};
  when_maker_drops(adapter, "ClientManager()", [] { dropped = true; });
  adapter.override_entry("BaseManager.Counter", [](Call& call) {
    if (dropped) raise_error("OSError");
    return call.original();
  });
}
MUTANT(remote_manager_tasks, GivesTwice, "every second task is the one before") {
  static std::atomic<int> times{0};
  static Value last;
  adapter.override_entry("QueueProxy.get", [](Call& call) {
    const Value task = call.original();
    if (++times % 2 == 0) return last;
    return last = task;
  });
}
MUTANT(remote_manager_proxy_to_child, IsACopy, "what a child appends is lost") {
  lose_of_children(adapter, "ListProxy.append");
}
MUTANT(remote_manager_robust_dead_client, WaitsForIt, "while one waits in a queue nobody can connect, dead or not") {
  hold_up(adapter, "QueueProxy.get", "ClientManager.connect");
}
MUTANT(remote_manager_robust_silent_client, WaitsForIt, "who connects waits for who came before") {
  adapter.override_entry("Client()", [](Call& call) {
    claim("silent");
    return call.original();
  });
  adapter.override_entry("ClientManager.connect", [](Call& call) {
    if (is_claimed("silent")) sleep_for_ever();
    return call.original();
  });
}
MUTANT(remote_manager_robust_dead_server, GivesNone, "a call to a server that is gone gives None") {
  swallow_errors(adapter, "ListProxy.append");
}

}  // namespace mp::conformance
