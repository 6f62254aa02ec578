// The life of a manager: made, started, connected, shut down. What it makes is in the other suites of managers.
#include "conformance/suites/manager_moments.h"
#include "conformance/suites/pool_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {

CLAUSE_TEST(manager_factory_started, ObjectsAreMadeAtOnce) {
  Ref manager = object_in(main().make("Manager"));
  Ref list = object_in(main().call(manager, "list", List{1, 2}));
  EXPECT_EQ(main().call(list, "__len__"), 2);
}

CLAUSE_TEST(manager_factory_child_process, IsAChildOfItsMaker) {
  Ref manager = main().make("Manager");
  main().call(manager, "list");
  const std::vector<Ref> children = children_of(main());
  ASSERT_EQ(children.size(), 1u);
  EXPECT_NE(main().get(children[0], "pid"), main().pid());
}

CLAUSE_TEST(manager_factory_context, MakesAManagerThatRuns) {
  Ref context = main().call("get_context", start_method());
  Ref manager = object_in(main().call(context, "Manager"));
  Ref list = object_in(main().call(manager, "list", List{1, 2}));
  EXPECT_EQ(main().call(list, "__len__"), 2);
}

// A server has the memory of its maker when it is forked, and only then; so has a worker of a pool that is in it.
CLAUSE_TEST(manager_factory_context_method, IsThatOfTheContext) {
  const bool forks = start_method() != "fork";
  main().call("remember", "mark", 1);
  const Ref context = main().call("get_context", forks ? "fork" : "spawn");
  Ref manager = object_in(main().call(context, "Manager"));
  Ref pool = main().call(manager, "Pool", 1);
  const Work work = start_work(main(), pool);
  EXPECT_EQ(work.actor.call("recall", "mark"), forks ? Value(1) : Value(None));
  work.actor.bye();
  put_away(main(), pool);
}

// ---- Its end

CLAUSE_TEST(manager_lifetime_collected, TheServerEnds) {
  Ref manager = main().make("Manager");
  only_child_of(main());
  main().drop(manager);
  EXPECT_NO_CHILDREN(main());
}

CLAUSE_TEST(manager_lifetime_maker_exit, NothingIsLeft) {
  Actor& child = start_process();
  Ref manager = child.make("Manager");
  Ref list = child.call(manager, "list");
  child.call(list, "append", 1);
  child.bye();
  EXPECT_TRUE(finish().empty());
}

CLAUSE_TEST(manager_shutdown_ends_server, NoChildIsLeft) {
  Ref manager = main().make("Manager");
  Ref server = only_child_of(main());
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_EQ(main().call(server, "is_alive"), false);
}

// At its end a server awaits the child that it has. One that is ended meanwhile cleans nothing up.
CLAUSE_TEST(manager_shutdown_timeout_terminates, AServerThatHasAChild) {
  allow_leftovers();
  const Starting starting = begin_start(main(), Kwargs{{"shutdown_timeout", 0.1}});
  start_process({}, {.parent = &starting.server});
  let_serve(starting);
  const Ref server = only_child_of(main());
  EXPECT_RETURNED(main().call(starting.manager, "shutdown"));
  EXPECT_EQ(main().call(server, "is_alive"), false);
}

CLAUSE_TEST(manager_shutdown_timeout_not_before, AServerThatHasAChild) {
  allow_leftovers();
  const Starting starting = begin_start(main(), Kwargs{{"shutdown_timeout", 0.3}});
  start_process({}, {.parent = &starting.server});
  let_serve(starting);
  const Ref server = only_child_of(main());
  const Reply shutdown = main().call(starting.manager, "shutdown");
  if (Value(main().get(server, "exitcode")) == Value(0)) throw Unresolved("not reached", "the server did not wait for its child");
  EXPECT_TOOK_AT_LEAST(shutdown, 0.3);
}

CLAUSE_TEST(manager_shutdown_repeatable, EveryCallReturns) {
  Ref manager = start_manager(main());
  for (int i = 0; i < 3; ++i) EXPECT_RETURNED(main().call(manager, "shutdown"));
}

CLAUSE_TEST(manager_shutdown_only_after_start, IsNotThereBefore) {
  Ref manager = main().make("BaseManager");
  EXPECT_NOT_THERE(main().begin(manager, "shutdown"));
}

CLAUSE_TEST(manager_shutdown_proxies, RaiseAnError) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1, 2});
  main().call(list, "__len__");
  main().call(manager, "shutdown");
  EXPECT_RAISES(main().call(list, "__len__"), "Exception");
  EXPECT_RAISES(main().call(list, "append", 3), "Exception");
}

CLAUSE_TEST(manager_shutdown_proxies, RaiseAnErrorInAChild) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1, 2});
  Actor& child = start_process({list});
  child.call(list, "__len__");
  main().call(manager, "shutdown");
  EXPECT_RAISES(child.call(list, "__len__"), "Exception");
}

CLAUSE_TEST(manager_shutdown_create, RaisesAnError) {
  Ref manager = start_manager(main());
  main().call(manager, "shutdown");
  EXPECT_RAISES(main().call(manager, "Counter"), "Exception");
}

CLAUSE_TEST(manager_shutdown_no_leftovers, NothingIsLeft) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  main().call(counter, "add", 1);
  main().call(manager, "shutdown");
  EXPECT_TRUE(finish().empty());
}

CLAUSE_TEST(manager_join_waits, UntilTheServerHasEnded) {
  Ref manager = start_manager(main());
  Ref server = only_child_of(main());
  Pending joining = main().thread("joiner").begin(manager, "join");
  EXPECT_BLOCKED(joining);
  main().call(server, "terminate");
  EXPECT_RETURNED(joining);
  allow_leftovers();
}

CLAUSE_TEST(manager_join_timeout, GivesUpWhileTheServerRuns) {
  Ref manager = start_manager(main());
  Reply joining = main().call(manager, "join", Kwargs{{"timeout", 0.2}});
  EXPECT_RETURNED(joining);
  EXPECT_TOOK_AT_LEAST(joining, 0.2);
  Ref counter = object_in(main().call(manager, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

// ---- Making one

CLAUSE_TEST(manager_ctor_not_started, MakingAnObjectIsAnError) {
  Ref manager = main().make("BaseManager");
  EXPECT_RAISES(main().call(manager, "Counter"), "Exception");
}

CLAUSE_TEST(manager_ctor_address_chosen, IsFoundThere) {
  Ref manager = start_manager(main(), {{"authkey", Bytes(kManagerKey)}});
  const Value address = see(main().get(manager, "address"));
  EXPECT_FALSE(address.is_none());
  Ref client = make_client(main(), address);
  EXPECT_RETURNED(main().call(client, "connect"));
}

CLAUSE_TEST(manager_ctor_address_given, IsFoundThere) {
  const Value address = free_address(main());
  Ref manager = main().make("BaseManager", served_at(address));
  EXPECT_RETURNED(main().call(manager, "start"));
  EXPECT_EQ(main().get(manager, "address"), address);
  Actor& child = start_process();
  Ref client = make_client(child, address);
  EXPECT_RETURNED(child.call(client, "connect"));
}

CLAUSE_TEST(manager_ctor_authkey_given, WhoHasItIsServed) {
  Ref manager = start_manager(main(), {{"authkey", Bytes("another key")}});
  const Value address = address_of_manager(main(), manager);
  Actor& child = start_process();
  Ref client = make_client(child, address, "another key");
  EXPECT_RETURNED(child.call(client, "connect"));
  Ref counter = object_in(child.call(client, "Counter"));
  EXPECT_EQ(child.call(counter, "add", 3), 3);
}

CLAUSE_TEST(manager_ctor_authkey_default, IsThatOfTheProcess) {
  Ref manager = start_manager(main());
  const Value address = address_of_manager(main(), manager);
  Ref self = main().call("current_process");
  const Value key = main().get(self, "authkey");
  Ref client = make_client(main(), address, key.bytes());
  EXPECT_RETURNED(main().call(client, "connect"));
}

CLAUSE_TEST(manager_ctor_authkey_default, IsInheritedByChildren) {
  Ref manager = start_manager(main());
  const Value address = address_of_manager(main(), manager);
  Actor& child = start_process();
  Ref client = child.make("ClientManager", Kwargs{{"address", address}});
  EXPECT_RETURNED(child.call(client, "connect"));
}

CLAUSE_TEST(manager_ctor_authkey_type, TextIsRefused) {
  EXPECT_RAISES(main().make("BaseManager", Kwargs{{"authkey", "a text"}}), "Exception");
}

CLAUSE_TEST(manager_ctor_serializer_xml, SharesAnObject) {
  Ref manager = main().make("BaseManager", Kwargs{{"serializer", "xmlrpclib"}});
  EXPECT_RETURNED(main().call(manager, "start"));
  Ref counter = object_in(main().call(manager, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 3), 3);
}

CLAUSE_TEST(manager_ctor_serializer_unknown, IsRefused) {
  EXPECT_RAISES(main().make("BaseManager", Kwargs{{"serializer", "smoke signals"}}), "Exception");
}

// ---- Starting

CLAUSE_TEST(manager_start_process, IsOneProcessMore) {
  Ref manager = main().make("BaseManager");
  EXPECT_EQ(main().call("active_children"), List{});
  EXPECT_RETURNED(main().call(manager, "start"));
  EXPECT_EQ(children_of(main()).size(), 1u);
}

CLAUSE_TEST(manager_start_initializer, IsCalledOnceWithTheArguments) {
  Ref queue = main().make("Queue");
  Ref manager = main().make("BaseManager");
  EXPECT_RETURNED(main().call(manager, "start", Function{"call"}, Tuple{queue, "put", List{1, "two"}}));
  EXPECT_EQ(main().call(queue, "get"), List({1, "two"}));
  main().call(manager, "shutdown");
  EXPECT_EQ(main().call(queue, "empty"), true);
}

// Who does not hold a recursive lock of processes cannot take it.
CLAUSE_TEST(manager_start_initializer_in_server, WhatItAcquiresIsHeldByAnotherProcess) {
  Ref lock = main().make("RLock");
  Ref manager = main().make("BaseManager");
  main().call(manager, "start", Function{"call"}, Tuple{lock, "acquire"});
  EXPECT_EQ(main().call(lock, "acquire", false), false);
}

CLAUSE_TEST(manager_start_initializer_fails, StartFails) {
  Ref manager = main().make("BaseManager");
  EXPECT_RAISES(main().call(manager, "start", Function{"fail"}, Tuple{"ValueError", "told so"}), "Exception");
}

CLAUSE_TEST(manager_start_twice, IsRefused) {
  Ref manager = start_manager(main());
  EXPECT_RAISES(main().call(manager, "start"), "Exception");
  Ref counter = object_in(main().call(manager, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

CLAUSE_TEST(manager_start_after_shutdown, IsRefused) {
  Ref manager = start_manager(main());
  main().call(manager, "shutdown");
  EXPECT_RAISES(main().call(manager, "start"), "Exception");
}

// ---- The server object, and who connects

CLAUSE_TEST(manager_get_server_serve_forever, ServesInTheCallingProcess) {
  allow_leftovers();
  Actor& child = start_process();
  const Foreground foreground = serve_in(child, {{"authkey", Bytes(kManagerKey)}});
  EXPECT_BLOCKED(foreground.serving);
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
  Ref counter = object_in(main().call(client, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 5), 5);
  EXPECT_EQ(child.call("active_children"), List{});
}

CLAUSE_TEST(manager_get_server_address, IsThatAtWhichItListens) {
  allow_leftovers();
  Actor& child = start_process();
  Ref manager = child.make("BaseManager", Kwargs{{"authkey", Bytes(kManagerKey)}});
  Ref server = child.call(manager, "get_server");
  const Value address = see(child.get(server, "address"));
  child.thread("server").begin(server, "serve_forever");
  Ref client = make_client(main(), address);
  EXPECT_RETURNED(main().call(client, "connect"));
}

CLAUSE_TEST(manager_get_server_started, IsRefused) {
  Ref manager = start_manager(main());
  EXPECT_RAISES(main().call(manager, "get_server"), "Exception");
}

CLAUSE_TEST(manager_connect, MakesObjectsInTheServer) {
  Ref manager = start_manager(main(), {{"authkey", Bytes(kManagerKey)}});
  Ref own = main().call(manager, "shared_list");
  main().call(own, "append", "of the maker");
  Actor& child = start_process();
  Ref client = make_client(child, address_of_manager(main(), manager));
  EXPECT_RETURNED(child.call(client, "connect"));
  Ref list = object_in(child.call(client, "shared_list"));
  EXPECT_EQ(child.ask(items_of(list)), List{"of the maker"});
}

CLAUSE_TEST(manager_connect_nobody, RaisesOSError) {
  Ref client = make_client(main(), abandoned_address(main()));
  EXPECT_RAISES(main().call(client, "connect"), "OSError");
}

CLAUSE_TEST(manager_address_read_only, AssignmentIsRefused) {
  Ref manager = start_manager(main());
  const Value before = address_of_manager(main(), manager);
  EXPECT_NOT_THERE(main().begin(Step::set(manager, "address", Tuple{"localhost", 1})));
  EXPECT_EQ(main().get(manager, "address"), before);
}

// ---- As a context manager

CLAUSE_TEST(manager_context_enter_starts, TheServerRuns) {
  Ref manager = main().make("BaseManager");
  EXPECT_RETURNED(main().call(manager, "__enter__"));
  Ref counter = object_in(main().call(manager, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

CLAUSE_TEST(manager_context_enter_started, TheServerGoesOn) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  main().call(counter, "add", 1);
  EXPECT_RETURNED(main().call(manager, "__enter__"));
  EXPECT_EQ(main().call(counter, "add", 1), 2);
  EXPECT_EQ(children_of(main()).size(), 1u);
}

CLAUSE_TEST(manager_context_enter_gives_itself, TheSameObject) {
  Ref manager = main().make("BaseManager");
  EXPECT_EQ(main().call(manager, "__enter__"), manager);
}

CLAUSE_TEST(manager_context_exit_shuts_down, TheServerEnds) {
  Ref manager = main().make("Manager");
  main().call(manager, "__enter__");
  EXPECT_RETURNED(main().call(manager, "__exit__"));
  EXPECT_NO_CHILDREN(main());
}

}  // namespace mp::conformance
