// What goes beyond the documentation: nobody waits for ever for the dead.
#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

CLAUSE_TEST(connection_robust_cut_message, TheReceiverGetsAnError) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  kill_while_sending(child, there);
  EXPECT_RAISES(main().call(here, "recv"), "Exception");
}

// Asleep in the rest of the message when it happens: the first receive of a stream that ended there.
CLAUSE_TEST(connection_robust_cut_message, TheReceiverThatWaitsGetsAnError) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  await_blocked(child.begin(there, "send", large_item()));
  child.pause();
  const Pending receiving = main().begin(here, "recv");
  await_blocked(receiving);
  kill_and_await(child);
  EXPECT_RAISES(receiving, "Exception");
}

CLAUSE_TEST(connection_robust_cut_message, TheReceiverOfASimplexPipeGetsAnError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({writer});
  main().call(writer, "close");
  kill_while_sending(child, writer);
  EXPECT_RAISES(main().call(reader, "recv"), "Exception");
}

CLAUSE_TEST(connection_robust_dead_reader, TheSendEndsWithAnError) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(there, "close");
  const Pending sending = main().begin(here, "send", large_item());
  await_blocked(sending);
  kill_and_await(child);
  EXPECT_RAISES(sending, "Exception");
}

CLAUSE_TEST(connection_robust_dead_reader, TheSendIntoASimplexPipeEndsWithAnError) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  main().call(reader, "close");
  const Pending sending = main().begin(writer, "send", large_item());
  await_blocked(sending);
  kill_and_await(child);
  EXPECT_RAISES(sending, "Exception");
}

}  // namespace mp::conformance
