// What goes beyond the documentation: nobody waits for ever for a peer that is silent, dead or odd.
#include "conformance/suites/listener_moments.h"
#include "spec/clauses/listener.h"

namespace mp::conformance {
namespace {

const std::string kKey = "key";

}  // namespace

CLAUSE_TEST(listener_robust_silent_client, AnotherIsAccepted) {
  Ref listener = main().make("Listener", Kwargs{{"backlog", 4}, {"authkey", Bytes(kKey)}});
  connect_in_silence(start_process(), address_of(main(), listener));
  expect_next_is_accepted(main(), listener, start_process(), kKey);
}

CLAUSE_TEST(listener_robust_silent_client_alone, AcceptComesBack) {
  Ref listener = main().make("Listener", with_key(kKey));
  connect_in_silence(start_process(), address_of(main(), listener));
  EXPECT_CAME_BACK(main().call(listener, "accept"));
}

CLAUSE_TEST(listener_robust_garbage, RaisesAndAcceptsTheNext) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& odd = start_process();
  Ref client = connect_in_silence(odd, address_of(main(), listener));
  odd.call(client, "send_bytes", Bytes(10'000, 'x'));
  EXPECT_RAISES(main().call(listener, "accept"), "Exception");
  expect_next_is_accepted(main(), listener, start_process(), kKey);
}

CLAUSE_TEST(listener_robust_dead_client, TheNextIsAccepted) {
  Ref listener = main().make("Listener", Kwargs{{"backlog", 4}, {"authkey", Bytes(kKey)}});
  Actor& dead = start_process();
  await_blocked(dead.begin(Step::make("Client", address_of(main(), listener), with_key(kKey))));
  kill_and_await(dead);
  expect_next_is_accepted(main(), listener, start_process(), kKey);
}

CLAUSE_TEST(listener_robust_dead_listener, ClientRaises) {
  Actor& server = start_process();
  Ref listener = server.make("Listener");
  Pending calling = main().begin(Step::make("Client", address_of(server, listener), with_key(kKey)));
  server.call(listener, "accept");
  await_blocked(calling);
  kill_and_await(server);
  EXPECT_RAISES(calling, "Exception");
}

CLAUSE_TEST(listener_robust_key_on_client_only, ClientRaises) {
  Ref listener = main().make("Listener");
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key(kKey)));
  main().call(listener, "accept");
  EXPECT_RAISES(calling, "Exception");
}

CLAUSE_TEST(listener_robust_close_wakes_accept, AcceptEnds) {
  Ref listener = main().make("Listener");
  Pending accepting = main().thread("t1").begin(listener, "accept");
  await_blocked(accepting);
  main().call(listener, "close");
  EXPECT_CAME_BACK(accepting.reply());
}

}  // namespace mp::conformance
