#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/wait.h"

namespace mp::conformance {
namespace {

// A process that does nothing, and ends at once.
Ref short_process(Caller& caller) {
  Ref process = caller.make("Process", Kwargs{{"target", Function{"nothing"}}});
  caller.call(process, "start");
  return process;
}
Ref ended_process(Caller& caller) {
  Ref process = short_process(caller);
  caller.call(process, "join");
  return process;
}

Value sentinel_of(Caller& caller, Ref process) { return caller.get(process, "sentinel"); }

}  // namespace

CLAUSE_TEST(wait_data, IsReady) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call("wait", List{reader}), (List{reader}));
}

CLAUSE_TEST(wait_eof, IsReady) {
  auto [reader, writer] = main().make("Pipe").pair();
  main().call(writer, "close");
  EXPECT_EQ(main().call("wait", List{reader}), (List{reader}));
}

CLAUSE_TEST(wait_sentinel, IsReady) {
  const Value sentinel = sentinel_of(main(), ended_process(main()));
  EXPECT_EQ(main().call("wait", List{sentinel}), (List{sentinel}));
}

CLAUSE_TEST(wait_idle, IsNotReady) {
  auto [first, second] = main().make("Pipe").pair();
  EXPECT_EQ(main().call("wait", List{first, second}, 0), (List{}));
}

CLAUSE_TEST(wait_socket_data, IsReady) {
  auto [one, other] = main().make("socketpair").pair();
  main().call(other, "send", Bytes("x"));
  EXPECT_EQ(main().call("wait", List{one}), (List{one}));
}

CLAUSE_TEST(wait_socket_data, WakesWhoWaits) {
  auto [one, other] = main().make("socketpair").pair();
  Pending waiting = main().thread("waiter").begin("wait", List{one});
  EXPECT_BLOCKED(waiting);
  main().call(other, "send", Bytes("x"));
  EXPECT_RETURNED(waiting, (List{one}));
}

CLAUSE_TEST(wait_socket_closed_peer, IsReady) {
  auto [one, other] = main().make("socketpair").pair();
  main().call(other, "close");
  EXPECT_EQ(main().call("wait", List{one}), (List{one}));
}

CLAUSE_TEST(wait_socket_idle, IsNotReady) {
  auto [one, other] = main().make("socketpair").pair();
  EXPECT_EQ(main().call("wait", List{one, other}, 0), (List{}));
}

CLAUSE_TEST(wait_socket_mixed, TheSocketIsReady) {
  auto [one, other] = main().make("socketpair").pair();
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process();
  main().call(other, "send", Bytes("x"));
  EXPECT_EQ(main().call("wait", List{sentinel_of(main(), child.process()), one, reader}), (List{one}));
}

CLAUSE_TEST(wait_socket_mixed, TheOthersAreReady) {
  auto [one, other] = main().make("socketpair").pair();
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Value sentinel = sentinel_of(main(), short_process(main()));
  main().call("wait", List{sentinel});  // not join: whether a sentinel stays ready then is another clause
  main().call(writer, "send", 1);
  const Value ready = see(main().call("wait", List{sentinel, one, reader}));
  EXPECT_TRUE(ready == Value(List{sentinel, reader}) || ready == Value(List{reader, sentinel}));
}

CLAUSE_TEST(wait_socket_takes_nothing, TheDataIsStillThere) {
  auto [one, other] = main().make("socketpair").pair();
  main().call(other, "send", Bytes("message"));
  main().call("wait", List{one});
  ASSERT_RETURNED(main().call("wait", List{one}, 0), (List{one}));
  EXPECT_EQ(main().call(one, "recv", 100), Bytes("message"));
}

CLAUSE_TEST(wait_running, IsNotReady) {
  Actor& child = start_process();
  EXPECT_EQ(main().call("wait", List{sentinel_of(main(), child.process())}, 0), (List{}));
}

CLAUSE_TEST(wait_all_ready, ReturnsBoth) {
  auto [one, to_one] = main().make("Pipe", false).pair();
  auto [two, to_two] = main().make("Pipe", false).pair();
  main().call(to_one, "send", 1);
  main().call(to_two, "send", 2);
  const Value ready = see(main().call("wait", List{one, two}));
  EXPECT_TRUE(ready == Value(List{one, two}) || ready == Value(List{two, one}));
}

CLAUSE_TEST(wait_only_ready, LeavesOutTheOthers) {
  auto [one, to_one] = main().make("Pipe", false).pair();
  auto [two, to_two] = main().make("Pipe", false).pair();
  main().call(to_two, "send", 2);
  EXPECT_EQ(main().call("wait", List{one, two}), (List{two}));
}

CLAUSE_TEST(wait_mixed, TheConnectionIsReady) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process();
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call("wait", List{sentinel_of(main(), child.process()), reader}), (List{reader}));
}

CLAUSE_TEST(wait_mixed, TheSentinelIsReady) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  const Value sentinel = sentinel_of(main(), ended_process(main()));
  EXPECT_EQ(main().call("wait", List{reader, sentinel}), (List{sentinel}));
}

CLAUSE_TEST(wait_which_ended, GivesItsSentinel) {
  Actor& one = start_process();
  Actor& two = start_process();
  const Value first = sentinel_of(main(), one.process()), second = sentinel_of(main(), two.process());
  two.bye();
  EXPECT_EQ(main().call("wait", List{first, second}), (List{second}));
}

CLAUSE_TEST(wait_same_object, HasTheSameHandle) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call("wait", List{reader}), (List{reader}));
}

CLAUSE_TEST(wait_again, UntilItWasReceived) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", 1);
  main().call("wait", List{reader});
  EXPECT_EQ(main().call("wait", List{reader}, 0), (List{reader}));
  main().call(reader, "recv");
  EXPECT_EQ(main().call("wait", List{reader}, 0), (List{}));
}

CLAUSE_TEST(wait_takes_nothing, TheMessageIsStillThere) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(writer, "send", "message");
  main().call("wait", List{reader});
  EXPECT_EQ(main().call(reader, "poll"), true);
  EXPECT_EQ(main().call(reader, "recv"), "message");
}

CLAUSE_TEST(wait_blocks, UntilAMessageComes) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  Pending waiting = child.begin("wait", List{reader});
  EXPECT_BLOCKED(waiting);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(waiting, (List{reader}));
}

CLAUSE_TEST(wait_stopped, ItWaitsOn) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  const Pending waiting = child.begin("wait", List{reader});
  await_blocked(waiting);
  child.pause();
  child.resume();
  EXPECT_BLOCKED(waiting);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(waiting, (List{reader}));
}

CLAUSE_TEST(wait_timeout_none, WaitsForTheMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  Pending waiting = child.begin("wait", List{reader}, None);
  EXPECT_BLOCKED(waiting);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(waiting);
}

CLAUSE_TEST(wait_timeout_gives_nothing, WhenNothingComes) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_EQ(main().call("wait", List{reader}, 0.05), (List{}));
}

CLAUSE_TEST(wait_timeout_not_before, GivesUpNoEarlier) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_TOOK_AT_LEAST(main().call("wait", List{reader}, 0.15), 0.15);
}

CLAUSE_TEST(wait_timeout_within, GivesUpInTime) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Control control = begin_control(main(), 0.1);
  EXPECT_BOUNDED(main().call("wait", List{reader}, 0.1), control);
}

CLAUSE_TEST(wait_timeout_ready_in_time, ReturnsAtTheMessage) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  Actor& child = start_process({reader});
  Pending waiting = child.begin("wait", List{reader}, 1000.0);
  await_blocked(waiting);
  main().call(writer, "send", 1);
  EXPECT_RETURNED(waiting, (List{reader}));
}

CLAUSE_TEST(wait_timeout_zero, GivesWhatIsReady) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_EQ(main().call("wait", List{reader}, 0), (List{}));
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call("wait", List{reader}, 0), (List{reader}));
}

CLAUSE_TEST(wait_timeout_negative, GivesWhatIsReady) {
  auto [reader, writer] = main().make("Pipe", false).pair();
  EXPECT_EQ(main().call("wait", List{reader}, -1), (List{}));
  main().call(writer, "send", 1);
  EXPECT_EQ(main().call("wait", List{reader}, -1), (List{reader}));
}

CLAUSE_TEST(wait_robust_many, FindsTheLast) {
  Values readers;
  Ref last;
  for (int i = 0; i < 100; ++i) {
    auto [reader, writer] = main().make("Pipe", false).pair();
    readers.push_back(reader);
    last = writer;
  }
  main().call(last, "send", 1);
  EXPECT_EQ(main().call("wait", List::of(readers)), (List{readers.back()}));
}

}  // namespace mp::conformance
