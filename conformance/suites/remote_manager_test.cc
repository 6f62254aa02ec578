// A server in the foreground of one process, and clients that know no more of it than address and key.
#include <set>

#include "conformance/suites/manager_moments.h"
#include "spec/clauses/remote_manager.h"

namespace mp::conformance {
namespace {

Kwargs protected_by_key() { return {{"authkey", Bytes(kManagerKey)}}; }

const Tuple kAnyPort{"127.0.0.1", 0};

}  // namespace

CLAUSE_TEST(remote_manager_foreground, OthersUseItsObjects) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
  Ref maths = object_in(main().call(client, "Maths"));
  EXPECT_EQ(main().call(maths, "add", 4, 3), 7);
}

CLAUSE_TEST(remote_manager_two_clients, OnePutsTheOtherGets) {
  Actor& server = start_process();
  Actor& other = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref own = object_in(main().call(connect_client(main(), foreground.address), "shared_queue"));
  Ref others = object_in(other.call(connect_client(other, foreground.address), "shared_queue"));
  Pending getting = other.begin(others, "get");
  EXPECT_BLOCKED(getting);
  EXPECT_RETURNED(main().call(own, "put", "hello"));
  EXPECT_RETURNED(getting, "hello");
}

CLAUSE_TEST(remote_manager_existing_object, LateOnesGetItToo) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref client = connect_client(main(), foreground.address);
  Ref list = object_in(main().call(client, "shared_list"));
  EXPECT_RETURNED(main().call(list, "append", "early"));
  main().drop(list);
  Actor& other = start_process();
  Ref late = object_in(other.call(connect_client(other, foreground.address), "shared_list"));
  EXPECT_EQ(other.ask(items_of(late)), List{"early"});
}

CLAUSE_TEST(remote_manager_own_children, UseTheObjectBesideClients) {
  Ref manager = start_manager(main(), protected_by_key());
  Ref queue = main().call(manager, "shared_queue");
  Actor& worker = start_process({queue});
  Actor& stranger = start_process();
  Ref strangers = object_in(stranger.call(connect_client(stranger, address_of_manager(main(), manager)), "shared_queue"));
  EXPECT_RETURNED(worker.call(queue, "put", "local hello"));
  EXPECT_EQ(stranger.call(strangers, "get"), "local hello");
}

CLAUSE_TEST(remote_manager_tcp, ServesWhoConnects) {
  Actor& server = start_process();
  const Foreground foreground =
      serve_in(server, {{"address", kAnyPort}, {"authkey", Bytes(kManagerKey)}});
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
  Ref list = object_in(main().call(client, "shared_list"));
  EXPECT_RETURNED(main().call(list, "append", 1));
  EXPECT_EQ(main().ask(items_of(list)), List{1});
}

CLAUSE_TEST(remote_manager_port_zero, TheAddressTellsTheRealOne) {
  Ref manager = start_manager(main(), {{"address", kAnyPort}, {"authkey", Bytes(kManagerKey)}});
  const Value address = see(main().get(manager, "address"));
  ASSERT_TRUE(address.is<Tuple>()) << address;
  EXPECT_GT(address.items().at(1), 0);
  Ref client = make_client(main(), address);
  EXPECT_RETURNED(main().call(client, "connect"));
}

CLAUSE_TEST(remote_manager_unix, ServesWhoConnects) {
  Ref listener = main().make("Listener", Kwargs{{"family", "AF_UNIX"}});
  const Value path = main().get(listener, "address");
  main().call(listener, "close");
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, served_at(path));
  EXPECT_EQ(server.get(foreground.server, "address"), path);
  Ref client = make_client(main(), path);
  EXPECT_RETURNED(main().call(client, "connect"));
}

// ---- Keys

CLAUSE_TEST(remote_manager_wrong_key, IsRefused) {
  Ref manager = start_manager(main(), protected_by_key());
  Actor& child = start_process();
  Ref client = make_client(child, address_of_manager(main(), manager), "another key");
  EXPECT_RAISES(child.call(client, "connect"), "AuthenticationError");
}

CLAUSE_TEST(remote_manager_wrong_key, TheDefaultIsRefusedToo) {
  Ref manager = start_manager(main(), protected_by_key());
  Ref client = main().make("ClientManager", Kwargs{{"address", address_of_manager(main(), manager)}});
  EXPECT_RAISES(main().call(client, "connect"), "AuthenticationError");
}

CLAUSE_TEST(remote_manager_wrong_key_goes_on, TheNextIsServed) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  expect_refused(main().call(make_client(main(), foreground.address, "another key"), "connect"));
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
}

// ---- The end of clients

CLAUSE_TEST(remote_manager_client_exit, TheObjectsStay) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Actor& first = start_process();
  Ref list = first.call(connect_client(first, foreground.address), "shared_list");
  first.call(list, "append", "of the first");
  first.bye();
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
  Ref again = object_in(main().call(client, "shared_list"));
  EXPECT_EQ(main().ask(items_of(again)), List{"of the first"});
}

CLAUSE_TEST(remote_manager_client_shutdown, IsNotThere) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref client = connect_client(main(), foreground.address);
  EXPECT_NOT_THERE(main().begin(client, "shutdown"));
  Ref counter = object_in(main().call(client, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

CLAUSE_TEST(remote_manager_client_collected, TheServerGoesOn) {
  Ref manager = start_manager(main(), protected_by_key());
  Ref client = connect_client(main(), address_of_manager(main(), manager));
  main().drop(client);
  Ref counter = object_in(main().call(manager, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

// ---- At work

CLAUSE_TEST(remote_manager_tasks, EachIsDoneOnce) {
  constexpr int kTasks = 20;
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref client = connect_client(main(), foreground.address);
  Ref tasks = main().call(client, "shared_queue");
  for (int i = 0; i < kTasks; ++i) main().call(tasks, "put", i);
  std::vector<Pending> working;
  for (int i = 0; i < 2; ++i) {
    Actor& worker = start_process();
    Ref own = worker.call(connect_client(worker, foreground.address), "shared_queue");
    working.push_back(worker.begin_batch({Step::call(own, "get")}, kTasks / 2));
  }
  std::set<std::int64_t> done;
  for (const Pending& batch : working) {
    for (const Reply& task : replies_of(batch)) done.insert(see(task).integer());
  }
  EXPECT_EQ(done.size(), std::size_t{kTasks});
}

CLAUSE_TEST(remote_manager_proxy_to_child, IsTheSameObject) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref list = main().call(connect_client(main(), foreground.address), "shared_list");
  Actor& child = start_process({list});
  EXPECT_RETURNED(child.call(list, "append", 1));
  EXPECT_EQ(main().ask(items_of(list)), List{1});
}

// ---- Beyond the documentation

CLAUSE_TEST(remote_manager_robust_dead_client, TheNextIsServed) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Actor& first = start_process();
  Ref queue = first.call(connect_client(first, foreground.address), "shared_queue");
  Pending getting = first.begin(queue, "get");
  await_blocked(getting);
  kill_and_await(first);
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
  Ref counter = object_in(main().call(client, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

CLAUSE_TEST(remote_manager_robust_silent_client, OthersAreServed) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref silent = main().make("Client", foreground.address);
  Ref client = make_client(main(), foreground.address);
  EXPECT_RETURNED(main().call(client, "connect"));
  EXPECT_RETURNED(main().call(silent, "close"));
}

CLAUSE_TEST(remote_manager_robust_dead_server, CallsRaise) {
  Actor& server = start_process();
  const Foreground foreground = serve_in(server, protected_by_key());
  Ref client = connect_client(main(), foreground.address);
  Ref list = main().call(client, "shared_list");
  main().call(list, "append", 1);
  kill_and_await(server);
  EXPECT_RAISES(main().call(list, "append", 2), "Exception");
  Ref late = make_client(main(), foreground.address);
  EXPECT_RAISES(main().call(late, "connect"), "Exception");
}

}  // namespace mp::conformance
