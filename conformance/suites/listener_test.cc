// Listener and Client without keys: addresses, accept, close.
#include <algorithm>
#include <vector>

#include "conformance/suites/listener_moments.h"
#include "spec/clauses/listener.h"

namespace mp::conformance {
namespace {

// "localhost" and a port; whoever wants none in particular gives 0.
Tuple local(int port) { return {"127.0.0.1", port}; }

// A pair of host and port, as far as its form goes.
testing::AssertionResult is_tcp(const Value& address) {
  const auto* pair = address.as<Tuple>();
  if (pair != nullptr && pair->items.size() == 2 && pair->items[0].is<std::string>() &&
      pair->items[1].is<std::int64_t>()) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << printed(address) << " is no pair of host and port";
}

testing::AssertionResult is_text(const Value& address) {
  if (address.is<std::string>()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << printed(address) << " is no text";
}

}  // namespace

CLAUSE_TEST(listener_round_trip, CarriesMessagesBothWays) {
  Ref listener = main().make("Listener");
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_other_process, ChildConnectsToItsParent) {
  Actor& child = start_process();
  Ref listener = main().make("Listener");
  expect_connected(connect(main(), listener, child));
}

CLAUSE_TEST(listener_other_process, ChildConnectsToItsSibling) {
  Actor& server = start_process();
  Actor& client = start_process();
  Ref listener = server.make("Listener");
  expect_connected(connect(server, listener, client));
}

CLAUSE_TEST(listener_family_inet, ConnectsOverTcp) {
  Ref listener = made(main().make("Listener", of_family(kTcp)));
  EXPECT_TRUE(is_tcp(see(main().get(listener, "address"))));
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_family_unix, ConnectsOverAUnixSocket) {
  Ref listener = made(main().make("Listener", of_family(kUnix)));
  EXPECT_TRUE(is_text(see(main().get(listener, "address"))));
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_family_pipe, ConnectsOverANamedPipe) {
  Ref listener = made(main().make("Listener", of_family(kPipe)));
  EXPECT_TRUE(is_text(see(main().get(listener, "address"))));
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_family_pair, IsTcp) {
  Ref listener = made(main().make("Listener", local(0)));
  EXPECT_TRUE(is_tcp(see(main().get(listener, "address"))));
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_family_text, IsAUnixSocket) {
  Ref neighbour = main().make("Listener", of_family(kUnix));
  Ref listener = made(main().make("Listener", path_beside(main(), neighbour)));
  expect_connected(connect(main(), listener, start_process()));
  main().call(listener, "close");
}

CLAUSE_TEST(listener_family_backslashes, AreRefusedWhereThereAreNoPipes) {
  EXPECT_RAISES(main().make("Listener", "\\\\.\\pipe\\conformance"), "Exception");
}

CLAUSE_TEST(listener_family_unknown, IsRefusedByListener) {
  EXPECT_RAISES(main().make("Listener", of_family("AF_NONE")), "Exception");
}

CLAUSE_TEST(listener_family_unknown, IsRefusedByClient) {
  Ref listener = main().make("Listener");
  EXPECT_RAISES(main().make("Client", address_of(main(), listener), of_family("AF_NONE")), "Exception");
}

CLAUSE_TEST(listener_family_mismatch, PairIsNoPath) {
  EXPECT_RAISES(main().make("Listener", local(0), of_family(implementation().platform == "windows" ? kPipe : kUnix)),
                "Exception");
}

CLAUSE_TEST(listener_family_mismatch, TextIsNoPair) {
  EXPECT_RAISES(main().make("Listener", "conformance", of_family(kTcp)), "Exception");
}

CLAUSE_TEST(listener_family_default, IsOneThatClientsReach) {
  Ref listener = made(main().make("Listener"));
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_address_form, IsAPairOfTcp) {
  Ref listener = main().make("Listener", of_family(kTcp));
  EXPECT_TRUE(is_tcp(see(main().get(listener, "address"))));
}

CLAUSE_TEST(listener_address_form, IsATextOfWhatTheSystemChose) {
  Ref listener = main().make("Listener");
  const Value address = see(main().get(listener, "address"));
  EXPECT_TRUE(address.is<Tuple>() ? is_tcp(address) : is_text(address));
}

CLAUSE_TEST(listener_address_given, IsThePath) {
  Ref neighbour = main().make("Listener", of_family(kUnix));
  const Value path = path_beside(main(), neighbour);
  Ref listener = main().make("Listener", path);
  EXPECT_EQ(main().get(listener, "address"), path);
  main().call(listener, "close");
}

CLAUSE_TEST(listener_address_port_zero, TellsAnotherPort) {
  Ref listener = main().make("Listener", local(0));
  const Value address = see(main().get(listener, "address"));
  ASSERT_TRUE(is_tcp(address));
  EXPECT_GT(address.items()[1].integer(), 0);
}

CLAUSE_TEST(listener_backlog_default, ClientConnectsBeforeAccept) {
  Ref listener = main().make("Listener");
  Actor& child = start_process();
  Ref client = made(child.make("Client", address_of(main(), listener)));
  expect_connected({main(), made(main().call(listener, "accept")), child, client});
}

CLAUSE_TEST(listener_backlog_given, ThatManyConnectBeforeAccept) {
  constexpr int kClients = 5;
  Ref listener = main().make("Listener", Kwargs{{"backlog", kClients}});
  const Value address = address_of(main(), listener);
  Actor& child = start_process();
  std::vector<Ref> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(made(child.make("Client", address)));
  for (int i = 0; i < kClients; ++i) child.call(clients[i], "send", i);
  List numbers;
  for (int i = 0; i < kClients; ++i)
    numbers.items.push_back(see(main().call(made(main().call(listener, "accept")), "recv")));
  std::ranges::sort(numbers.items, [](const Value& a, const Value& b) { return a < b; });
  EXPECT_EQ(Value(numbers), Value(List{0, 1, 2, 3, 4}));
}

CLAUSE_TEST(listener_accept_waits, UntilAClientConnects) {
  Ref listener = main().make("Listener");
  const Value address = address_of(main(), listener);
  Actor& child = start_process();
  Pending accepting = main().begin(listener, "accept");
  EXPECT_BLOCKED(accepting);
  Ref client = made(child.make("Client", address));
  expect_connected({main(), made(accepting), child, client});
}

CLAUSE_TEST(listener_accept_several, GivesAConnectionToEach) {
  Ref listener = main().make("Listener");
  Actor& child = start_process();
  std::vector<Ends> all;
  for (int i = 0; i < 3; ++i) all.push_back(connect(main(), listener, child));
  for (const Ends& ends : all) expect_connected(ends);
}

CLAUSE_TEST(listener_accept_closed, Raises) {
  Ref listener = main().make("Listener");
  main().call(listener, "close");
  EXPECT_RAISES(main().call(listener, "accept"), "Exception");
}

CLAUSE_TEST(listener_last_accepted_none, BeforeTheFirst) {
  EXPECT_EQ(main().get(Ref(main().make("Listener")), "last_accepted"), None);
  EXPECT_EQ(main().get(Ref(main().make("Listener", of_family(kTcp))), "last_accepted"), None);
}

CLAUSE_TEST(listener_last_accepted_inet, IsThatOfTheLastClient) {
  Ref listener = main().make("Listener", local(0));
  const Value own = address_of(main(), listener);
  std::vector<Value> seen = {own};
  for (int i = 0; i < 3; ++i) {
    connect(main(), listener, start_process());
    const Value last = see(main().get(listener, "last_accepted"));
    ASSERT_TRUE(is_tcp(last));
    EXPECT_EQ(last.items()[0], Value("127.0.0.1"));
    for (const Value& earlier : seen) EXPECT_FALSE(last == earlier) << printed(last) << " is that of another";
    seen.push_back(last);
  }
}

CLAUSE_TEST(listener_close_refuses, ClientsOverTcp) {
  Ref listener = main().make("Listener", of_family(kTcp));
  const Value address = address_of(main(), listener);
  EXPECT_RETURNED(main().call(listener, "close"));
  EXPECT_RAISES(start_process().make("Client", address), "OSError");
}

CLAUSE_TEST(listener_close_refuses, ClientsOfTheDefaultFamily) {
  Ref listener = main().make("Listener");
  const Value address = address_of(main(), listener);
  EXPECT_RETURNED(main().call(listener, "close"));
  EXPECT_RAISES(start_process().make("Client", address), "OSError");
}

CLAUSE_TEST(listener_close_frees_address, ForAnotherListenerOverTcp) {
  Ref first = main().make("Listener", local(0));
  const Value address = address_of(main(), first);
  main().call(first, "close");
  Ref second = made(main().make("Listener", address));
  expect_connected(connect(main(), second, start_process()));
}

CLAUSE_TEST(listener_close_frees_address, ForAnotherListenerAtTheSameText) {
  Ref neighbour = main().make("Listener");
  const Value path = path_beside(main(), neighbour);
  main().call(Ref(main().make("Listener", path)), "close");
  Ref second = made(main().make("Listener", path));
  expect_connected(connect(main(), second, start_process()));
  main().call(second, "close");
}

CLAUSE_TEST(listener_close_connections_stay, BothWays) {
  Ref listener = main().make("Listener");
  const Ends ends = connect(main(), listener, start_process());
  main().call(listener, "close");
  expect_connected(ends);
}

CLAUSE_TEST(listener_close_dropped, NobodyConnects) {
  Ref listener = main().make("Listener");
  const Value address = address_of(main(), listener);
  main().drop(listener);
  EXPECT_RAISES(start_process().make("Client", address), "OSError");
}

CLAUSE_TEST(listener_close_twice, IsNoError) {
  Ref listener = main().make("Listener");
  main().call(listener, "close");
  EXPECT_RETURNED(main().call(listener, "close"));
}

CLAUSE_TEST(listener_context_enter, GivesItself) {
  Ref listener = main().make("Listener");
  EXPECT_EQ(main().call(listener, "__enter__"), listener);
  expect_connected(connect(main(), listener, start_process()));
}

CLAUSE_TEST(listener_context_exit, ClosesIt) {
  Ref listener = main().make("Listener");
  const Value address = address_of(main(), listener);
  main().call(listener, "__enter__");
  EXPECT_RETURNED(main().call(listener, "__exit__"));
  EXPECT_RAISES(start_process().make("Client", address), "OSError");
}

CLAUSE_TEST(listener_client_family, MayBeNamed) {
  Ref listener = main().make("Listener", of_family(kTcp));
  expect_connected(connect(main(), listener, start_process(), of_family(kTcp)));
}

CLAUSE_TEST(listener_client_nobody_listens, RaisesOverTcp) {
  EXPECT_RAISES(main().make("Client", abandoned_address(main(), kTcp)), "OSError");
}

CLAUSE_TEST(listener_client_nobody_listens, RaisesForAText) {
  Ref neighbour = main().make("Listener");
  EXPECT_RAISES(main().make("Client", path_beside(main(), neighbour)), "OSError");
}

}  // namespace mp::conformance
